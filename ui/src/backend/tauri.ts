import { Channel, invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { About, History, LogLine, Page, Request, SettingsView, Shown } from "../bindings";
import type { Backend } from "./backend";

/** The program that opened this window: commands and events of `src-tauri/app`. */
export const tauri: Backend = {
  about: () => invoke<About>("about"),
  snapshot: () => invoke<Shown | null>("snapshot"),
  onState: (draw) => listen<Shown>("state", (event) => draw(event.payload)),
  onPage: (open) => listen<Page>("page", (event) => open(event.payload)),
  ask: (request: Request) => invoke<void>("ask", { request }),
  history: (days) => invoke<History>("history", { days }),
  settings: () => invoke<SettingsView>("settings"),
  onSettings: (draw) => listen<SettingsView>("settings", (event) => draw(event.payload)),
  changeSetting: (field, text) => invoke<SettingsView>("change_setting", { field, text }),
  undoSetting: () => invoke<SettingsView>("undo_setting"),
  followLogs: async (lines, take) => {
    let stopped = false;
    const channel = new Channel<LogLine[]>((batch) => {
      if (!stopped) take(batch);
    });
    const id = await invoke<number>("follow_logs", { channel, lines });
    return () => {
      if (stopped) return;
      stopped = true;
      void invoke("stop_logs", { id });
    };
  },
};
