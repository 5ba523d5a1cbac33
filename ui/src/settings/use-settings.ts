import { useEffect, useState } from "preact/hooks";
import type { Backend, Stop } from "../backend/backend";
import type { FieldView, Problem, SettingsView } from "../bindings";
import { asProblem } from "../store";

/** The settings as the program last told them, and what can be done to them. */
export interface SettingsDesk {
  view: SettingsView | null;
  /** Of what concerns the whole page; what concerns one field is thrown to whoever changed it. */
  failed: Problem | null;
  forget(): void;
  change(field: FieldView, text: string): Promise<void>;
  undo(): Promise<void>;
  startAtLogin(on: boolean): Promise<void>;
  /** Its own Gateward shows it. */
  openProfile(profile: string): Promise<void>;
}

export function useSettings(backend: Backend): SettingsDesk {
  const [view, hold] = useState<SettingsView | null>(null);
  const [failed, fail] = useState<Problem | null>(null);
  useEffect(() => follow(backend, hold, (reason) => fail(asProblem(reason))), [backend]);
  return {
    view,
    failed,
    forget: () => fail(null),
    change: async (field, text) => hold(await backend.changeSetting(field.field, text)),
    undo: () => backend.undoSetting().then(hold, (reason: unknown) => fail(asProblem(reason))),
    startAtLogin: (on) => backend.ask({ ask: "start-at-login", on }),
    openProfile: (profile) => backend.ask({ ask: "of", profile, request: { ask: "open", page: "overview" } }),
  };
}

/** Listens first and asks second; what was told meanwhile is newer than the answer. */
function follow(backend: Backend, hold: (view: SettingsView) => void, fail: (reason: unknown) => void): Stop {
  let wanted = true;
  let told = false;
  const listening = backend.onSettings((view) => {
    told = true;
    if (wanted) hold(view);
  });
  listening
    .then(() => backend.settings())
    .then((view) => wanted && !told && hold(view))
    .catch((reason: unknown) => wanted && fail(reason));
  return () => {
    wanted = false;
    void listening.then((stop) => stop());
  };
}
