import type { Level, LogLine } from "../bindings";
import { plain } from "./ansi";

export const MOST_LINES = 20_000;
/** Longer lines are cut in memory: 20,000 lines of 1 MB each would not fit. */
export const MOST_CHARACTERS = 4_000;

/** A log line as the page keeps it. */
export interface Kept {
  /** Counts up over the whole session; the row's key. */
  seq: number;
  at: string | null;
  source: string;
  level: Level;
  /** Without control sequences, at most `MOST_CHARACTERS`. */
  text: string;
  /** How many characters were cut off. */
  cut: number;
}

export interface Filter {
  /** The least level that is shown; `null` shows everything. */
  from: Level | null;
  /** Plain text, matched without regard to case. */
  text: string;
}

const LOUDNESS: Record<Level, number> = { debug: 0, unknown: 1, info: 1, warn: 2, error: 3 };

/** The newest lines, at most `MOST_LINES`, and those of them that pass the filter. */
export class KeptLines {
  #kept: Kept[] = [];
  #fitting: Kept[] = [];
  #next = 0;
  #filter: Filter = { from: null, text: "" };
  /** Lines were let go. */
  full = false;

  get kept(): number {
    return this.#kept.length;
  }

  /** Oldest first. */
  get fitting(): readonly Kept[] {
    return this.#fitting;
  }

  add(batch: readonly LogLine[]) {
    const newest = batch.slice(-MOST_LINES).map((line) => this.#keep(line));
    this.full ||= this.#kept.length + batch.length > MOST_LINES;
    this.#kept = this.#kept.concat(newest).slice(-MOST_LINES);
    const oldest = this.#kept[0]?.seq ?? 0;
    const first = this.#fitting.findIndex((line) => line.seq >= oldest);
    const staying = first < 0 ? [] : this.#fitting.slice(first);
    this.#fitting = staying.concat(newest.filter(fits(this.#filter)));
  }

  filter(filter: Filter) {
    this.#filter = filter;
    this.#fitting = this.#kept.filter(fits(filter));
  }

  clear() {
    this.#kept = [];
    this.#fitting = [];
    this.full = false;
  }

  #keep(line: LogLine): Kept {
    // Cut before cleaning too, so that a line of megabytes costs no more than it shows; twice, as sequences take room.
    const text = plain(line.text.slice(0, 2 * MOST_CHARACTERS));
    const short = text.slice(0, MOST_CHARACTERS);
    const beyond = Math.max(0, line.text.length - 2 * MOST_CHARACTERS);
    this.#next += 1;
    return { ...line, seq: this.#next, text: short, cut: text.length - short.length + beyond };
  }
}

function fits(filter: Filter): (line: Kept) => boolean {
  const least = filter.from === null ? -1 : LOUDNESS[filter.from];
  const needle = filter.text.trim().toLowerCase();
  return (line) =>
    LOUDNESS[line.level] >= least && (needle === "" || line.text.toLowerCase().includes(needle));
}
