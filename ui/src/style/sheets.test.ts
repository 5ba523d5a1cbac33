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

/** A page's classes stand in its own stylesheet; another page with the same name for something else would get both. */
test("no class is styled by two stylesheets", () => {
  const owners = new Map<string, Set<string>>();
  for (const { name: sheet, css } of sheets) {
    for (const [, name = ""] of css.matchAll(/^\.([\w-]+)/gm)) {
      owners.set(name, (owners.get(name) ?? new Set()).add(sheet));
    }
  }
  const shared = [...owners].filter(([, those]) => those.size > 1).map(([name]) => name);
  expect(owners.size).toBeGreaterThan(20);
  expect(shared).toEqual([]);
});
