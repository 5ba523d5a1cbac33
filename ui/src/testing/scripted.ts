import { vi } from "vitest";
import type { Backend } from "../backend/backend";
import { cannedDiagnostics } from "../demo/diagnostics";
import { cannedEnvironment } from "../demo/environment";
import { eventful } from "../demo/history";
import { cannedSettings } from "../demo/settings";
import { cannedSetup } from "../demo/setup";
import { never } from "../never";
import type {
  About,
  Anchor,
  Deed,
  Edit,
  EnvironmentView,
  History,
  LogFilter,
  LogLine,
  LogNews,
  LogPage,
  Opening,
  Page,
  Position,
  Preview,
  Pulse,
  Request,
  Searched,
  SelfTest,
  SettingsView,
  SetupNews,
  SetupView,
  Shown,
  Sink,
} from "../bindings";

/** A backend that a test steers by hand. */
export class Scripted implements Backend {
  asked: Request[] = [];
  refusal: unknown = null;
  days: number[] = [];
  told: History = eventful(Date.parse("2026-11-22T12:00:00Z"), 7, []);
  /** Each change as the program got it; `undo` for one that was taken back. */
  changed: [field: string, text: string][] = [];
  kept: SettingsView = cannedSettings("usual");
  wizard: SetupView = cannedSetup("finished");
  /** What the next deed comes to, once it resolves. */
  doing: Promise<SetupView> | null = null;
  done: Deed[] = [];
  newsOf: (news: SetupNews) => void = () => {};
  ended = vi.fn();
  draw: (shown: Shown) => void = () => {};
  open: (page: Page) => void = () => {};
  retell: (about: About) => void = () => {};
  tested: SelfTest = { steps: [{ sentence: "Gateward’s icon is shown.", holds: true }], advice: null };
  zoomed: number[] = [];
  felt: Pulse = { beats: [] };
  beat: (pulse: Pulse) => void = () => {};
  looks = false;
  given: EnvironmentView = cannedEnvironment();
  planned: Preview = { steps: [{ sentence: "write /u.service", difference: "--- /u\n+++ /u\n-a\n+b" }] };
  previewed: Edit[][] = [];
  /** What the log holds, oldest first. */
  log: LogLine[] = [];
  sinks: Sink[] = [{ source: "journal", path: null, bytes: null }];
  /** Each page that was asked for. */
  pages: [anchor: Anchor, filter: LogFilter][] = [];
  searched: [pattern: string, ignoresCase: boolean][] = [];
  found: Searched = { hits: 0, kept: 0, bytes: 10, of: 10, entries: 0, done: true };
  /** Where a search stands still. */
  halfway: Searched | null = null;
  tell: (news: LogNews) => void = () => {};
  followed = 0;
  redraw: (settings: SettingsView) => void = () => {};

  constructor(
    public first: Shown | null = null,
    public aboutUs: About = { version: "0.1.0", tray: true, locale: "en-GB", page: null, setup_dismissed: false },
  ) {}

  /** What comes with the page. */
  brought: Opening | null = null;

  opening = () => this.brought;
  about = async () => this.aboutUs;
  snapshot = async () => this.first;

  onState = async (draw: (shown: Shown) => void) => {
    this.draw = draw;
    return this.ended;
  };

  onAbout = async (take: (about: About) => void) => {
    this.retell = take;
    return this.ended;
  };

  onPage = async (open: (page: Page) => void) => {
    this.open = open;
    return this.ended;
  };

  ask = async (request: Request) => {
    this.asked.push(request);
    if (this.refusal) throw this.refusal;
  };

  history = async (days: number) => {
    this.days.push(days);
    return this.told;
  };

  settings = async () => this.kept;

  onSettings = async (draw: (settings: SettingsView) => void) => {
    this.redraw = draw;
    return this.ended;
  };

  changeSetting = async (field: string, text: string) => {
    this.changed.push([field, text]);
    if (this.refusal) throw this.refusal;
    return this.kept;
  };

  undoSetting = async () => this.changeSetting("undo", "");

