import { act, screen, waitFor, within } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { SetupView } from "../bindings";
import { cannedSetup } from "../demo/setup";
import { told } from "../setup/use-setup";
import { ask } from "../store";
import { faults } from "../testing/axe";
import { state } from "../testing/states";
import { openWindow } from "../testing/window";

/** The page with `wizard` on it. */
async function opened(wizard: SetupView) {
  const window = await openWindow(state("ready"));
  window.backend.wizard = wizard;
  await act(async () => window.backend.open("setup"));
  await screen.findByRole("list", { name: "Steps" });
  return window;
}

const step = (title: string) => screen.getByRole("heading", { name: title }).closest("li") as HTMLElement;

test("it opens by itself where nothing is installed", async () => {
  const wizard = { ...cannedSetup("bare"), dismissed: false };
  const { store } = await openWindow(state("not-installed"), "overview", wizard);
  await waitFor(() => expect(store.page.value).toBe("setup"));
});

test("it stays away where somebody has put it off, or a gateway is there", async () => {
  const off = { ...cannedSetup("bare"), dismissed: true };
  const { store } = await openWindow(state("not-installed"), "overview", off);
  const installed = await openWindow(state("stopped"), "overview", cannedSetup("bare"));
  await act(async () => {});
  expect([store.page.value, installed.store.page.value]).toEqual(["overview", "overview"]);
});

test("it stays away from who has asked for something meanwhile", async () => {
  const { store, backend } = await openWindow(null, "overview", cannedSetup("bare"));
  await ask(store, backend, { ask: "act", action: { act: "install" } });
  await act(async () => backend.draw(state("not-installed")));
  expect(store.page.value).toBe("overview");
});

test("the step to take next is open, the others are folded", async () => {
  await opened(cannedSetup("bare"));
  const current = step("Node.js and OpenClaw");
  expect(current.getAttribute("aria-current")).toBe("step");
  expect(current.querySelector("details")?.open).toBe(true);
  expect(step("Port").querySelector("details")?.open).toBe(false);
  within(current).getByText("OpenClaw was not found.");
  expect(await faults()).toEqual([]);
});

test("the command is shown before it is run, and by keyboard alone it is", async () => {
  const { backend } = await opened(cannedSetup("bare"));
  within(step("Node.js and OpenClaw")).getByText("npm install -g openclaw@latest --loglevel=http");
  screen.getByRole("button", { name: "Install OpenClaw with npm" }).focus();
  await userEvent.keyboard("{Enter}");
  expect(backend.done).toEqual([{ do: "fetch", with: "npm" }]);
});

test("what it says while it works is shown, and a second press does nothing", async () => {
  const { backend } = await opened(cannedSetup("bare"));
  let finish: (view: SetupView) => void = () => {};
  backend.doing = new Promise((done) => (finish = done));
  const button = screen.getByRole("button", { name: "Install OpenClaw with npm" });
  await userEvent.click(button);
  await userEvent.click(button);
  await act(async () => backend.newsOf({ line: "npm http fetch GET 200", replaces: false }));
  expect(screen.getByRole("log").textContent).toContain("npm http fetch GET 200");
  expect(screen.getByText("Working…").getAttribute("role")).toBe("status");
  expect(await faults()).toEqual([]);
  await act(async () => finish(cannedSetup("planned")));
  expect(backend.done).toHaveLength(1);
});

test("when a step is done the keyboard goes on at the next one", async () => {
  const { backend } = await opened(cannedSetup("bare"));
  backend.wizard = cannedSetup("planned");
  await userEvent.click(screen.getByRole("button", { name: "Use the built-in demo gateway" }));
  const next = step("What will be written");
  await waitFor(() => expect(next.querySelector("summary")).toBe(document.activeElement));
});

test("what will be written is shown as a difference that can be reached by keyboard", async () => {
  await opened(cannedSetup("planned"));
  const plan = step("What will be written");
  expect(plan.querySelector("[data-change=in]")?.textContent).toContain("+ExecStart=/new");
  expect(plan.querySelector(".diff")?.getAttribute("tabindex")).toBe("0");
  expect(await faults()).toEqual([]);
});

test("a failure stands at its step with cause and fix, and can be tried again", async () => {
  const { backend } = await opened(cannedSetup("stuck"));
  const failed = step("Installation");
  within(failed).getByText("Error: Cannot find module 'x'");
  within(failed).getByText("gateward logs");
  await userEvent.click(within(failed).getByRole("button", { name: "Install now" }));
  expect(backend.done).toEqual([{ do: "install" }]);
});

test("when everything is done it says so and leads to the overview", async () => {
  const { backend } = await opened(cannedSetup("finished"));
  screen.getByText("The gateway is set up. Nothing is left to do.");
  await userEvent.click(screen.getByRole("button", { name: "Open the overview" }));
  expect(backend.asked).toEqual([{ ask: "open", page: "overview" }]);
});

test("a wizard that cannot be had says why", async () => {
  const window = await openWindow(state("ready"));
  window.backend.setup = async () => {
    throw { code: "no-home", values: {}, cause: null, hints: [] };
  };
  await act(async () => window.backend.open("setup"));
  await screen.findByText(/Neither HOME nor USERPROFILE/);
});

test("a clock's line stands for the one before it", () => {
  const news = (line: string, replaces: boolean) => ({ line, replaces });
  const lines = [news("step", false), news("1 s", true), news("2 s", true), news("done", false)];
  expect(lines.reduce<string[]>(told, [])).toEqual(["step", "… 2 s", "done"]);
});
