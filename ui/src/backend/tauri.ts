import { Channel, invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type {
  About,
  Deed,
  DiagnosticsPreview,
  DiagnosticsSaved,
  EnvironmentView,
  History,
  LogNews,
  LogPage,
  Opening,
  Page,
  Preview,
  Pulse,
  Request,
  Saved,
  Searched,
  SelfTest,
  SettingsView,
  SetupNews,
  SetupView,
  Shown,
  Sink,
} from "../bindings";
import type { Backend } from "./backend";

declare global {
  interface Window {
    /** Set by the program before the page's own scripts run. */
    gatewardOpening?: Opening;
  }
}

const isLoadedAgain = () =>
  performance.getEntriesByType("navigation").some((it) => (it as PerformanceNavigationTiming).type === "reload");

/** The program that opened this window: commands and events of `src-tauri/app`. */
export const tauri: Backend = {
  // A page that is loaded again gets what was true when the window was made.
  opening: () => (isLoadedAgain() ? null : (window.gatewardOpening ?? null)),
  about: () => invoke<About>("about"),
  snapshot: () => invoke<Shown | null>("snapshot"),
  onState: (draw) => listen<Shown>("state", (event) => draw(event.payload)),
  onAbout: (take) => listen<About>("about", (event) => take(event.payload)),
  onPage: (open) => listen<Page>("page", (event) => open(event.payload)),
  ask: (request: Request) => invoke<void>("ask", { request }),
  history: (days) => invoke<History>("history", { days }),
  settings: () => invoke<SettingsView>("settings"),
  onSettings: (draw) => listen<SettingsView>("settings", (event) => draw(event.payload)),
  changeSetting: (field, text) => invoke<SettingsView>("change_setting", { field, text }),
  undoSetting: () => invoke<SettingsView>("undo_setting"),
  setup: () => invoke<SetupView>("setup"),
  setupDo: (deed: Deed, tell) => {
    const channel = new Channel<SetupNews>(tell);
    return invoke<SetupView>("setup_do", { deed, channel });
  },
  trayCheck: () => invoke<SelfTest>("tray_check"),
  zoom: (direction) => invoke<void>("zoom", { direction }),
  pulse: () => invoke<Pulse>("pulse"),
  onPulse: (draw) => listen<Pulse>("pulse", (event) => draw(event.payload)),
  lookClosely: (looks) => invoke<void>("look_closely", { looks }),
  environment: () => invoke<EnvironmentView>("environment"),
  preview: (edits) => invoke<Preview>("preview", { edits }),
  logSinks: () => invoke<Sink[]>("log_sinks"),
  logPage: (anchor, filter, count) => invoke<LogPage>("log_page", { anchor, filter, count }),
  logLine: (spot) => invoke<string | null>("log_line", { spot }),
  followLogs: async (position, filter, take) => {
    let stopped = false;
    const channel = new Channel<LogNews>((news) => {
      if (!stopped) take(news);
    });
    const id = await invoke<number>("follow_logs", { channel, position, filter });
    return () => {
      if (stopped) return;
      stopped = true;
      void invoke("stop_logs", { id });
    };
  },
  searchLogs: (pattern, ignoresCase, filter, tell) => {
    const channel = new Channel<Searched>(tell);
    return invoke<Searched>("search_logs", { channel, pattern, ignoresCase, filter });
  },
  saveLogs: (filter) => invoke<Saved>("save_logs", { filter }),
  previewDiagnostics: () => invoke<DiagnosticsPreview>("preview_diagnostics"),
  diagnosticsText: (name) => invoke<string>("diagnostics_text", { name }),
  saveDiagnostics: () => invoke<DiagnosticsSaved>("save_diagnostics"),
};
