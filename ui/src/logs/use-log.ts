import { useEffect, useRef, useState } from "preact/hooks";
import type { Backend, Stop } from "../backend/backend";
import type { Anchor, LogFilter, LogNews, LogPage } from "../bindings";
import { type Kept, KeptLines } from "./kept-lines";

/** Lines of one page; a screen holds some thirty. */
export const PAGE_LINES = 1_000;
/** While the log is paused, so many batches wait; of more the newest lines are read again when it goes on. */
const MOST_WAITING = 20;

export const NO_FILTER: LogFilter = { from: null, hidden: [], subsystem: "", since: "", until: "", text: "" };

export interface Log {
  lines: KeptLines;
  /** How many lines wait while the page is paused. */
  waiting: number;
  paused: boolean;
  /** Older lines are being looked for. */
  busy: boolean;
  /** The line that was gone to; a new object each time. */
  shown: { line: Kept } | null;
  pause(paused: boolean): void;
  filter(filter: LogFilter): void;
  collapse(collapsed: boolean): void;
  clear(): void;
  /** Ends when what stands there has been read, or something else was gone to. */
  go(anchor: Anchor): Promise<void>;
  /** Reads on at an end of what is held. */
  more(end: "older" | "newer"): void;
  /** Rows that came (or, below zero, went) above, to be scrolled by; asked for once. */
  moved(): number;
  failed: unknown;
  /** Some lines are not wanted. */
  filtered: boolean;
}

/** The log while the calling page is open, at `first`. Batches between two frames are drawn once. */
export function useLog(backend: Backend, first: Anchor): Log {
  const [, redraw] = useState(0);
  const log = useRef<Reading | null>(null);
  log.current ??= new Reading(backend, () => redraw((count) => count + 1));
  const reading = log.current;
  useEffect(() => {
    void reading.go(first);
    return () => reading.end();
  }, [backend]);
  return reading.view();
}

/** What the page reads, and who tells of more of it. */
class Reading {
  lines = new KeptLines();
  paused = false;
  busy = false;
  failed: unknown = null;
  shown: { line: Kept } | null = null;
  #filter = NO_FILTER;
  #held: LogNews[] = [];
  /** Lines that came while it was paused, held or not. */
  #waiting = 0;
  #frame = 0;
  #moved = 0;
  /** Counts up; what an older question is answered with is thrown away. */
  #asked = 0;
  #stop: Stop = () => {};
  #open = true;

  constructor(
    private backend: Backend,
    private redraw: () => void,
  ) {}

  /** Another object each time: components are not drawn again for properties that stayed what they were. */
  view(): Log {
    const { lines, paused, busy, shown, failed, pause, filter, collapse, clear, go, more, moved } = this;
    const waiting = this.#waiting;
    const filtered = this.#filter !== NO_FILTER;
    return { lines, paused, busy, shown, failed, pause, filter, collapse, clear, go, more, moved, waiting, filtered };
  }

  pause = (wanted: boolean) => {
    this.paused = wanted;
    const held = this.#release();
    if (!wanted && held.length > MOST_WAITING) return void this.go({ at: "end" });
    if (!wanted) held.forEach((news) => this.#take(news));
    this.#draw();
  };

  filter = (wanted: LogFilter) => {
    this.#filter = wanted;
    void this.go({ at: "end" });
  };

  collapse = (wanted: boolean) => {
    this.lines.collapse(wanted);
    this.#draw();
  };

  clear = () => {
    this.lines.clear();
    this.#release();
    this.#draw();
  };

  go = async (anchor: Anchor) => {
    const asked = this.#begin();
    try {
      let page = await this.#ask(anchor);
      // A filter that fits little may need more than one look.
      while (this.#asked === asked && this.#open && page.lines.length === 0 && page.more_older && anchor.at === "end") {
        // oxlint-disable-next-line no-await-in-loop -- each look goes on from where the last one ended
        const older = await this.#ask({ at: "before", position: page.older });
        page = { ...older, newer: page.newer, more_newer: page.more_newer };
      }
      if (this.#asked !== asked || !this.#open) return;
      const marked = this.lines.open(page);
      this.shown = marked && { line: marked };
      this.failed = null;
      if (!page.more_newer) await this.#follow(asked);
    } catch (reason) {
      if (this.#asked === asked) this.failed = reason;
    } finally {
      this.#done(asked);
    }
  };

  more = (end: "older" | "newer") => void this.#more(end);

  moved = () => {
    const moved = this.#moved;
    this.#moved = 0;
    return moved;
  };

  end() {
    this.#open = false;
    this.#asked += 1;
    this.#stop();
    cancelAnimationFrame(this.#frame);
  }

  async #more(end: "older" | "newer") {
    const position = end === "older" ? this.lines.older : this.lines.newer;
    const wanted = end === "older" ? this.lines.moreOlder : this.lines.moreNewer;
    if (!wanted || !position || this.busy) return;
    const asked = this.#asked;
    this.busy = true;
    try {
      const page = await this.#ask({ at: end === "older" ? "before" : "after", position });
      if (this.#asked !== asked) return;
      const { moreNewer } = this.lines;
      this.#moved += end === "older" ? this.lines.addOlder(page) : -this.lines.addNewer(page);
      // What was let go is not to be followed; what ends at the newest line is.
      if (end === "older" && this.lines.moreNewer && !moreNewer) this.#stop();
      if (end === "newer" && !this.lines.moreNewer) await this.#follow(asked);
    } catch (reason) {
      if (this.#asked === asked) this.failed = reason;
    } finally {
      this.#done(asked);
    }
  }

  #ask(anchor: Anchor): Promise<LogPage> {
    return this.backend.logPage(anchor, this.#filter, PAGE_LINES);
  }

  #begin(): number {
    this.#stop();
    this.#stop = () => {};
    this.#release();
    this.busy = true;
    this.#asked += 1;
    return this.#asked;
  }

  #done(asked: number) {
    if (this.#asked !== asked) return;
    this.busy = false;
    this.#draw();
  }

  async #follow(asked: number) {
    const { newer } = this.lines;
    if (!newer) return;
    let going = true;
    const take = (news: LogNews) => {
      if (!going || this.#asked !== asked) return;
      if (this.paused) this.#hold(news);
      else this.#take(news);
      this.#draw();
    };
    const stop = await this.backend.followLogs(newer, this.#filter, take);
    this.#stop = () => {
      if (going) stop();
      going = false;
    };
    if (this.#asked !== asked || !this.#open) this.#stop();
  }

  #hold(news: LogNews) {
    this.#held = this.#held.slice(-MOST_WAITING).concat(news);
    this.#waiting += news.lines.length;
  }

  /** Nothing waits from here on; gives the newest of what did. */
  #release(): LogNews[] {
    this.#waiting = 0;
    return this.#held.splice(0);
  }

  #take(news: LogNews) {
    this.#moved -= this.lines.addNewer(news);
  }

  #draw() {
    if (!this.#open) return;
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.redraw();
    });
  }
}
