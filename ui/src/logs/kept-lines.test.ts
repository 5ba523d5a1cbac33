import { expect, test } from "vitest";
import { line } from "../testing/scripted";
import { plain } from "./ansi";
import { KeptLines, MOST_CHARACTERS, MOST_LINES } from "./kept-lines";

const texts = (kept: KeptLines) => kept.fitting.map((it) => it.text);
const many = (count: number, from = 0) => Array.from({ length: count }, (_, index) => line(`${from + index}`));

test("one batch beyond the limit keeps its newest lines", () => {
  const kept = new KeptLines();
  kept.add(many(MOST_LINES + 5));
  expect([kept.kept, kept.fitting[0]?.text, kept.full]).toEqual([MOST_LINES, "5", true]);
});

test("exactly as many lines as fit let nothing go", () => {
  const kept = new KeptLines();
  kept.add(many(MOST_LINES));
  expect([kept.kept, kept.full]).toEqual([MOST_LINES, false]);
});

test("what is let go leaves the filtered lines too", () => {
  const kept = new KeptLines();
  kept.filter({ from: null, text: "9" });
  kept.add(many(10));
  kept.add(many(MOST_LINES, 10));
  expect(texts(kept)[0]).toBe("19");
});

test("a filter that is taken back shows every kept line", () => {
  const kept = new KeptLines();
  kept.add(many(3));
  kept.filter({ from: "error", text: "" });
  kept.filter({ from: null, text: "" });
  expect(texts(kept)).toEqual(["0", "1", "2"]);
});

test("each line has a key of its own, also after clearing", () => {
  const kept = new KeptLines();
  kept.add(many(2));
  kept.clear();
  kept.add(many(2));
  expect(kept.fitting.map((it) => it.seq)).toEqual([3, 4]);
});

test("a long line costs no more memory than it shows", () => {
  const kept = new KeptLines();
  kept.add([line("é".repeat(50_000))]);
  expect([kept.fitting[0]?.text.length, kept.fitting[0]?.cut]).toEqual([MOST_CHARACTERS, 50_000 - MOST_CHARACTERS]);
});

test("a flood of 20,000 lines a second is taken in well under a second", () => {
  const kept = new KeptLines();
  kept.filter({ from: "info", text: "7" });
  const start = performance.now();
  for (let batch = 0; batch < 20; batch += 1) kept.add(many(1000, batch * 1000));
  expect(performance.now() - start).toBeLessThan(1000);
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
