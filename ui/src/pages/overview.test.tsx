import { act, fireEvent, render, screen, waitFor, within } from "@testing-library/preact";
import { describe, expect, test, vi } from "vitest";
import type { About, Request, Shown } from "../bindings";
import { faults } from "../testing/axe";
import { Scripted } from "../testing/scripted";
import { openWindow } from "../testing/window";
import { names, state } from "../testing/states";
import { path } from "../parts/pulse";
import { OverviewPage } from "./overview";

const about: About = { version: "0.1.0", tray: true, locale: "en-GB", page: "overview", setup_dismissed: false };

function draw(shown: Shown, request: (request: Request) => void = () => {}) {
  const rest = { backend: new Scripted(shown), refusal: null, forget: () => {}, readLog: () => {} };
  return render(<OverviewPage shown={shown} about={about} request={request} {...rest} />);
}

describe.each(names)("%s", (name) => {
  test("is headed by the headline that the tray shows", () => {
    const shown = state(name);
    draw(shown);
    expect(screen.getByRole("heading", { level: 1 }).textContent).toContain(shown.view.headline);
  });

  test("shows four facts with value, source and age", () => {
    const shown = state(name);
    draw(shown);
    const cards = document.querySelectorAll("[data-fact]");
    expect(cards).toHaveLength(4);
    shown.view.facts.forEach((fact, index) => {
      expect(cards[index]?.textContent).toContain(fact.value);
      expect(cards[index]?.textContent).toContain(fact.source);
      expect(cards[index]?.querySelector("time")?.dateTime).toBe(fact.read_at);
    });
  });

  test("marks one broken link exactly when a fact is broken", () => {
    const shown = state(name);
    draw(shown);
    const broken = shown.view.facts.some((fact) => fact.standing === "broken");
    expect(document.querySelectorAll("[data-link=broken]")).toHaveLength(broken ? 1 : 0);
  });

  test("asks for what can be asked and explains the rest", () => {
    const shown = state(name);
    const request = vi.fn();
    draw(shown, request);
    for (const it of shown.view.actions) {
      request.mockClear();
      const button = screen.getByRole("button", { name: it.label });
      fireEvent.click(button);
      expect(request.mock.calls).toEqual(it.reason ? [] : [[{ ask: "act", action: it.action }]]);
      const reason = document.getElementById(button.getAttribute("aria-describedby") ?? "");
      expect(reason?.textContent ?? null).toBe(it.reason);
    }
  });

  test("has nothing that axe finds", async () => {
    await openWindow(state(name));
    expect(await faults()).toEqual([]);
  });
});

test("the dashboard is offered only while the gateway answers", () => {
  const request = vi.fn();
  const { unmount } = draw(state("ready"), request);
  fireEvent.click(screen.getByRole("button", { name: "Open dashboard" }));
  expect(request).toHaveBeenCalledWith({ ask: "dashboard" });
  unmount();
  draw(state("stopped"));
  expect(screen.queryByRole("button", { name: "Open dashboard" })).toBeNull();
});

test("the action under way turns", () => {
  draw(state("busy"));
  expect(screen.getByRole("button", { name: "Restart" }).dataset["working"]).toBe("true");
  expect(screen.getByRole("button", { name: "Stop" }).dataset["working"]).toBeUndefined();
});

test("a problem tells what, why and what next, and can be dismissed", () => {
  const request = vi.fn();
  draw(state("troubled"), request);
  const card = within(screen.getByRole("alert"));
  card.getByText("Step 3 of 4 failed: systemctl --user enable openclaw-gateway.service");
  card.getByText("Failed to connect to bus: No medium found");
  card.getByText("gateward logs --lines 50");
  fireEvent.click(card.getByRole("button", { name: "Dismiss" }));
  expect(request).toHaveBeenCalledWith({ ask: "dismiss-problem" });
});

test("a hint’s command is copied as it stands", async () => {
  const writeText = vi.fn().mockResolvedValue(undefined);
  vi.stubGlobal("navigator", { ...navigator, language: "en", clipboard: { writeText } });
  draw(state("troubled"));
  fireEvent.click(screen.getByRole("button", { name: "Copy: gateward logs --lines 50" }));
  await screen.findAllByText("Copied");
  expect(writeText).toHaveBeenCalledWith("gateward logs --lines 50");
  vi.unstubAllGlobals();
});