  setup = async () => this.wizard;

  setupDo = async (deed: Deed, tell: (news: SetupNews) => void) => {
    this.done.push(deed);
    this.newsOf = tell;
    if (this.refusal) throw this.refusal;
    return this.doing ? this.doing : this.wizard;
  };

  trayCheck = async () => this.tested;

  zoom = async (direction: number) => {
    this.zoomed.push(direction);
  };

  pulse = async () => this.felt;

  onPulse = async (draw: (pulse: Pulse) => void) => {
    this.beat = draw;
    return this.ended;
  };

  lookClosely = async (looks: boolean) => {
    this.looks = looks;
  };

  environment = async () => this.given;

  preview = async (edits: Edit[]) => {
    this.previewed.push(edits);
    if (this.refusal) throw this.refusal;
    return this.planned;
  };

  /** Collected, asked for by name, or saved, in turn. */
  helped: string[] = [];

  previewDiagnostics = async () => {
    this.helped.push("look");
    if (this.refusal) throw this.refusal;
    return cannedDiagnostics;
  };

  diagnosticsText = async (name: string) => {
    this.helped.push(name);
    if (this.refusal) throw this.refusal;
    return `the text of ${name}`;
  };

  saveDiagnostics = async () => {
    this.helped.push("save");
    if (this.refusal) throw this.refusal;
    return { path: "/home/anna/gateward.zip", size: "40 KiB" };
  };

  logSinks = async () => this.sinks;

  /** A place is the number of lines before it. */
  logPage = async (anchor: Anchor, filter: LogFilter, count: number): Promise<LogPage> => {
    this.pages.push([anchor, filter]);
    if (this.refusal) throw this.refusal;
    const half = count / 2;
    switch (anchor.at) {
      case "end":
        return this.page(this.log.length - count, this.log.length);
      case "before":
        return this.page(at(anchor.position) - count, at(anchor.position));
      case "after":
        return this.page(at(anchor.position), at(anchor.position) + count);
      case "time":
      case "hit": {
        const wanted = anchor.at === "hit" ? anchor.hit : this.log.findIndex((it) => (it.at ?? "") >= anchor.time);
        const page = this.page(wanted - half, wanted + half);
        return { ...page, mark: wanted - at(page.older) };
      }
      default:
        return never(anchor);
    }
  };

  logLine = async (): Promise<string | null> => null;

  followLogs = async (_from: Position, _filter: LogFilter, take: (news: LogNews) => void) => {
    this.followed += 1;
    this.tell = take;
    return this.ended;
  };

  searchLogs = async (pattern: string, ignoresCase: boolean, _filter: LogFilter, soFar: (found: Searched) => void) => {
    this.searched.push([pattern, ignoresCase]);
    if (this.refusal) throw this.refusal;
    if (!this.halfway) return this.found;
    soFar(this.halfway);
    return new Promise<Searched>(() => {});
  };

  saveLogs = async () => {
    if (this.refusal) throw this.refusal;
    return { path: "/home/anna/Downloads/x.log", lines: 2, cut: false };
  };

  /** The gateway writes. */
  write(batch: LogLine[]) {
    this.log.push(...batch);
    this.tell({ lines: batch, newer: position(this.log.length) });
  }

  private page(from: number, to: number): LogPage {
    const [first, last] = [Math.max(0, from), Math.min(this.log.length, to)];
    return {
      lines: this.log.slice(first, last),
      older: position(first),
      newer: position(last),
      more_older: first > 0,
      more_newer: last < this.log.length,
      mark: null,
    };
  }
}

const position = (byte: number): Position => ({ files: [{ file: 1, byte }], journal: { mark: "end" } });
const at = (place: Position) => place.files[0]?.byte ?? 0;

export function line(text: string, level: LogLine["level"] = "info"): LogLine {
  return {
    at: "2026-11-22T12:00:00.123Z",
    source: "journal",
    level,
    subsystem: null,
    text,
    cut: 0,
    spot: { in: "journal", cursor: "s=1" },
  };
}
