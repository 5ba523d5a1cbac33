import type { LogLine, LogNews, LogPage, Position } from "../bindings";
import { plain } from "./ansi";

export const MOST_LINES = 20_000;

/** A log line as the page keeps it. */
export interface Kept extends LogLine {
  /** Counts up over the whole session; the row's key. */
  seq: number;
  /** How many lines in a row say the same; 1 unless they are collapsed. */
  times: number;
}

/** Lines that came together, with the places on both sides of them. */
interface Piece {
  lines: Kept[];
  older: Position;
  newer: Position;
}

/**
 * The part of the log that the page holds: pieces that follow each other, at most `MOST_LINES` lines. Growing at one end lets go at the
 * other, so that the memory is bounded however long the log is.
 */
export class KeptLines {
  #pieces: Piece[] = [];
  #rows: Kept[] | null = null;
  #next = 0;
  #collapsed = false;
  /** There are older, or newer, lines than those that are kept. */
  moreOlder = false;
  moreNewer = false;

  get kept(): number {
    return this.#pieces.reduce((sum, piece) => sum + piece.lines.length, 0);
  }

  get older(): Position | null {
    return this.#pieces[0]?.older ?? null;
  }

  get newer(): Position | null {
    return this.#pieces.at(-1)?.newer ?? null;
  }

  /** What is drawn, oldest first. */
  get rows(): readonly Kept[] {
    return (this.#rows ??= this.#collapsed ? collapsed(this.#lines()) : this.#lines());
  }

  get collapsed(): boolean {
    return this.#collapsed;
  }

  collapse(wanted: boolean) {
    this.#collapsed = wanted;
    this.#rows = null;
  }

  /** Holds this page and nothing else. Gives the line that was asked for. */
  open(page: LogPage): Kept | null {
    this.#pieces = [this.#piece(page)];
    this.moreOlder = page.more_older;
    this.moreNewer = page.more_newer;
    this.#rows = null;
    return this.#pieces[0]?.lines[page.mark ?? -1] ?? null;
  }

  /** Gives how many rows were added above. */
  addOlder(page: LogPage): number {
    const before = this.rows.length;
    this.#pieces.unshift(this.#piece(page));
    this.moreOlder = page.more_older;
    this.#rows = null;
    const added = this.rows.length - before;
    while (this.kept > MOST_LINES && this.#pieces.length > 1) {
      this.#pieces.pop();
      this.moreNewer = true;
      this.#rows = null;
    }
    return added;
  }

  /** Gives how many rows were let go above. */
  addNewer(page: LogPage | LogNews): number {
    this.#pieces.push(this.#piece({ older: this.newer ?? page.newer, ...page }));
    if ("more_newer" in page) this.moreNewer = page.more_newer;
    this.#rows = null;
    const before = this.#count();
    while (this.kept > MOST_LINES && this.#pieces.length > 1) {
      this.#pieces.shift();
      this.moreOlder = true;
      this.#rows = null;
    }
    return before - this.#count();
  }

  /** How many rows there are; only collapsed ones have to be made for that. */
  #count(): number {
    return this.#collapsed ? this.rows.length : this.kept;
  }

  /** What was there comes back when the log is opened anew, and not by itself: an empty list stands at its begin, where older lines are read. */
  clear() {
    const end = this.newer;
    this.#pieces = end ? [{ lines: [], older: end, newer: end }] : [];
    this.moreOlder = false;
    this.#rows = null;
  }

  #lines(): Kept[] {
    return this.#pieces.flatMap((piece) => piece.lines);
  }

  #piece({ lines, older, newer }: { lines: LogLine[]; older: Position; newer: Position }): Piece {
    return { lines: lines.map((line) => this.#keep(line)), older, newer };
  }

  #keep(line: LogLine): Kept {
    this.#next += 1;
    return { ...line, seq: this.#next, times: 1, text: plain(line.text) };
  }
}

/** Lines in a row that say the same become the last of them. */
function collapsed(lines: Kept[]): Kept[] {
  const rows: Kept[] = [];
  for (const line of lines) {
    const last = rows.at(-1);
    if (last && isRepeat(last, line)) rows[rows.length - 1] = { ...line, times: last.times + 1 };
    else rows.push(line);
  }
  return rows;
}

function isRepeat(one: Kept, other: Kept): boolean {
  return one.source === other.source && one.level === other.level && untimed(one.text) === untimed(other.text);
}

/** A plain line begins with its own time. */
export function untimed(text: string): string {
  return text.replace(/^\[?\d{4}-\d\d-\d\dT\S+\s/, "");
}
