import axe from "axe-core";

/** What axe finds wrong in the document, one line each. Colours are checked in tokens.test.ts, as jsdom paints nothing. */
export async function faults(): Promise<string[]> {
  const found = await axe.run(document, { rules: { "color-contrast": { enabled: false } } });
  return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html}`));
}
