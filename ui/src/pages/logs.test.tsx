import { act, fireEvent, screen } from "@testing-library/preact";
import { expect, test } from "vitest";
import { MOST_LINES } from "../logs/kept-lines";
import { faults } from "../testing/axe";
import { line } from "../testing/scripted";
import { frame, openWindow } from "../testing/window";
import { state } from "../testing/states";

async function openLogs(...texts: string[]) {
  const opened = await openWindow(state("ready"), "logs");
  opened.backend.write(texts.map((text) => line(text)));
  await frame();
  return opened;
}

const drawn = () => [...document.querySelectorAll<HTMLElement>(".log-list [role=option]")];

const rows = () => drawn().map((row) => row.querySelector(".text")?.textContent);

const choose = (index: number) => fireEvent.click(drawn().at(index) as HTMLElement);

test("before the first line the page says so", async () => {
  await openLogs();
  screen.getByText("No log lines yet");
  expect(await faults()).toEqual([]);
});

test("lines appear as they come", async () => {
  const { backend } = await openLogs("one");
  backend.write([line("two")]);
  await frame();
  expect(rows()).toEqual(["one", "two"]);
});

test("a page with lines has nothing that axe finds", async () => {
  await openLogs("one", "two");
  choose(0);
  expect(await faults()).toEqual([]);
});

test.each([
  "<img src=x onerror=alert(1)>",
  "<script>alert(1)</script>",
  '"><svg onload=alert(1)>',
  "&lt;b&gt;",
  "{{constructor.constructor('alert(1)')()}}",
  "javascript:alert(1)",
])("the line %s is text and never markup", async (hostile) => {
  await openLogs(hostile);
  expect(rows()).toEqual([hostile]);
  choose(0);
  expect(document.querySelector(".whole-line pre")?.textContent).toBe(hostile);
  expect(document.querySelector("img, script, .log-row svg")).toBeNull();
});

test("colour sequences are not shown", async () => {
  await openLogs("\u001b[31mred\u001b[0m and \u001b]8;;http://x\u0007link\u001b]8;;\u0007");
  expect(rows()).toEqual(["red and link"]);
});

test("a line of a megabyte is cut, and says by how much", async () => {
  await openLogs("x".repeat(1_000_000));
  choose(0);
  expect(document.querySelector(".whole-line")?.textContent).toContain("996,000 more characters");
});

test("only the rows that can be seen are drawn", async () => {
  await openLogs(...Array.from({ length: 5000 }, (_, index) => `line ${index}`));
  expect(drawn().length).toBeLessThan(80);
  expect(rows().at(-1)).toBe("line 4999");
  expect(drawn().at(-1)?.getAttribute("aria-setsize")).toBe("5000");
});

test("the oldest lines are let go, and the page says so", async () => {
  const { backend } = await openLogs();
  for (let batch = 0; batch < 21; batch += 1) {
    backend.write(Array.from({ length: 1000 }, (_, index) => line(`line ${batch * 1000 + index}`)));
  }
  await frame();
  expect(drawn().at(-1)?.getAttribute("aria-setsize")).toBe(String(MOST_LINES));
  screen.getByText(/oldest lines were let go; at most 20,000/);
});

test("the text filter ignores case", async () => {
  await openLogs("Alpha", "beta", "ALPHABET");
  fireEvent.input(screen.getByRole("searchbox", { name: "Filter" }), { target: { value: "alpha" } });
  await frame();
  expect(rows()).toEqual(["Alpha", "ALPHABET"]);
  screen.getByText("2 of 3 lines");
});

test("a filter that nothing fits says so", async () => {
  await openLogs("Alpha");
  fireEvent.input(screen.getByRole("searchbox"), { target: { value: ".*" } });
  await frame();
  screen.getByText("No line fits the filter");
});

test("the level filter keeps what is as loud or louder", async () => {
  const { backend } = await openLogs();
  backend.write([line("d", "debug"), line("i"), line("w", "warn"), line("e", "error"), line("u", "unknown")]);
  fireEvent.change(screen.getByRole("combobox", { name: "From level" }), { target: { value: "warn" } });
  await frame();
  expect(rows()).toEqual(["w", "e"]);
});

test("a filter also holds for lines that come later", async () => {
  const { backend } = await openLogs("one");
  fireEvent.input(screen.getByRole("searchbox"), { target: { value: "t" } });
  backend.write([line("two"), line("one again")]);
  await frame();
  expect(rows()).toEqual(["two"]);
});

test("while paused lines wait, and resume shows them all", async () => {
  const { backend } = await openLogs("one");
  fireEvent.click(screen.getByRole("button", { name: "Pause" }));
  backend.write([line("two"), line("three")]);
  await frame();
  expect(rows()).toEqual(["one"]);
  screen.getByText(/2 new lines wait/);
  fireEvent.click(screen.getByRole("button", { name: "Resume" }));
  await frame();
  expect(rows()).toEqual(["one", "two", "three"]);
});

test("arrow keys choose a line and show it in full", async () => {
  await openLogs("one", "two", "three");
  const list = screen.getByRole("listbox", { name: "Log lines" });
  fireEvent.keyDown(list, { key: "ArrowUp" });
  fireEvent.keyDown(list, { key: "ArrowUp" });
  expect(document.querySelector(".whole-line pre")?.textContent).toBe("two");
  const chosen = document.getElementById(list.getAttribute("aria-activedescendant") ?? "");
  expect(chosen?.textContent).toContain("two");
  fireEvent.keyDown(list, { key: "Home" });
  expect(document.querySelector(".whole-line pre")?.textContent).toBe("one");
});

test("leaving the page stops following", async () => {
  const { backend } = await openLogs("one");
  await act(async () => backend.open("overview"));
  expect(backend.ended).toHaveBeenCalledTimes(1);
});

test("a log that cannot be followed says why", async () => {
  const opened = await openWindow(state("ready"));
  opened.backend.followLogs = () => Promise.reject({ code: "no-user-bus", values: {}, cause: "No medium found", hints: [] });
  await act(async () => opened.backend.open("logs"));
  await frame();
  screen.getByRole("alert");
  screen.getByText("No medium found");
});
