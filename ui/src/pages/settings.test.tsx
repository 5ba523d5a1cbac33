import { act, fireEvent, render, screen, waitFor, within } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { Problem } from "../bindings";
import { cannedSettings } from "../demo/settings";
import { faults } from "../testing/axe";
import { Scripted } from "../testing/scripted";
import { state } from "../testing/states";
import { openWindow } from "../testing/window";
import { SettingsPage } from "./settings";

async function page(backend = new Scripted()) {
  render(<SettingsPage backend={backend} />);
  await screen.findByRole("heading", { level: 2, name: "Window" });
  return { backend, user: userEvent.setup() };
}

const unfit: Problem = {
  code: "bad-setting",
  values: { field: "notices.per_hour", reason: "unfit" },
  cause: "invalid digit found in string",
  hints: [{ code: "whole-number", command: null }],
};

test("the page has nothing that axe finds, before and after a refusal", async () => {
  const { backend } = await openWindow(state("ready"), "settings");
  const amount = (await screen.findAllByRole("textbox", { name: "At most" }))[0];
  expect(await faults()).toEqual([]);
  backend.refusal = unfit;
  await userEvent.setup().type(amount as HTMLElement, "x{Enter}");
  await screen.findByRole("alert");
  expect(await faults()).toEqual([]);
});

test("another profile's gateway is taken out of the tray's menu, and its own window opened", async () => {
  const { backend, user } = await page();
  await user.click(screen.getByRole("checkbox", { name: "work: in the tray’s menu" }));
  expect(backend.changed).toEqual([["profiles.work.in_menu", "false"]]);
  await user.click(screen.getByRole("button", { name: "Open work" }));
  expect(backend.asked).toEqual([{ ask: "of", profile: "work", request: { ask: "open", page: "overview" } }]);
});

test("settings can be read before the gateway was looked at", async () => {
  await openWindow(null, "settings");
  await screen.findByRole("checkbox", { name: "The gateway crashed" });
});

test("a switch is sent as it is turned", async () => {
  const { backend, user } = await page();
  await user.click(screen.getByRole("checkbox", { name: "The gateway crashed" }));
  expect(backend.changed).toEqual([["notices.crash", "false"]]);
});

test("a choice is sent as it is made", async () => {
  const { backend, user } = await page();
  await user.selectOptions(screen.getByRole("combobox", { name: "Theme" }), "Dark");
  expect(backend.changed).toEqual([["window.theme", "dark"]]);
});

test("what is typed is sent once, with Enter or on leaving", async () => {
  const { backend, user } = await page();
  const node = screen.getByRole("textbox", { name: "Node.js" });
  await user.type(node, "/opt/node{Enter}{Tab}");
  expect(backend.changed).toEqual([["programs.node", "/opt/node"]]);
  await user.type(screen.getByRole("textbox", { name: "OpenClaw" }), "/opt/oc{Tab}");
  expect(backend.changed.at(-1)).toEqual(["programs.openclaw", "/opt/oc"]);
});

test("Escape brings back what holds and sends nothing", async () => {
  const { backend, user } = await page();
  const hours = screen.getByRole<HTMLInputElement>("textbox", { name: "Quiet hours" });
  await user.type(hours, "x{Escape}{Tab}");
  expect(hours.value).toBe("22:00-07:00");
  expect(backend.changed).toEqual([]);
});

test("a refusal stands beside its field, with what would fit, and what was typed stays", async () => {
  const { backend, user } = await page();
  backend.refusal = unfit;
  const amount = screen.getByRole<HTMLInputElement>("textbox", { name: "At most" });
  await user.clear(amount);
  await user.type(amount, "many{Enter}");
  const alert = await screen.findByRole("alert");
  expect(alert.closest("[data-field]")?.getAttribute("data-field")).toBe("notices.per_hour");
  within(alert).getByText("Type a whole number, in digits only.");
  expect([amount.value, amount.getAttribute("aria-invalid")]).toEqual(["many", "true"]);
  expect(amount.getAttribute("aria-describedby")).toContain(alert.id);
});

test("a switch that is refused turns back", async () => {
  const { backend, user } = await page();
  backend.refusal = { ...unfit, code: "write-failed", values: { path: "/c/settings.json" }, hints: [] };
  const crash = screen.getByRole<HTMLInputElement>("checkbox", { name: "The gateway crashed" });
  await user.click(crash);
  await screen.findByText("/c/settings.json could not be written.");
  expect(crash.checked).toBe(true);
});

test("the last change is named and can be taken back", async () => {
  const { backend, user } = await page();
  expect(document.querySelector(".last-change [role=status]")?.textContent).toBe("Changed: It is well again");
  await user.click(screen.getByRole("button", { name: "Undo" }));
  expect(backend.changed).toEqual([["undo", ""]]);
});

test("what is not as usual says what that was, and goes back to it", async () => {
  const { backend, user } = await page();
  await user.click(screen.getByRole("button", { name: "Reset “Quiet hours” to its default" }));
  expect(backend.changed).toEqual([["notices.quiet_hours", ""]]);
});

test("what somebody else changes is drawn at once, but not over what is being typed", async () => {
  const { backend } = await page();
  const node = screen.getByRole<HTMLInputElement>("textbox", { name: "Node.js" });
  fireEvent.input(node, { target: { value: "/half" } });
  const changed = cannedSettings("usual");
  const hours = changed.sections.flatMap((it) => it.fields).find((it) => it.field === "notices.quiet_hours");
  if (hours?.control.control === "text") hours.control.value = "23:00-06:00";
  await act(async () => backend.redraw(changed));
  expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Quiet hours" }).value).toBe("23:00-06:00");
  expect(node.value).toBe("/half");
});

test("a file that cannot be used says where and what to do", async () => {
  const backend = new Scripted();
  backend.kept = cannedSettings("unusable");
  render(<SettingsPage backend={backend} />);
  await screen.findByText(/settings.json cannot be used: notices.per_hour/);
  screen.getByText(/Correct that field in an editor/);
  expect(screen.queryByRole("checkbox", { name: "The gateway crashed" })).toBeNull();
});

test("starting at login shows its true state and asks for the opposite", async () => {
  const { backend, user } = await page();
  const login = screen.getByRole<HTMLInputElement>("checkbox", { name: "Start Gateward at login" });
  expect(login.checked).toBe(true);
  await user.click(login);
  expect(backend.asked).toEqual([{ ask: "start-at-login", on: false }]);
});

test("where starting at login cannot be known it is not offered", async () => {
  const backend = new Scripted();
  backend.kept.starts_at_login = null;
  await page(backend);
  expect(screen.queryByRole("checkbox", { name: "Start Gateward at login" })).toBeNull();
});

test("Ctrl and comma open the settings", async () => {
  await openWindow(state("ready"));
  await userEvent.setup().keyboard("{Control>},{/Control}");
  await waitFor(() => expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Settings"));
});
