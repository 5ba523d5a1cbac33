import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { emit } from "@tauri-apps/api/event";
import { afterEach, expect, test, vi } from "vitest";
import type { LogNews, Position } from "../bindings";
import { NO_FILTER } from "../logs/use-log";
import { line } from "../testing/scripted";
import { state } from "../testing/states";
import { tauri } from "./tauri";

afterEach(() => clearMocks());

test("a request is passed on as it is", async () => {
  const called = vi.fn((_command: string, _args: unknown) => null);
  mockIPC(called);
  await tauri.ask({ ask: "act", action: { act: "restart" } });
  expect(called.mock.calls[0]?.slice(0, 2)).toEqual(["ask", { request: { ask: "act", action: { act: "restart" } } }]);
});

test("the program’s problem arrives as a rejection", async () => {
  const problem = { code: "already-busy", values: {}, cause: null, hints: [] };
  mockIPC(() => Promise.reject(problem));
  await expect(tauri.ask({ ask: "observe" })).rejects.toEqual(problem);
});

test("a state event is drawn until listening stops", async () => {
  mockIPC(() => null, { shouldMockEvents: true });
  const draw = vi.fn();
  await tauri.onState(draw);
  await emit("state", state("ready"));
  expect(draw).toHaveBeenCalledWith(state("ready"));
});

test("log lines come through the channel until following stops", async () => {
  const asked: [string, unknown][] = [];
  let send: (news: LogNews) => void = () => {};
  const newer: Position = { files: [], journal: { mark: "end" } };
  mockIPC((command, args) => {
    asked.push([command, args]);
    if (command !== "follow_logs") return null;
    const { channel } = args as unknown as { channel: { onmessage: (news: LogNews) => void } };
    send = channel.onmessage;
    return 7;
  });
  const take = vi.fn();
  const stop = await tauri.followLogs(newer, NO_FILTER, take);
  send({ lines: [line("one")], newer });
  stop();
  stop();
  send({ lines: [line("late")], newer });
  expect(take).toHaveBeenCalledTimes(1);
  expect(asked.filter(([command]) => command === "stop_logs")).toEqual([["stop_logs", { id: 7 }]]);
});

test("what came with the page counts once: a page that is loaded again asks", () => {
  const opening = { about: { version: "", tray: true, locale: "en", page: null, setup_dismissed: true }, shown: state("ready") };
  window.gatewardOpening = opening;
  expect(tauri.opening()).toBe(opening);
  vi.spyOn(performance, "getEntriesByType").mockReturnValue([{ type: "reload" } as PerformanceNavigationTiming]);
  expect(tauri.opening()).toBeNull();
  delete window.gatewardOpening;
});
