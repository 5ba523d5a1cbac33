import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const css = readFileSync(join(import.meta.dirname, "tokens.css"), "utf8");
const light = tokens(css.slice(0, css.indexOf("@media")));
const dark = { ...light, ...tokens(css.slice(css.indexOf("@media"), css.indexOf("prefers-reduced-motion"))) };

const TONES = ["good", "working", "idle", "attention", "problem", "unknown"];
const GROUNDS = ["page", "surface", "sunken"];

/** What is read against what: 4.5 : 1 (WCAG 2.2, 1.4.3). */
const READ: [string, string][] = [
  ...GROUNDS.flatMap((ground): [string, string][] => [
    ["text", ground],
    ["muted", ground],
  ]),
  ...TONES.flatMap((tone): [string, string][] => [
    ["text", `${tone}-soft`],
    ["muted", `${tone}-soft`],
    [tone, "surface"],
  ]),
  ["on-accent", "accent"],
  ["text", "chosen"],
  ["problem", "chosen"],
  ["attention", "chosen"],
  ["muted", "line"],
  ["text", "line"],
  ["attention", "sunken"],
  ["problem", "sunken"],
];

/** What has to be seen but not read: 3 : 1 (1.4.11). */
const SEEN: [string, string][] = [
  ...GROUNDS.flatMap((ground): [string, string][] => [
    ["edge", ground],
    ["focus", ground],
  ]),
  ...TONES.flatMap((tone): [string, string][] => [
    [tone, `${tone}-soft`],
    [tone, "page"],
    ["on-tone", tone],
    ["focus", `${tone}-soft`],
    ["edge", `${tone}-soft`],
  ]),
  ["accent", "surface"],
];

describe.each([
  ["light", light],
  ["dark", dark],
])("%s", (_, theme) => {
  test.each(READ)("%s can be read on %s", (ink, ground) => {
    expect(contrast(theme, ink, ground)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(SEEN)("%s can be seen on %s", (ink, ground) => {
    expect(contrast(theme, ink, ground)).toBeGreaterThanOrEqual(3);
  });
});

test("black on white is 21 : 1", () => {
  expect(contrast({ ink: "#000000", paper: "#ffffff" }, "ink", "paper")).toBeCloseTo(21);
});

test("the dark theme sets every colour that the light one has", () => {
  const own = tokens(css.slice(css.indexOf("@media"), css.indexOf("prefers-reduced-motion")));
  expect(Object.keys(own).toSorted()).toEqual(Object.keys(light).toSorted());
});

test("colours stand in tokens.css only", () => {
  const others = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".css") && name !== "tokens.css");
  const coloured = others.filter((name) =>
    /#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(|:\s*(?:white|black|red|green|blue)\b/i.test(
      readFileSync(join(import.meta.dirname, name), "utf8"),
    ),
  );
  expect(coloured).toEqual([]);
});

test("every token that is used is set", () => {
  const all = readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith(".css"))
    .map((name) => readFileSync(join(import.meta.dirname, name), "utf8"))
    .join("\n");
  const set = new Set([...all.matchAll(/^\s*(--[a-z-]+):/gm)].map((it) => it[1]));
  const used = new Set([...all.matchAll(/var\((--[a-z-]+)/g)].map((it) => it[1]));
  expect([...used].filter((name) => !set.has(name))).toEqual([]);
});

type Theme = Record<string, string>;

function tokens(text: string): Theme {
  return Object.fromEntries([...text.matchAll(/--([a-z-]+):\s*(#[0-9a-f]{6});/g)].map((it) => [it[1], it[2]]));
}

/** WCAG 2.2's ratio of the relative luminances. */
function contrast(theme: Theme, one: string, other: string): number {
  const [a, b] = [luminance(theme[one]), luminance(theme[other])].toSorted((x, y) => y - x) as [number, number];
  return (a + 0.05) / (b + 0.05);
}

function luminance(colour: string | undefined): number {
  if (!colour) return Number.NaN;
  const [r, g, b] = [1, 3, 5].map((at) => linear(Number.parseInt(colour.slice(at, at + 2), 16) / 255)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const linear = (part: number) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
