import { act, render, screen } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

beforeEach(() => {
  vi.useFakeTimers();
  vi.resetModules();
});

afterEach(() => {
  vi.useRealTimers();
});

test("what waits for a frame is called once, after it", async () => {
  const { afterFrame } = await import("./frame");
  const order: string[] = [];
  afterFrame(() => order.push("after"));
  requestAnimationFrame(() => order.push("frame"));
  await vi.advanceTimersByTimeAsync(2_000);
  expect(order).toEqual(["frame", "after"]);
});

test("in a window that nobody sees it is called without one", async () => {
  const { afterFrame } = await import("./frame");
  vi.stubGlobal("requestAnimationFrame", () => 0);
  const then = vi.fn();
  afterFrame(then);
  await vi.advanceTimersByTimeAsync(400);
  expect(then).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(200);
  expect(then).toHaveBeenCalledOnce();
  vi.unstubAllGlobals();
});

test("only the first thing that is drawn waits for the window to be painted", async () => {
  const { usePainted } = await import("./frame");
  const drawn: boolean[] = [];
  function Probe() {
    const painted = usePainted();
    drawn.push(painted);
    return <p>{painted ? "whole" : "first"}</p>;
  }
  render(<Probe />);
  await act(async () => void (await vi.advanceTimersByTimeAsync(600)));
  expect(screen.getByText("whole")).toBeTruthy();
  expect(drawn).toEqual([false, true]);
  drawn.length = 0;
  render(<Probe />);
  expect(drawn).toEqual([true]);
});

test("the overview is whole at once in a window that has stood with another page", async () => {
  vi.useRealTimers();
  const { openWindow } = await import("./testing/window");
  const { state } = await import("./testing/states");
  const { store } = await openWindow(state("ready"), "settings");
  await screen.findByRole("heading", { name: "Settings" });
  await act(async () => void (await new Promise((done) => setTimeout(done, 100))));
  store.page.value = "overview";
  // Drawn, but no frame has come: not in `act`, which would run the effects.
  await new Promise((done) => setTimeout(done));
  expect(document.querySelector("#facts")).not.toBeNull();
  expect(document.querySelector("#incidents")).not.toBeNull();
});
