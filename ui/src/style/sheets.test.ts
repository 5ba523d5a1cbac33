import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

/** A page's classes stand in its own stylesheet; another page with the same name for something else would get both. */
test("no class is styled by two stylesheets", () => {
  const owners = new Map<string, Set<string>>();
  for (const sheet of readdirSync(import.meta.dirname).filter((name) => name.endsWith(".css"))) {
    const css = readFileSync(join(import.meta.dirname, sheet), "utf8");
    for (const [, name = ""] of css.matchAll(/^\.([\w-]+)/gm)) {
      owners.set(name, (owners.get(name) ?? new Set()).add(sheet));
    }
  }
  const shared = [...owners].filter(([, sheets]) => sheets.size > 1).map(([name]) => name);
  expect(owners.size).toBeGreaterThan(20);
  expect(shared).toEqual([]);
});
