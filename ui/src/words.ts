import { FluentBundle, FluentNumber, FluentResource, type FluentVariable } from "@fluent/bundle";
import type { Hint, Problem } from "./bindings";

const texts = import.meta.glob<string>("../../src-tauri/locales/*/{verdict,problem,window,auth,setup,diagnostics}.ftl", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** Keys that were asked for and are not in the catalogue; tests keep it empty. */
export const missing = new Set<string>();

/** What a new window speaks with; the other files are read when something of theirs is said. */
const FIRST = ["verdict", "window"];

/** Each read once it is spoken: a window speaks one of them. Tests look that all have the same keys. */
const bundles = new Map<string, FluentBundle>();
const whole = new Set<string>();

let spoken: "en" | "zh-CN" = "en";

/** Speaks the locale's language from now on, where we have it; says so to the page. */
export function speak(locale: string) {
  spoken = locale.split("-")[0] === "zh" ? "zh-CN" : "en";
  document.documentElement.lang = spoken;
  document.documentElement.dir = "ltr";
}

/**
 * The catalogue's sentence for `key`; the key itself when there is none, so that a gap is seen.
 *
 * A text that is a whole number takes part in plural rules but is printed without grouping, as in Rust: ports and pids are
 * names. An amount is passed as a number and grouped.
 */
export function say(key: string, values: Record<string, string | number> = {}): string {
  const said = having(key, spoken);
  const pattern = said?.getMessage(key)?.value;
  if (!said || !pattern) {
    missing.add(key);
    return key;
  }
  const filled = Object.entries(values).map(([name, value]) => [name, variable(value)] as const);
  return said.formatPattern(pattern, Object.fromEntries(filled), []);
}

export const problemSentence = (problem: Problem) => say(`problem-${problem.code}`, problem.values);

export const hintSentence = (hint: Hint) => say(`hint-${hint.code}`);

function variable(value: string | number): FluentVariable {
  if (typeof value === "number") return value;
  return /^-?\d{1,15}$/.test(value) ? new FluentNumber(Number(value), { useGrouping: false }) : value;
}

/** The first bundle with a sentence for `key`: the locale's, then English. */
function having(key: string, locale: string): FluentBundle | undefined {
  for (const tag of [locale, "en"]) {
    const known = bundle(tag);
    if (!known.hasMessage(key)) complete(tag, known);
    if (known.hasMessage(key)) return known;
  }
  return undefined;
}

function bundle(locale: string): FluentBundle {
  const known = bundles.get(locale);
  if (known) return known;
  // Isolation marks would end up on the clipboard.
  const made = new FluentBundle(locale, { useIsolating: false });
  read(made, locale, true);
  bundles.set(locale, made);
  return made;
}

function complete(locale: string, into: FluentBundle) {
  if (whole.has(locale)) return;
  whole.add(locale);
  read(into, locale, false);
}

function read(into: FluentBundle, locale: string, first: boolean) {
  const isWanted = (path: string) => FIRST.some((name) => path.endsWith(`/${locale}/${name}.ftl`)) === first;
  const sources = Object.entries(texts).filter(([path]) => path.includes(`/${locale}/`) && isWanted(path));
  for (const [, source] of sources) into.addResource(new FluentResource(source));
}
