import { fireEvent, render, screen, waitFor, within } from "@testing-library/preact";
import { describe, expect, test } from "vitest";
import type { Shown } from "../bindings";
import { faults } from "../testing/axe";
import { Scripted } from "../testing/scripted";
import { openWindow } from "../testing/window";
import { names, state } from "../testing/states";
import { EnvironmentPage } from "./environment";

const page = (shown: Shown, backend: Scripted) => (
  <EnvironmentPage shown={shown} backend={backend} locale="en-GB" dismiss={() => {}} />
);

function draw(shown: Shown, backend = new Scripted(shown)) {
  render(page(shown, backend));
  return backend;
}

/** The table is there once the program has compared. */
const row = (name: RegExp) => screen.findByRole("row", { name });

const press = async (name: string | RegExp) => fireEvent.click(await screen.findByRole("button", { name }));

describe.each(names)("%s", (name) => {
  test("is drawn", () => {
    draw(state(name));
    expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Environment");
  });
});

test.each(["ready", "not-installed"])("%s has nothing that axe finds", async (name) => {
  await openWindow(state(name), "environment");
  screen.getByRole("heading", { level: 1, name: "Environment" });
  expect(await faults()).toEqual([]);
});

test("nothing that axe finds while something is being changed", async () => {
  await openWindow(state("ready"), "environment");
  await press(/^Take GROQ_API_KEY/);
  await press("Show what would be done");
  await screen.findByRole("heading", { name: "What would be done" });
  expect(await faults()).toEqual([]);
});

test("each variable is shown with its value and where it stands", async () => {
  draw(state("ready"));
  const proxy = await row(/HTTPS_PROXY/);
  expect(proxy.textContent).toContain("http://proxy.example:3128");
  expect(proxy.textContent).toContain("10-proxy.conf");
  expect((await row(/^HOME/)).textContent).toContain("in the definition");
});

test("a secret shows dots and a fingerprint, and its field begins empty", async () => {
  draw(state("ready"));
  const token = await row(/OPENCLAW_GATEWAY_TOKEN/);
  expect(token.textContent).toContain("••••••");
  expect(token.textContent).toContain("only its fingerprint is shown");
  fireEvent.click(within(token).getByRole("button", { name: /^Change/ }));
  const field = within(token).getByLabelText("Change OPENCLAW_GATEWAY_TOKEN") as HTMLInputElement;
  expect([field.type, field.value]).toEqual(["password", ""]);
});

test("what is missing says so, and can be taken from this session without its value being seen", async () => {
  const backend = draw(state("ready"));
  expect((await row(/GROQ_API_KEY/)).textContent).toContain("Missing");
  await press(/^Take GROQ_API_KEY/);
  await press("Show what would be done");
  await waitFor(() => expect(backend.previewed).toEqual([[{ edit: "from-session", name: "GROQ_API_KEY" }]]));
});

test("only what was previewed can be applied, and it is asked for as it stands", async () => {
  const backend = draw(state("ready"));
  await noteLogLevel();
  expect(screen.queryByRole("button", { name: "Apply and restart" })).toBeNull();
  await press("Show what would be done");
  await press("Apply and restart");
  const edits = [{ edit: "set", name: "LOG_LEVEL", value: "debug" }];
  await waitFor(() => expect(backend.asked).toEqual([{ ask: "act", action: { act: "alter", edits } }]));
});

const noteLogLevel = async () => {
  fireEvent.input(await screen.findByLabelText("Name"), { target: { value: "LOG_LEVEL" } });
  fireEvent.input(screen.getByLabelText("Value"), { target: { value: "debug" } });
  await press("Add a variable");
};

const altering = (shown: Shown): Shown => ({
  ...shown,
  state: { ...shown.state, busy: { action: { act: "alter", edits: [] }, since: "2026-11-22T12:00:00Z", step: null } as never },
});

test.each([
  ["is gone once it is done", null, 0],
  ["is still there when that has failed", { code: "others-turn", values: {}, cause: null, hints: [] }, 1],
] as const)("what was typed %s", async (_, problem, left) => {
  const shown = state("ready");
  const backend = new Scripted(shown);
  const { rerender } = render(page(shown, backend));
  await noteLogLevel();
  await press("Show what would be done");
  await press("Apply and restart");
  await waitFor(() => expect(backend.asked).toHaveLength(1));
  rerender(page(altering(shown), backend));
  screen.getByRole("heading", { name: /not applied yet/ });
  rerender(page({ ...shown, state: { ...shown.state, problem: problem as never } }, backend));
  await waitFor(() => expect(screen.queryAllByRole("heading", { name: /not applied yet/ })).toHaveLength(left));
});

test("what was typed is still there when somebody else has changed the definition", async () => {
  const shown = state("ready");
  const registered = shown.state.observation.registered.value;
  if (registered.status !== "present") throw new Error("no definition");
  const other = structuredClone(shown);
  other.state.observation.registered.value = { ...registered, working_dir: "/somewhere/else" };
  const backend = new Scripted(shown);
  const { rerender } = render(page(shown, backend));
  await noteLogLevel();
  rerender(page(other, backend));
  await waitFor(() => expect(document.body.textContent).toContain("/somewhere/else"));
  screen.getByRole("heading", { name: /not applied yet/ });
});

