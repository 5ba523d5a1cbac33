import type { SettingsView } from "../bindings";
import canned from "./settings.json";

/** A page of settings that Rust wrote; a copy that may be changed. */
export function cannedSettings(name: keyof typeof canned): SettingsView {
  return structuredClone(canned[name]) as SettingsView;
}
