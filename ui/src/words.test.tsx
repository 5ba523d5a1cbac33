import { act, screen } from "@testing-library/preact";
import { expect, test } from "vitest";
import { faults } from "./testing/axe";
import { names, state } from "./testing/states";
import { openWindow } from "./testing/window";
import { ago, bytes, moment, span } from "./time";
import { say, speak } from "./words";

const CHINESE = { version: "0.1.0", tray: true, locale: "zh-CN", page: "overview", setup_dismissed: false } as const;

test("another language is spoken at once, on every page", async () => {
  const { backend } = await openWindow(state("ready"));
  await act(async () => backend.retell(CHINESE));
  screen.getByRole("button", { name: "立即检查" });
  expect(document.documentElement.lang).toBe("zh-CN");
  await act(async () => backend.open("logs"));
  screen.getByRole("heading", { level: 1, name: "日志" });
});

test.each(["overview", "logs", "history", "environment", "credentials", "settings"] as const)(
  "the page %s has nothing in Chinese that axe finds",
  async (page) => {
    const { backend } = await openWindow(state("eventful"), page);
    await act(async () => backend.retell(CHINESE));
    expect(await faults()).toEqual([]);
  },
);

test.each(names)("the state %s leaves no word of the page in English", async (name) => {
  const { backend } = await openWindow(state(name));
  await act(async () => backend.retell(CHINESE));
  const buttons = screen.queryAllByRole("button").map((it) => it.textContent ?? "");
  // The program sends these in its language with the next state.
  const sent = new Set(state(name).view.actions.map((it) => it.label));
  expect(buttons.filter((text) => /^[a-z ]+$/i.test(text) && !sent.has(text))).toEqual([]);
});

test("amounts, dates and spans are written as the locale does", () => {
  speak("zh-CN");
  expect(say("window-logs-count-all", { kept: 1200 })).toBe("已载入 1,200 行");
  expect(say("window-history-days", { n: 1 })).toBe("1 天");
  expect(span(3723, "zh-CN")).toBe("1小时 2分钟");
  expect(ago("2026-11-22T11:00:00Z", Date.parse("2026-11-22T12:00:00Z"), "zh-CN")).toBe("1小时前");
  expect(moment("2026-11-22T12:00:00Z", "zh-CN")).toMatch(/^2026年11月22日/);
  expect(bytes(1_234_567, "de")).toBe("1,2 MB");
});

test("a locale that we do not speak is answered in English", () => {
  speak("de-DE");
  expect(say("window-page-logs")).toBe("Logs");
});
