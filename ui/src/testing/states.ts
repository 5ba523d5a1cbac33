import type { Shown } from "../bindings";
import canned from "../demo/canned.json";

/** The states that Rust wrote, by name; one per verdict and some more. */
export const states = canned as unknown as Record<string, Shown>;

export const names = Object.keys(states);

/** A copy that a test may change. */
export function state(name: string): Shown {
  const found = states[name];
  if (!found) throw new Error(`no canned state ${name}`);
  return structuredClone(found);
}
