import { fireEvent, render, screen, within } from "@testing-library/preact";
import { expect, test, vi } from "vitest";
import { faults } from "../testing/axe";
import { state } from "../testing/states";
import { openWindow } from "../testing/window";
import { CredentialsPage, placeOf } from "./credentials";

const about = { version: "", tray: true, locale: "en", page: "credentials", setup_dismissed: false } as const;

function page(name: string, request = vi.fn()) {
  render(<CredentialsPage shown={state(name)} about={about} request={request} refusal={null} forget={vi.fn()} />);
  return request;
}

test("the one that was refused comes first, with the command that renews it", () => {
  page("expiring");
  const first = screen.getAllByRole("listitem")[0];
  expect(first?.textContent).toContain("openai-codex:default");
  expect(first?.textContent).toContain("could not be renewed");
  expect(first?.textContent).toContain("openclaw models auth login --provider openai-codex");
});

test("signing in again and being reminded later are asked of the program", () => {
  const request = page("expiring");
  const row = within(screen.getByRole("listitem", { name: "anthropic:manual" }));
  fireEvent.click(row.getByRole("button", { name: "Sign in again" }));
  fireEvent.click(row.getByRole("button", { name: "Remind me later" }));
  expect(request.mock.calls.map(([asked]) => asked)).toEqual([
    { ask: "sign-in", credential: "anthropic:manual" },
    { ask: "remind-later", credential: "anthropic:manual" },
  ]);
});

test("nobody is asked to sign in where a program renews by itself", () => {
  page("expiring");
  const row = within(screen.getByRole("listitem", { name: "claude-cli" }));
  expect(row.queryByRole("button", { name: "Sign in again" })).toBeNull();
});

test("variables that nobody gives the service are named", () => {
  page("expiring");
  screen.getByText(/OPENAI_API_KEY/);
});

test("the time line goes from now to thirty days ahead", () => {
  const from = Date.parse("2026-11-22T12:00:00Z");
  const days = (count: number) => new Date(from + count * 86_400_000).toISOString();
  expect([-5, 0, 15, 30, 400].map((count) => placeOf(days(count), from))).toEqual([0, 0, 50, 100, 100]);
});

test("before the first look the page says that it looks", () => {
  page("ready");
  screen.getByText("Looking at the credentials…");
});

test("the page has nothing that axe finds", async () => {
  await openWindow(state("expiring"), "credentials");
  screen.getByRole("heading", { level: 1, name: "Credentials" });
  expect(await faults()).toEqual([]);
});
