import type { SetupView } from "../bindings";
import canned from "./setup.json";

/** A wizard that Rust has drawn; a copy that may be changed. */
export function cannedSetup(name: keyof typeof canned): SetupView {
  return structuredClone(canned[name]) as SetupView;
}
