import { expect, test } from "vitest";
import type { LogPage, Position } from "../bindings";
import { line } from "../testing/scripted";
import { plain } from "./ansi";
import { KeptLines, MOST_LINES } from "./kept-lines";

const texts = (kept: KeptLines) => kept.rows.map((it) => it.text);
const place = (byte: number): Position => ({ files: [{ file: 1, byte }], journal: { mark: "end" } });

/** Lines `from` to `to` of a long log. */
function page(from: number, to: number): LogPage {
  const lines = Array.from({ length: to - from }, (_, index) => line(`${from + index}`));
  return { lines, older: place(from), newer: place(to), more_older: from > 0, more_newer: false, mark: null };
}

test("older pages are put before and newer ones behind", () => {
  const kept = new KeptLines();
  kept.open(page(10, 12));
  expect(kept.addOlder(page(8, 10))).toBe(2);
  kept.addNewer(page(12, 13));
  expect(texts(kept)).toEqual(["8", "9", "10", "11", "12"]);
  expect([kept.older, kept.newer]).toEqual([place(8), place(13)]);
});

test("growing at the newer end lets the oldest pieces go, and they can be read again", () => {
  const kept = new KeptLines();
  kept.open(page(0, 1000));
  let gone = 0;
  for (let from = 1000; from < MOST_LINES + 2000; from += 1000) gone += kept.addNewer(page(from, from + 1000));
  expect([kept.kept, gone, texts(kept)[0]]).toEqual([MOST_LINES, 2000, "2000"]);
  expect([kept.moreOlder, kept.older]).toEqual([true, place(2000)]);
});

test("growing at the older end lets the newest pieces go, and they can be read again", () => {
  const kept = new KeptLines();
  kept.open(page(MOST_LINES, MOST_LINES + 1000));
  for (let to = MOST_LINES; to > 0; to -= 1000) kept.addOlder(page(to - 1000, to));
  expect([kept.kept, kept.moreNewer, kept.newer]).toEqual([MOST_LINES, true, place(MOST_LINES)]);
});

test("lines in a row that say the same are one row with their number", () => {
  const kept = new KeptLines();
  const said = ["2026-11-22T12:00:00Z [a] x", "2026-11-22T12:00:01Z [a] x", "y", "y", "y", "x"];
  kept.open({ ...page(0, 0), lines: said.map((text) => line(text)) });
  kept.collapse(true);
  expect(kept.rows.map((row) => row.times)).toEqual([2, 3, 1]);
  kept.collapse(false);
  expect(kept.rows.length).toBe(6);
});

test("the same words from another sink or at another level are no repeat", () => {
  const kept = new KeptLines();
  kept.open({ ...page(0, 0), lines: [line("x"), { ...line("x"), source: "gateway.log" }, line("x", "error")] });
  kept.collapse(true);
  expect(kept.rows.length).toBe(3);
});

test("each line has a key of its own, also after clearing", () => {
  const kept = new KeptLines();
  kept.open(page(0, 2));
  kept.clear();
  kept.addNewer(page(2, 4));
  expect(kept.rows.map((it) => it.seq)).toEqual([3, 4]);
});

test("what was cleared is not read again", () => {
  const kept = new KeptLines();
  kept.open({ ...page(5, 9), more_older: true });
  kept.clear();
  expect(kept.moreOlder).toBe(false);
  kept.addNewer(page(9, 10));
  expect(kept.moreOlder).toBe(false);
});

test("the line that was asked for is given", () => {
  const kept = new KeptLines();
  expect(kept.open({ ...page(5, 9), mark: 2 })?.text).toBe("7");
  expect(kept.open(page(5, 9))).toBeNull();
});

test.each([
  ["\u001b[1;31mred\u001b[0m", "red"],
  ["\u001b]0;title\u0007text", "text"],
  ["\u001b(Bplain", "plain"],
  ["cut\u001b[3", "cut"],
  ["a\u0000b\u0007c\u009bd", "abcd"],
  ["tab\there", "tab    here"],
  ["over\u202egnp.exe", "overgnp.exe"],
  ["é 漢字 😀", "é 漢字 😀"],
])("%j is shown as %j", (raw, shown) => {
  expect(plain(raw)).toBe(shown);
});
