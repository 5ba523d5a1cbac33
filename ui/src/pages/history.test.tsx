import { render, screen, waitFor } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { eventful } from "../demo/history";
import { faults } from "../testing/axe";
import { Scripted } from "../testing/scripted";
import { state } from "../testing/states";
import { openWindow } from "../testing/window";
import { HistoryPage } from "./history";

const NOON = Date.parse("2026-11-22T12:00:00Z");

function page(backend = new Scripted()) {
  render(<HistoryPage backend={backend} locale="en-GB" newest="1" readLog={() => {}} />);
  return backend;
}

test("the figures are said, and never rounded up", async () => {
  const backend = new Scripted();
  backend.told = { ...eventful(NOON, 7, []) };
  backend.told.summary.uptime_percent = 99.9999;
  page(backend);
  expect(await screen.findByText("99.99%")).toBeTruthy();
  expect(screen.getByText("3")).toBeTruthy();
});

test("the picture has a part for each stretch and says its outages", async () => {
  page();
  const picture = await screen.findByRole("img", { name: /Timeline with 2 outages; Down: / });
  expect(picture.querySelectorAll("rect")).toHaveLength(8);
  expect(picture.querySelectorAll('rect[data-being="down"] title')[0]?.textContent).toMatch(/^Down: /);
});

test("an outage of seconds is still wide enough to be seen", async () => {
  page();
  const picture = await screen.findByRole("img");
  const widths = [...picture.querySelectorAll('rect[data-being="down"]')].map((it) => Number(it.getAttribute("width")));
  expect(Math.min(...widths)).toBeGreaterThanOrEqual(4);
});

test("another time is asked for", async () => {
  const backend = page();
  await userEvent.click(await screen.findByRole("button", { name: "30 days" }));
  await waitFor(() => expect(backend.days).toEqual([7, 30]));
  expect(screen.getByRole("button", { name: "30 days" }).getAttribute("aria-pressed")).toBe("true");
});

test("a notice that was held back says so", async () => {
  page();
  const told = (await screen.findByText("Gateway crashed")).closest("li");
  expect(told?.textContent).toContain("held back in quiet hours");
});

test("a database that cannot be read says why", async () => {
  const backend = new Scripted();
  backend.history = () => Promise.reject({ code: "database-unusable", values: {}, cause: "disk I/O error", hints: [] });
  page(backend);
  expect((await screen.findByRole("alert")).textContent).toContain("disk I/O error");
});

test("it has nothing that axe finds", async () => {
  await openWindow(state("ready"), "history");
  await screen.findByRole("img");
  expect(await faults()).toEqual([]);
});
