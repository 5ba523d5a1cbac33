import type { Backend } from "../backend/backend";
import type { Beat, LogLine, LogPage, Page, Position, Problem, Shown } from "../bindings";
import canned from "./canned.json";
import { cannedDiagnostics } from "./diagnostics";
import { cannedEnvironment } from "./environment";
import { eventful } from "./history";
import { cannedSettings } from "./settings";
import { cannedSetup } from "./setup";

/** The moment at which the canned states were observed. */
const OBSERVED = Date.parse("2026-11-22T12:00:00Z");

const NOWHERE: Position = { files: [], journal: { mark: "end" } };

const LINES: [LogLine["level"], string, string][] = [
  ["info", "journal", "[gateway] listening on ws://127.0.0.1:18789"],
  ["info", "openclaw-2026-11-22.log", "\u001b[36m[health-monitor]\u001b[0m started (interval 300 s)"],
  ["debug", "openclaw-2026-11-22.log", "[ws] closed before connect conn=9f2c remote=127.0.0.1 code=1000"],
  ["warn", "openclaw-2026-11-22.log", "[browser] profile “default”: <img src=x onerror=alert(1)> & <b>bold</b>"],
  ["error", "journal", `[channels/telegram] getUpdates failed: ${"retrying with a long explanation ".repeat(20)}`],
  ["unknown", "journal", "    at Server.listen (node:net:2099:12)"],
];

/**
 * A backend of canned states for a plain browser: `?state=crash-loop&page=logs`. Without `state` it shows a ready gateway.
 *
 * `lines` says how many log lines there are, `rate` how many come per second.
 */
export function demo(wanted: URLSearchParams): Backend {
  const name = wanted.get("state") ?? "eventful";
  let shown = pick(name);
  let draw: ((shown: Shown) => void) | undefined;
  return {
    opening: () => null,
    about: async () => ({
      version: "0.1.0",
      tray: !wanted.has("no-tray"),
      locale: wanted.get("locale") ?? navigator.language,
      page: (wanted.get("page") ?? "overview") as Page,
      setup_dismissed: cannedSetup(chosen(wanted.get("setup"))).dismissed,
    }),
    snapshot: async () => (name === "loading" ? null : shown),
    onState: async (take) => {
      draw = take;
      return () => {};
    },
    onAbout: async () => () => {},
    onPage: async () => () => {},
    ask: async (request) => {
      if (request.ask === "dismiss-problem") shown = { ...shown, state: { ...shown.state, problem: null } };
      else if (request.ask === "act") shown = pick("busy");
      else throw refused();
      draw?.(shown);
    },
    history: async (days) => eventful(Date.now(), days, shown.state.incidents),
    settings: async () => cannedSettings(wanted.get("settings") === "unusable" ? "unusable" : "usual"),
    onSettings: async () => () => {},
    changeSetting: async (field) => {
      throw { ...refused(), code: "bad-setting", values: { field, reason: "unfit" } };
    },
    undoSetting: async () => ({ ...cannedSettings("usual"), undo: null }),
    setup: async () => cannedSetup(chosen(wanted.get("setup"))),
    setupDo: async () => cannedSetup("finished"),
    ...still,
    logSinks: async () => [
      { source: "journal", path: null, bytes: null },
      { source: "openclaw-2026-11-22.log", path: "/tmp/openclaw/openclaw-2026-11-22.log", bytes: 48_123_456 },
    ],
    logPage: async (anchor, _filter, most): Promise<LogPage> => {
      const count = anchor.at === "end" ? Math.min(most, Number(wanted.get("lines") ?? 400)) : 0;
      const lines = Array.from({ length: count }, (_, index) => line(index - count));
      return { lines, older: NOWHERE, newer: NOWHERE, more_older: false, more_newer: false, mark: null };
    },
    logLine: async () => null,
    followLogs: async (_from, _filter, take) => {
      const rate = Number(wanted.get("rate") ?? 2);
      const batch = () => take({ lines: Array.from({ length: rate }, () => line(0)), newer: NOWHERE });
      const timer = setInterval(batch, 1000);
      return () => clearInterval(timer);
    },
    searchLogs: async () => ({ hits: 0, kept: 0, bytes: 0, of: 0, entries: 0, done: true }),
    saveLogs: async () => {
      throw refused();
    },
  };
}

function chosen(name: string | null) {
  return name === "bare" || name === "planned" || name === "stuck" ? name : "finished";
}

function pick(name: string): Shown {
  const states = canned as unknown as Record<string, Shown>;
  const found = states[name] ?? states["eventful"];
  return aged(found) as Shown;
}

/** Moves every moment so that the observation was made two seconds ago. */
function aged(value: unknown): unknown {
  const shift = Date.now() - 2000 - OBSERVED;
  const text = JSON.stringify(value).replace(/"(\d{4}-\d\d-\d\dT[\d:.]+Z)"/g, (_, at: string) =>
    JSON.stringify(new Date(Date.parse(at) + shift).toISOString()),
  );
  return JSON.parse(text);
}

/** What does not depend on the state. */
const still = {
  trayCheck: async () => ({ steps: [{ sentence: "Gateward’s icon is shown.", holds: true }], advice: null }),
  zoom: async () => {},
  pulse: async () => ({ beats: beats() }),
  onPulse: async () => () => {},
  lookClosely: async () => {},
  environment: async () => cannedEnvironment(),
  preview: async () => {
    throw refused();
  },
  previewDiagnostics: async () => cannedDiagnostics,
  diagnosticsText: async (name: string) => `{\n  "of": "${name}",\n  "token": "••••••"\n}\n`,
  saveDiagnostics: async () => {
    throw refused();
  },
};

/** Five minutes of a gateway that works now and then. */
function beats(): Beat[] {
  return Array.from({ length: 150 }, (_, index) => ({
    at: new Date(Date.now() - (150 - index) * 2000).toISOString(),
    pid: 48_213,
    cpu_percent: 2 + 8 * Math.abs(Math.sin(index / 9)) ** 6,
    memory_bytes: 182_000_000 + 4_000_000 * Math.sin(index / 20),
    latency_ms: 4 + (index % 37 === 0 ? 18 : index % 3),
  }));
}

function line(secondsFromNow: number): LogLine {
  const index = Math.abs(secondsFromNow || Math.floor(Math.random() * LINES.length)) % LINES.length;
  const [level, source, text] = LINES[index] ?? ["info", "journal", ""];
  const at = level === "unknown" ? null : new Date(Date.now() + secondsFromNow * 1000).toISOString();
  return { at, source, level, subsystem: null, text, cut: 0, spot: { in: "journal", cursor: String(index) } };
}

function refused(): Problem {
  return { code: "not-possible-now", values: {}, cause: "This is a demo in a browser.", hints: [] };
}