test("a copy that fails says so", async () => {
  const writeText = vi.fn().mockRejectedValue(new Error("no"));
  vi.stubGlobal("navigator", { ...navigator, language: "en", clipboard: { writeText } });
  draw(state("troubled"));
  fireEvent.click(screen.getByRole("button", { name: /^Copy: / }));
  await screen.findAllByText("Could not be copied");
  vi.unstubAllGlobals();
});

test("nothing having happened is said in words", () => {
  draw(state("ready"));
  screen.getByText("Nothing has happened yet");
});

test("the last words of a crash are text and never markup", () => {
  draw(state("eventful"));
  const words = document.querySelector("[data-kind=crash] pre");
  expect(words?.textContent).toContain("<img src=x onerror=alert(1)>");
  expect(document.querySelector("img")).toBeNull();
});

test("an incident shows its moment as well as its age", () => {
  draw(state("eventful"));
  const times = document.querySelectorAll("[data-kind=crash] time");
  expect(times).toHaveLength(2);
  expect(times[1]?.textContent).toMatch(/2026/);
});

test("ports and process numbers are not grouped like amounts", () => {
  draw(state("eventful"));
  expect(document.body.textContent).toContain("process 47001");
  expect(document.body.textContent).not.toMatch(/47,001|18,789/);
});

describe("a stop under way", () => {
  test("says what is waited for and can be ended at once", () => {
    const shown = state("stopping");
    const request = vi.fn();
    draw(shown, request);
    const drain = screen.getByRole("group", { name: "Stop under way" });
    expect(drain.textContent).toContain(shown.view.drain?.awaits[0]);
    fireEvent.click(within(drain).getByRole("button"));
    expect(request.mock.calls).toEqual([[{ ask: "force-stop" }]]);
  });

  test("is not shown while nothing stops", () => {
    draw(state("ready"));
    expect(screen.queryByRole("group", { name: "Stop under way" })).toBeNull();
  });
});

test("what will happen at logout, login and reboot is said with how it is known", () => {
  const shown = state("ready");
  draw(shown);
  const told = screen.getByRole("region", { name: "What will happen" }).textContent ?? "";
  expect(shown.view.prospects).toHaveLength(3);
  for (const it of shown.view.prospects) {
    expect(told).toContain(it.occasion);
    expect(told).toContain(it.becomes);
    expect(told).toContain(it.because);
  }
});

const beat = (second: number, pid: number, cpu: number | null) => ({
  at: new Date(Date.UTC(2026, 10, 22, 12, 0, second)).toISOString(),
  pid,
  cpu_percent: cpu,
  memory_bytes: 182_000_000,
  latency_ms: 4,
});

test("what the gateway uses is drawn as it is measured", async () => {
  const { backend } = await openWindow(state("ready"));
  await waitFor(() => expect(backend.looks).toBe(true));
  act(() => backend.beat({ beats: [beat(0, 7, null), beat(2, 7, 12.5)] }));
  screen.getByRole("img", { name: "Processor: 12.5% now, at most 12.5% in the last minutes" });
  screen.getByRole("img", { name: /^Memory: 182 MB now/ });
  screen.getByRole("img", { name: /^Answer: 4 ms now/ });
});

test("it is measured closely only while the page is seen", async () => {
  const { backend, store } = await openWindow(state("ready"));
  await waitFor(() => expect(backend.looks).toBe(true));
  act(() => {
    store.page.value = "history";
  });
  await waitFor(() => expect(backend.looks).toBe(false));
});

test("a line is not drawn from one process to the next", () => {
  const beats = [beat(0, 7, 1), beat(2, 7, 2), beat(4, 8, 3), beat(6, 8, null), beat(8, 8, 4)];
  const drawn = path(beats, (it) => it.cpu_percent, 10);
  expect(drawn.replaceAll(/[^ML]/g, "")).toBe("MLMM");
});

test("a gateway that does not run has no pulse", async () => {
  await openWindow(state("stopped"));
  expect(screen.queryByRole("heading", { name: "At the moment" })).toBeNull();
});
