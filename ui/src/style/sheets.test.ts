import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const sheets = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith(".css"))
  .map((name) => ({ name, css: readFileSync(join(import.meta.dirname, name), "utf8") }));

/** Where lines run from right to left, start and end change sides; left and right would stay. */
test("every side is named by the direction of reading", () => {
  const sided = /(?:margin|padding|border|inset)-(?:left|right)|(?:^|[\s;])(?:left|right):|text-align: (?:left|right)|float:/m;
  expect(sheets.filter(({ css }) => sided.test(css)).map(({ name }) => name)).toEqual([]);
});

const classes = (css: string, form: RegExp) => new Set([...css.matchAll(form)].map(([, name = ""]) => name));

/** A page's classes stand in its own stylesheet; another page with the same name for something else would get both. */
test("no class of a stylesheet's own is named by another's", () => {
  const pages = sheets.filter(({ name }) => !["base.css", "parts.css", "tokens.css"].includes(name));
  const shared = sheets.flatMap(({ name, css }) =>
    [...classes(css, /^\.([\w-]+)/gm)].flatMap((own) =>
      pages.filter((other) => other.name !== name && isOwn(name, other.css, own)).map((other) => `${own}: ${name}, ${other.name}`),
    ),
  );
  expect(classes(pages.map(({ css }) => css).join("\n"), /^\.([\w-]+)/gm).size).toBeGreaterThan(20);
  expect(shared).toEqual([]);
});

/** What all pages share may be refined within one of them; what is a page's own may not be named elsewhere at all. */
const isOwn = (sheet: string, css: string, name: string) =>
  classes(css, ["base.css", "parts.css"].includes(sheet) ? /^\.([\w-]+)/gm : /\.([a-z][\w-]*)/g).has(name);
