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

test("a long line is cut, and says by how much", async () => {
  const { backend } = await openLogs();
  backend.write([{ ...line("xxx"), cut: 996_000 }]);
  await frame();
  choose(0);
  expect(document.querySelector(".whole-line")?.textContent).toContain("996,000 more characters");
});

test("a chosen line is shown as it was written", async () => {
  const { backend } = await openLogs("ready");
  backend.logLine = async () => '{"1":"ready <b>"}';
  choose(0);
  await screen.findByText('{"1":"ready <b>"}');
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
  screen.getByText(/At most 20,000 lines are held here/);
});

test("scrolling up reads older lines and keeps what is seen in its place", async () => {
  const { backend } = await openWindow(state("ready"));
  backend.log = Array.from({ length: 3000 }, (_, index) => line(`line ${index}`));
  await act(async () => backend.open("logs"));
  await frame();
  const list = screen.getByRole("listbox", { name: "Log lines" });
  list.scrollTop = 100 * 22;
  fireEvent.scroll(list);
  await frame();
  await frame();
  expect(drawn()[0]?.getAttribute("aria-setsize")).toBe("2000");
  expect(list.scrollTop).toBe(1100 * 22);
  expect(rows()).toContain("line 2100");
});

test("what is filtered is asked of the program, which reads the whole log", async () => {
  const { backend } = await openLogs("one");
  fireEvent.input(screen.getByRole("searchbox", { name: "Filter" }), { target: { value: "alpha" } });
  fireEvent.change(screen.getByRole("combobox", { name: "From level" }), { target: { value: "warn" } });
  fireEvent.change(screen.getByRole("searchbox", { name: "Subsystem" }), { target: { value: "ws" } });
  fireEvent.change(screen.getByRole("combobox", { name: "Time" }), { target: { value: "1h" } });
  await frame();
  const filter = { from: "warn", hidden: [], subsystem: "ws", since: "1h", until: "", text: "alpha" };
  expect(backend.pages.at(-1)).toEqual([{ at: "end" }, filter]);
});

test("a range of one's own is typed into two fields", async () => {
  const { backend } = await openLogs("one");
  fireEvent.change(screen.getByRole("combobox", { name: "Time" }), { target: { value: "own" } });
  fireEvent.change(screen.getByRole("textbox", { name: "To" }), { target: { value: "12:00" } });
  await frame();
  expect(backend.pages.at(-1)?.[1].until).toBe("12:00");
});

test("a sink can be left out", async () => {
  const { backend } = await openLogs("one");
  fireEvent.click(screen.getByRole("checkbox", { name: /journal/, hidden: true }));
  await frame();
  expect(backend.pages.at(-1)?.[1].hidden).toEqual(["journal"]);
  screen.getByText("Sources: 0 of 1");
});

test("a filter that nothing fits says so", async () => {
  const { backend } = await openLogs("Alpha");
  backend.log = [];
  fireEvent.input(screen.getByRole("searchbox", { name: "Filter" }), { target: { value: ".*" } });
  await frame();
  screen.getByText("No line fits the filter");
});

test("a filter that cannot be understood says why", async () => {
  const { backend } = await openLogs("Alpha");
  backend.refusal = { code: "bad-value", values: { variable: "since", reason: "moment", value: "x" }, cause: null, hints: [] };
  fireEvent.input(screen.getByRole("searchbox", { name: "Filter" }), { target: { value: "a" } });
  await frame();
  screen.getByText(/is no time such as/);
});

async function searched(hits: number) {
  const opened = await openLogs(...Array.from({ length: 50 }, (_, index) => `line ${index}`));
  opened.backend.found = { hits, kept: Math.min(hits, 3), bytes: 10, of: 10, entries: 0, done: true };
  fireEvent.input(screen.getByRole("searchbox", { name: "Search everything" }), { target: { value: "l.ne" } });
  fireEvent.click(screen.getByRole("button", { name: "Find" }));
  await frame();
  await frame();
  return opened;
}

const chosen = () => document.querySelector(".log-row[aria-selected=true] .text")?.textContent;

test("a search says how many lines it found and goes to the newest", async () => {
  const { backend } = await searched(1200);
  expect(backend.searched).toEqual([["l.ne", true]]);
  screen.getByText("1,200 of 1,200");
  expect(chosen()).toBe("line 2");
  expect(await faults()).toEqual([]);
});

