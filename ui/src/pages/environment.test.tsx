import { render, screen } from "@testing-library/preact";
import { describe, expect, test } from "vitest";
import { faults } from "../testing/axe";
import { openWindow } from "../testing/window";
import { names, state } from "../testing/states";
import { EnvironmentPage } from "./environment";

describe.each(names)("%s", (name) => {
  test("is drawn", () => {
    render(<EnvironmentPage shown={state(name)} />);
    expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Environment");
  });
});

test.each(["ready", "not-installed"])("%s has nothing that axe finds", async (name) => {
  await openWindow(state(name), "environment");
  screen.getByRole("heading", { level: 1, name: "Environment" });
  expect(await faults()).toEqual([]);
});

test("each variable is shown with its value and where it stands", () => {
  render(<EnvironmentPage shown={state("ready")} />);
  const row = screen.getByRole("row", { name: /HTTPS_PROXY/ });
  expect(row.textContent).toContain("http://proxy.example:3128");
  expect(row.textContent).toContain("10-proxy.conf");
  expect(screen.getByRole("row", { name: /^HOME/ }).textContent).toContain("in the definition");
});

test("a secret shows dots and a fingerprint", () => {
  render(<EnvironmentPage shown={state("ready")} />);
  const row = screen.getByRole("row", { name: /OPENCLAW_GATEWAY_TOKEN/ });
  expect(row.textContent).toContain("••••••");
  expect(row.textContent).toContain("only its fingerprint is shown");
});

test("an argument with spaces stays one argument", () => {
  const shown = state("ready");
  const registered = shown.state.observation.registered.value;
  if (registered.status === "present") registered.command = ["/opt/my node/node", "", "--a b"];
  render(<EnvironmentPage shown={shown} />);
  const argv = [...document.querySelectorAll(".argv li")].map((it) => it.textContent);
  expect(argv).toEqual(["/opt/my node/node", "", "--a b"]);
});

test("what the service does at login is said as on the overview", () => {
  const shown = state("ready");
  render(<EnvironmentPage shown={shown} />);
  screen.getByText(shown.view.autostart ?? "");
});

test("without a service the page says what would be here", () => {
  render(<EnvironmentPage shown={state("not-installed")} />);
  screen.getByText(/No service is installed/);
});

test("a definition that cannot be read says why", () => {
  const shown = state("ready");
  const why = { code: "unit-unreadable", values: { path: "/x.service" }, cause: "Permission denied", hints: [] } as const;
  shown.state.observation.registered.value = { status: "unknown", file: "/x.service", why: { ...why, hints: [] } };
  render(<EnvironmentPage shown={shown} />);
  screen.getByText("/x.service could not be read.");
  screen.getByText("Permission denied");
});

test("a value that looks like markup is text", () => {
  const shown = state("ready");
  const registered = shown.state.observation.registered.value;
  const evil = { name: "X", shown: "<img src=x onerror=alert(1)>", secret: false, source: "inline" };
  if (registered.status === "present") registered.environment = [evil];
  render(<EnvironmentPage shown={shown} />);
  screen.getByText("<img src=x onerror=alert(1)>");
  expect(document.querySelector("img")).toBeNull();
});
