import type { About, History, LogLine, Page, Request, SettingsView, Shown } from "../bindings";

/** Ends a subscription. Safe to call twice. */
export type Stop = () => void;

/** Everything the window can ask of the program around it. */
export interface Backend {
  about(): Promise<About>;
  /** The newest state; `null` before the first observation. */
  snapshot(): Promise<Shown | null>;
  onState(draw: (shown: Shown) => void): Promise<Stop>;
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
  /** Sends the last `lines` lines, oldest first, then each new one, in batches. */
  followLogs(lines: number, take: (batch: LogLine[]) => void): Promise<Stop>;
}