test("older and newer hits are gone to in turn, around both ends", async () => {
  await searched(3);
  fireEvent.click(screen.getByRole("button", { name: "Older hit" }));
  await frame();
  screen.getByText("2 of 3");
  expect(chosen()).toBe("line 1");
  fireEvent.click(screen.getByRole("button", { name: "Newer hit" }));
  fireEvent.click(screen.getByRole("button", { name: "Newer hit" }));
  await frame();
  screen.getByText("1 of 3");
});

test("a search that finds nothing says so, and so does one that is no expression", async () => {
  const { backend } = await searched(0);
  screen.getByText("Found in no line");
  backend.refusal = { code: "bad-pattern", values: {}, cause: "unclosed group", hints: [] };
  fireEvent.click(screen.getByRole("button", { name: "Find" }));
  await screen.findByText(/unclosed group/);
});

test("in the journal, whose length nobody tells, a search says how many entries it has seen", async () => {
  const { backend } = await openLogs("Alpha");
  backend.halfway = { hits: 3, kept: 0, bytes: 10, of: 10, entries: 12_000, done: false };
  fireEvent.input(screen.getByRole("searchbox", { name: "Search everything" }), { target: { value: "l.ne" } });
  fireEvent.click(screen.getByRole("button", { name: "Find" }));
  await frame();
  screen.getByText("3 found so far · looking through the journal, 12,000 entries");
});

test("of the journal the page says that it has no size", async () => {
  await openLogs("Alpha");
  expect(document.querySelector(".counts")?.textContent).toBe("One line loaded · journal (no size is told)");
});

test("an incident opens the log at its moment", async () => {
  const { backend } = await openWindow(state("eventful"));
  backend.log = [{ ...line("before"), at: "2020-01-01T00:00:00Z" }, { ...line("after"), at: "2027-01-01T00:00:00Z" }];
  const [first] = screen.getAllByRole("button", { name: "Show the log" });
  await act(async () => first?.click());
  await frame();
  const at = state("eventful").state.incidents[0]?.at;
  expect(backend.pages[0]?.[0]).toEqual({ at: "time", time: at });
  expect(chosen()).toBe("after");
});

test("the page goes to an incident too", async () => {
  const { backend } = await openWindow(state("eventful"), "logs");
  const at = state("eventful").state.incidents[0]?.at;
  fireEvent.change(screen.getByRole("combobox", { name: "Go to" }), { target: { value: at } });
  await frame();
  expect(backend.pages.at(-1)?.[0]).toEqual({ at: "time", time: at });
});

test("repeats are collapsed on demand", async () => {
  await openLogs("same", "same", "other");
  fireEvent.click(screen.getByRole("checkbox", { name: "Collapse repeats" }));
  await frame();
  expect(rows()).toEqual(["same", "other"]);
  screen.getByText("2 ×");
});

test("what is saved says where, and what is not says why", async () => {
  const { backend } = await openLogs("one");
  fireEvent.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText("2 lines were saved as /home/anna/Downloads/x.log");
  backend.refusal = { code: "write-failed", values: { path: "/x" }, cause: "No space left on device", hints: [] };
  fireEvent.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText("No space left on device");
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

test("of many batches that came meanwhile every line is counted", async () => {
  const { backend } = await openLogs("one");
  fireEvent.click(screen.getByRole("button", { name: "Pause" }));
  for (let batch = 0; batch < 30; batch += 1) backend.write([line(`${batch}a`), line(`${batch}b`)]);
  await frame();
  screen.getByText(/60 new lines wait/);
});

test("arrow keys choose a line and show it in full", async () => {
  await openLogs("one", "two", "three");
  const list = screen.getByRole("listbox", { name: "Log lines" });
  fireEvent.keyDown(list, { key: "ArrowUp" });
  fireEvent.keyDown(list, { key: "ArrowUp" });
  expect(document.querySelector(".whole-line pre")?.textContent).toBe("two");
  const active = document.getElementById(list.getAttribute("aria-activedescendant") ?? "");
  expect(active?.textContent).toContain("two");
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
  opened.backend.logPage = () => Promise.reject({ code: "no-user-bus", values: {}, cause: "No medium found", hints: [] });
  await act(async () => opened.backend.open("logs"));
  await frame();
  screen.getByRole("alert");
  screen.getByText("No medium found");
});
