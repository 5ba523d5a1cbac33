import { act, render, screen, waitFor } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { App } from "./app";
import { connect, makeStore } from "./store";
import { Scripted } from "./testing/scripted";
import { openWindow } from "./testing/window";
import { state } from "./testing/states";
import { faults } from "./testing/axe";

const heading = () => screen.getByRole("heading", { level: 1 }).textContent;

test("before the first observation the window says that it looks", async () => {
  await openWindow(null);
  screen.getByText("Looking at the gateway…");
  expect(await faults()).toEqual([]);
});

test("an event draws the new state", async () => {
  const { backend } = await openWindow(state("ready"));
  await act(async () => backend.draw(state("crash-loop")));
  expect(heading()).toContain("Gateway keeps crashing");
});

test("an event that comes before the answer is newer than it", async () => {
  const backend = new Scripted(state("ready"));
  const store = makeStore();
  backend.about = async () => {
    backend.draw(state("stopped"));
    return backend.aboutUs;
  };
  await connect(store, backend);
  expect(store.shown.value?.state.verdict).toBe("stopped");
});

test("what came with the page is drawn at once, and what is asked for later takes its place", async () => {
  const backend = new Scripted(state("stopped"));
  backend.brought = { about: { ...backend.aboutUs, page: "credentials" }, shown: state("ready") };
  const store = makeStore();
  const connected = connect(store, backend);
  expect(store.page.value).toBe("credentials");
  expect(store.shown.value?.state.verdict).toBe("ready");
  await connected;
  expect(store.page.value).toBe("credentials");
  expect(store.shown.value?.state.verdict).toBe("stopped");
});

test("nothing is asked before what came with the page stands there", async () => {
  const backend = new Scripted(state("stopped"));
  backend.brought = { about: backend.aboutUs, shown: state("ready") };
  const asked = vi.spyOn(backend, "snapshot");
  const store = makeStore();
  let stands = () => {};
  const connected = connect(store, backend, () => new Promise<void>((done) => (stands = done)));
  await Promise.resolve();
  expect(store.shown.value?.state.verdict).toBe("ready");
  expect(asked).not.toHaveBeenCalled();
  stands();
  await connected;
  expect(asked).toHaveBeenCalledOnce();
});

test("a page that is called for while the window is made is opened, whatever came with the page", async () => {
  const backend = new Scripted(state("not-installed"));
  backend.brought = { about: backend.aboutUs, shown: state("not-installed") };
  backend.aboutUs = { ...backend.aboutUs, page: "settings" };
  const store = makeStore();
  await connect(store, backend);
  expect(store.page.value).toBe("settings");
});

test("where the page brings that nothing is installed, the first page drawn is the setup", () => {
  const backend = new Scripted(state("not-installed"));
  backend.brought = { about: backend.aboutUs, shown: state("not-installed") };
  const store = makeStore();
  void connect(store, backend);
  expect(store.page.value).toBe("setup");
});

test("a page that is called for before the answer stays open", async () => {
  const backend = new Scripted(state("ready"));
  const store = makeStore();
  backend.about = async () => {
    backend.open("logs");
    return backend.aboutUs;
  };
  await connect(store, backend);
  expect(store.page.value).toBe("logs");
});

test("the history is asked again when any incident was stored, not only the newest", async () => {
  const shown = state("eventful");
  const told = (id: number) => {
    const incidents = shown.state.incidents.map((it, at) => (at === 1 ? { ...it, id } : it));
    return { ...shown, state: { ...shown.state, incidents } };
  };
  const { backend } = await openWindow(told(0), "history");
  const before = backend.days.length;
  await act(async () => backend.draw(told(8)));
  expect(backend.days.length).toBe(before + 1);
});

test("the program can open a page", async () => {
  const { backend } = await openWindow(state("ready"));
  await act(async () => backend.open("environment"));
  expect(heading()).toBe("Environment");
});

