import { FluentBundle, FluentNumber, FluentResource, type FluentVariable } from "@fluent/bundle";
import type { Hint, Problem } from "./bindings";

const texts = import.meta.glob<string>("../../src-tauri/locales/en/{verdict,problem,window,auth}.ftl", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** Keys that were asked for and are not in the catalogue; tests keep it empty. */
export const missing = new Set<string>();

const english = bundle("en", Object.values(texts));

/**
 * The catalogue's sentence for `key`; the key itself when there is none, so that a gap is seen.
 *
 * A text that is a whole number takes part in plural rules but is printed without grouping, as in Rust: ports and pids are
 * names. An amount is passed as a number and grouped.
 */
export function say(key: string, values: Record<string, string | number> = {}): string {
  const pattern = english.getMessage(key)?.value;
  if (!pattern) {
    missing.add(key);
    return key;
  }
  const filled = Object.entries(values).map(([name, value]) => [name, variable(value)] as const);
  return english.formatPattern(pattern, Object.fromEntries(filled), []);
}

export const problemSentence = (problem: Problem) => say(`problem-${problem.code}`, problem.values);

export const hintSentence = (hint: Hint) => say(`hint-${hint.code}`);

function variable(value: string | number): FluentVariable {
  if (typeof value === "number") return value;
  return /^-?\d{1,15}$/.test(value) ? new FluentNumber(Number(value), { useGrouping: false }) : value;
}

function bundle(locale: string, sources: string[]): FluentBundle {
  // Isolation marks would end up on the clipboard.
  const made = new FluentBundle(locale, { useIsolating: false });
  for (const source of sources) made.addResource(new FluentResource(source));
  return made;
}
