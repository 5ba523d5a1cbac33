import type {
  About,
  Anchor,
  Deed,
  DiagnosticsPreview,
  DiagnosticsSaved,
  Edit,
  EnvironmentView,
  History,
  LogFilter,
  LogNews,
  LogPage,
  Opening,
  Page,
  Position,
  Preview,
  Pulse,
  Request,
  Saved,
  SelfTest,
  Searched,
  SettingsView,
  SetupNews,
  SetupView,
  Shown,
  Sink,
  Spot,
} from "../bindings";

/** Ends a subscription. Safe to call twice. */
export type Stop = () => void;

/** Everything the window can ask of the program around it. */
export interface Backend {
  /** What came with the page; `null` where nothing did. */
  opening(): Opening | null;
  about(): Promise<About>;
  /** The newest state; `null` before the first observation. */
  snapshot(): Promise<Shown | null>;
  onState(draw: (shown: Shown) => void): Promise<Stop>;
  /** Told when another language is spoken. */
  onAbout(take: (about: About) => void): Promise<Stop>;
  onPage(open: (page: Page) => void): Promise<Stop>;
  /** Rejects with a `Problem`. */
  ask(request: Request): Promise<void>;
  /** What happened within the last `days`. Rejects with a `Problem`. */
  history(days: number): Promise<History>;
  settings(): Promise<SettingsView>;
  onSettings(draw: (settings: SettingsView) => void): Promise<Stop>;
  /** Sets `field` to what was typed; an empty text is the default again. Rejects with a `Problem`. */
  changeSetting(field: string, text: string): Promise<SettingsView>;
  /** Takes the last change back. Rejects with a `Problem`. */
  undoSetting(): Promise<SettingsView>;
  /** Where the wizard stands. Rejects with a `Problem`. */
  setup(): Promise<SetupView>;
  /** Does one thing of the wizard's and tells how it goes on. What fails is part of the view. Rejects with a `Problem`. */
  setupDo(deed: Deed, tell: (news: SetupNews) => void): Promise<SetupView>;
  /** Why the tray icon is shown or not. */
  trayCheck(): Promise<SelfTest>;
  /** One step larger (1) or smaller (-1), or the usual size (0). */
  zoom(direction: number): Promise<void>;
  /** What the gateway uses, over the last minutes. */
  pulse(): Promise<Pulse>;
  onPulse(draw: (pulse: Pulse) => void): Promise<Stop>;
  /** Whether it is to be measured often. */
  lookClosely(looks: boolean): Promise<void>;
  /** What the service is given. Rejects with a `Problem`. */
  environment(): Promise<EnvironmentView>;
  /** What applying the edits would do; nothing is changed. Rejects with a `Problem`. */
  preview(edits: Edit[]): Promise<Preview>;
  logSinks(): Promise<Sink[]>;
  /** About `count` lines at `anchor`. Rejects with a `Problem`. */
  logPage(anchor: Anchor, filter: LogFilter, count: number): Promise<LogPage>;
  /** A line in full; `null` when there is no more of it. Rejects with a `Problem`. */
  logLine(spot: Spot): Promise<string | null>;
  /** Sends each new line behind `from`, in batches. Rejects with a `Problem`. */
  followLogs(from: Position, filter: LogFilter, take: (news: LogNews) => void): Promise<Stop>;
  /** Tells how far it has come, and what was found. Ends an older search. Rejects with a `Problem`. */
  searchLogs(
    pattern: string,
    ignoresCase: boolean,
    filter: LogFilter,
    tell: (soFar: Searched) => void,
  ): Promise<Searched>;
  /** Rejects with a `Problem`. */
  saveLogs(filter: LogFilter): Promise<Saved>;
  /** Collects what whoever helps needs to know, and lists it. Rejects with a `Problem`. */
  previewDiagnostics(): Promise<DiagnosticsPreview>;
  /** One text of what was collected last, as it would be saved. Rejects with a `Problem`. */
  diagnosticsText(name: string): Promise<string>;
  /** Saves what was collected last. Rejects with a `Problem`. */
  saveDiagnostics(): Promise<DiagnosticsSaved>;
}
