import { expect, test } from "vitest";
import { ago, clockTime, moment, span } from "./time";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const before = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();

test.each([
  [0, "just now"],
  [-50, "just now"],
  [45, "45 sec ago"],
  [119, "1 min ago"],
  [7200, "2 hr ago"],
  [200_000, "2 days ago"],
])("%d s before is %s", (seconds, text) => {
  expect(ago(before(seconds), NOW, "en-GB")).toBe(text);
});

test("the age speaks the locale’s language", () => {
  expect(ago(before(7200), NOW, "de")).toBe("vor 2 Std.");
});

test("the moment is written as the locale does", () => {
  expect(moment(before(0), "de")).toContain("22.11.2026");
});

test.each([
  [0, "0 secs"],
  [59, "59 secs"],
  [8595, "2 hrs 23 mins"],
  [90_061, "1 day 1 hr"],
])("%d s last %s", (seconds, text) => {
  expect(span(seconds, "en-GB")).toBe(text);
});

test("a row’s time has milliseconds", () => {
  expect(clockTime("en-GB")("2026-11-22T12:00:00.123Z")).toMatch(/^\d\d:\d\d:\d\d\.123$/);
});
