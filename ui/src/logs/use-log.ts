import { useEffect, useRef, useState } from "preact/hooks";
import type { Backend, Stop } from "../backend/backend";
import type { LogLine } from "../bindings";
import { type Filter, KeptLines, MOST_LINES } from "./kept-lines";

const LINES_AT_START = 2_000;

export interface Log {
  lines: KeptLines;
  /** How many lines wait while the page is paused. */
  waiting: number;
  paused: boolean;
  pause(paused: boolean): void;
  filter(filter: Filter): void;
  clear(): void;
  /** Why lines cannot be followed. */
  failed: unknown;
}

/** Follows the log while the calling page is open. Batches between two frames are drawn once. */
export function useLog(backend: Backend): Log {
  const [, redraw] = useState(0);
  const [failed, fail] = useState<unknown>(null);
  const [paused, setPaused] = useState(false);
  const held = useRef({ lines: new KeptLines(), waiting: [] as LogLine[], paused: false, frame: 0 }).current;
  const draw = () => {
    held.frame ||= requestAnimationFrame(() => {
      held.frame = 0;
      redraw((count) => count + 1);
    });
  };
  useEffect(() => {
    const take = (batch: LogLine[]) => {
      if (held.paused) held.waiting = held.waiting.concat(batch).slice(-MOST_LINES);
      else held.lines.add(batch);
      draw();
    };
    const stop = follow(backend, take, fail);
    return () => {
      stop();
      cancelAnimationFrame(held.frame);
    };
  }, [backend]);
  const pause = (wanted: boolean) => {
    held.paused = wanted;
    if (!wanted) held.lines.add(held.waiting.splice(0));
    setPaused(wanted);
  };
  const filter = (wanted: Filter) => {
    held.lines.filter(wanted);
    draw();
  };
  const clear = () => {
    held.lines.clear();
    held.waiting = [];
    draw();
  };
  return { lines: held.lines, waiting: held.waiting.length, paused, pause, filter, clear, failed };
}

/** Stops even when asked to before the program has answered. */
function follow(backend: Backend, take: (batch: LogLine[]) => void, fail: (reason: unknown) => void): Stop {
  let open = true;
  let stop: Stop | undefined;
  backend
    .followLogs(LINES_AT_START, (batch) => open && take(batch))
    .then((end) => (open ? (stop = end) : end()))
    .catch((reason: unknown) => open && fail(reason));
  return () => {
    open = false;
    stop?.();
  };
}