test("the first page is the one that was asked for", async () => {
  await openWindow(state("ready"), "environment");
  expect(heading()).toBe("Environment");
});

test("every page can be opened by keyboard alone", async () => {
  await openWindow(state("ready"));
  const user = userEvent.setup();
  await user.tab();
  expect(document.activeElement?.textContent).toBe("Skip to the page");
  await user.keyboard("{Tab}{Tab}{Tab}{Tab}{Enter}");
  expect(heading()).toBe("Environment");
  await waitFor(() => expect(document.activeElement?.id).toBe("page"));
});

test("Ctrl and a number open a page", async () => {
  await openWindow(state("ready"));
  const user = userEvent.setup();
  await user.keyboard("{Control>}2{/Control}");
  expect(heading()).toBe("Logs");
  await user.keyboard("{Control>}1{/Control}");
  expect(heading()).toContain("Gateway running");
});

test("a refused action is reached and explained by keyboard, and does nothing", async () => {
  const { backend } = await openWindow(state("ready"));
  const start = screen.getByRole("button", { name: "Start" });
  start.focus();
  expect(document.activeElement).toBe(start);
  await userEvent.setup().keyboard("{Enter}");
  expect(backend.asked).toEqual([]);
});

test("an action is asked for by keyboard", async () => {
  const { backend } = await openWindow(state("ready"));
  screen.getByRole("button", { name: "Restart" }).focus();
  await userEvent.setup().keyboard("{Enter}");
  expect(backend.asked).toEqual([{ ask: "act", action: { act: "restart" } }]);
});

test("what the program refuses is shown with its reason", async () => {
  const { backend } = await openWindow(state("ready"));
  backend.refusal = { code: "already-busy", values: {}, cause: null, hints: [] };
  await userEvent.setup().click(screen.getByRole("button", { name: "Restart" }));
  screen.getByText("Another action is under way.");
  await userEvent.setup().click(screen.getByRole("button", { name: "Dismiss" }));
  expect(screen.queryByRole("alert")).toBeNull();
});

test("a failure that is no problem value is still shown", async () => {
  const { backend } = await openWindow(state("ready"));
  backend.refusal = new Error("ipc broke");
  await userEvent.setup().click(screen.getByRole("button", { name: "Restart" }));
  screen.getByText("ipc broke");
});

test("a change of meaning is spoken, another wording of it is not", async () => {
  const { backend } = await openWindow(state("ready"));
  const spoken = () => document.querySelector(".shell > [role=status]")?.textContent;
  const reworded = state("ready");
  reworded.view.headline = "Gateway running · all is well";
  const before = spoken();
  await act(async () => backend.draw(reworded));
  expect(spoken()).toBe(before);
  await act(async () => backend.draw(state("gave-up")));
  expect(spoken()).toBe(state("gave-up").view.headline);
});

test("a program that does not answer is not shown as anything else", async () => {
  const backend = new Scripted(null);
  backend.snapshot = () => Promise.reject(new Error("no handler"));
  const store = makeStore();
  render(<App store={store} backend={backend} />);
  await act(() => connect(store, backend).then(() => {}));
  screen.getByRole("alert");
  screen.getByText("no handler");
});

test("a page that cannot be drawn leaves the others usable", async () => {
  const broken = state("ready");
  (broken.view as { facts: unknown }).facts = null;
  const { backend } = await openWindow(broken);
  screen.getByText("This page could not be drawn.");
  await act(async () => backend.open("logs"));
  expect(heading()).toBe("Logs");
});

test("without a tray the window says what closing it does", async () => {
  const { store } = await openWindow(state("ready"));
  await act(async () => {
    store.about.value = { ...store.about.value, tray: false };
  });
  screen.getByText(/Closing this window ends Gateward; the gateway keeps running/);
});

test("landmarks are named and single", async () => {
  await openWindow(state("ready"));
  screen.getByRole("main");
  screen.getByRole("navigation", { name: "Pages" });
  screen.getByRole("banner");
});
