import { vi } from "vitest";
import type { Backend } from "../backend/backend";
import { eventful } from "../demo/history";
import { cannedSettings } from "../demo/settings";
import type { About, History, LogLine, Page, Request, SettingsView, Shown } from "../bindings";

/** A backend that a test steers by hand. */
export class Scripted implements Backend {
  asked: Request[] = [];
  refusal: unknown = null;
  days: number[] = [];
  told: History = eventful(Date.parse("2026-11-22T12:00:00Z"), 7, []);
  /** Each change as the program got it; `undo` for one that was taken back. */
  changed: [field: string, text: string][] = [];
  kept: SettingsView = cannedSettings("usual");
  ended = vi.fn();
  draw: (shown: Shown) => void = () => {};
  open: (page: Page) => void = () => {};
  write: (batch: LogLine[]) => void = () => {};
  redraw: (settings: SettingsView) => void = () => {};

  constructor(
    public first: Shown | null = null,
    public aboutUs: About = { version: "0.1.0", tray: true, locale: "en-GB", page: "overview" },
  ) {}

  about = async () => this.aboutUs;
  snapshot = async () => this.first;

  onState = async (draw: (shown: Shown) => void) => {
    this.draw = draw;
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

  followLogs = async (_lines: number, take: (batch: LogLine[]) => void) => {
    this.write = take;
    return this.ended;
  };
}

export function line(text: string, level: LogLine["level"] = "info"): LogLine {
  return { at: "2026-11-22T12:00:00.123Z", source: "journal", level, text };
}