test("of two edits of the same variable the later one counts, and each can be left out", async () => {
  const backend = draw(state("ready"));
  const add = async (value: string) => {
    fireEvent.input(await screen.findByLabelText("Name"), { target: { value: "X" } });
    fireEvent.input(screen.getByLabelText("Value"), { target: { value } });
    await press("Add a variable");
  };
  await add("1");
  await add("2");
  await press("Show what would be done");
  await waitFor(() => expect(backend.previewed).toEqual([[{ edit: "set", name: "X", value: "2" }]]));
  await press(/^Leave out/);
  expect(screen.queryByRole("button", { name: "Show what would be done" })).toBeNull();
});

test.each(["DATABASE_URL", "MY_API_KEY", "my_token", "SENTRY_DSN"])("a typed %s is hidden while it is typed and when it is noted", async (secret) => {
  draw(state("ready"));
  const name = await screen.findByLabelText("Name");
  const value = screen.getByLabelText("Value") as HTMLInputElement;
  expect(value.type).toBe("text");
  fireEvent.input(name, { target: { value: secret } });
  fireEvent.input(value, { target: { value: "postgres://me:hunter2@db/x" } });
  expect((screen.getByLabelText("Value") as HTMLInputElement).type).toBe("password");
  await press("Add a variable");
  await screen.findByText(new RegExp(`${secret}.*••••••`));
  expect(document.body.textContent).not.toContain("hunter2");
});

test("a name that only looks like a secret's is shown", async () => {
  draw(state("ready"));
  fireEvent.input(await screen.findByLabelText("Name"), { target: { value: "KEYBOARD" } });
  expect((screen.getByLabelText("Value") as HTMLInputElement).type).toBe("text");
});

test("a refused edit says why and stays to be corrected", async () => {
  const backend = draw(state("ready"));
  backend.refusal = { code: "bad-working-dir", values: { path: "/none", reason: "missing" }, cause: null, hints: [] };
  await press("Change the working folder");
  const field = screen.getByLabelText("Change Working folder");
  fireEvent.input(field, { target: { value: "/none" } });
  fireEvent.submit(field);
  await press("Show what would be done");
  await screen.findByRole("alert");
  screen.getByText("The working folder becomes /none");
});

test("the last change can be taken back", async () => {
  const backend = draw(state("ready"));
  await press("Undo the last change");
  await waitFor(() => expect(backend.asked).toEqual([{ ask: "act", action: { act: "take-back", change: 12 } }]));
});

test("a path that will not outlive an update says so, and another one is offered", async () => {
  const backend = draw(state("ready"));
  await screen.findByText(/belongs to a version manager/);
  await press("Use /usr/bin/node");
  await press("Show what would be done");
  await waitFor(() => expect(backend.previewed).toEqual([[{ edit: "node", path: "/usr/bin/node" }]]));
});

test("a definition that cannot be changed says why and offers nothing", async () => {
  const shown = state("ready");
  const backend = new Scripted(shown);
  backend.given.refusal = { code: "secret-in-command", values: {}, cause: null, hints: [] };
  draw(shown, backend);
  await screen.findByText(/command holds a secret/);
  expect(screen.queryByRole("button", { name: /^Change/ })).toBeNull();
});

test("only what has a note is shown on request", async () => {
  draw(state("ready"));
  await row(/^HOME/);
  fireEvent.click(screen.getByLabelText("Only those with a note"));
  expect(screen.queryByRole("row", { name: /^HOME/ })).toBeNull();
  await row(/GROQ_API_KEY/);
});

test("an argument with spaces stays one argument", async () => {
  const shown = state("ready");
  const backend = new Scripted(shown);
  backend.given.command = ["/opt/my node/node", "", "--a b"].map((text) => ({ text, warning: null }));
  draw(shown, backend);
  const argv = () => [...document.querySelectorAll(".argv li")].map((it) => it.textContent);
  await waitFor(() => expect(argv()).toEqual(["/opt/my node/node", "", "--a b"]));
});

test("without a service the page says what would be here", () => {
  draw(state("not-installed"));
  screen.getByText(/No service is installed/);
});

test("a definition that cannot be read says why", () => {
  const shown = state("ready");
  const why = { code: "unit-unreadable", values: { path: "/x.service" }, cause: "Permission denied", hints: [] } as const;
  shown.state.observation.registered.value = { status: "unknown", file: "/x.service", why: { ...why, hints: [] } };
  draw(shown);
  screen.getByText("/x.service could not be read.");
  screen.getByText("Permission denied");
});

test("a value and a difference that look like markup are text", async () => {
  const shown = state("ready");
  const backend = new Scripted(shown);
  const evil = "<img src=x onerror=alert(1)>";
  const [first] = backend.given.rows;
  if (first) first.row.service = evil;
  backend.planned = { steps: [{ sentence: evil, difference: `+${evil}` }] };
  draw(shown, backend);
  await screen.findByText(evil);
  await press(/^Take GROQ_API_KEY/);
  await press("Show what would be done");
  await waitFor(() => expect(screen.getAllByText(new RegExp(evil.replaceAll(/[()]/g, "\\$&")))).toHaveLength(3));
  expect(document.querySelector("img")).toBeNull();
});
