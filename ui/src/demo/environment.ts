import type { EnvironmentView } from "../bindings";
import canned from "./environment.json";

/** The Environment page that Rust wrote; a copy that may be changed. */
export function cannedEnvironment(): EnvironmentView {
  return structuredClone(canned) as EnvironmentView;
}
