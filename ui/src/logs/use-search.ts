import { useEffect, useRef, useState } from "preact/hooks";
import type { Backend } from "../backend/backend";
import type { Anchor, LogFilter, Searched } from "../bindings";

export interface Search {
  /** How far the search has come; `null` before the first. */
  found: Searched | null;
  /** The hit that is shown, 0 is the oldest that can be gone to. */
  hit: number | null;
  failed: unknown;
  start(pattern: string, ignoresCase: boolean): void;
  next(): void;
  previous(): void;
  end(): void;
}

/** Looks for an expression in the whole log, and goes from hit to hit, the newest first. */
export function useSearch(backend: Backend, filter: LogFilter, go: (anchor: Anchor) => void): Search {
  const [found, setFound] = useState<Searched | null>(null);
  const [hit, setHit] = useState<number | null>(null);
  const [failed, fail] = useState<unknown>(null);
  const asked = useRef(0);
  const forget = () => {
    asked.current += 1;
    setFound(null);
    setHit(null);
    fail(null);
  };
  // Another filter has other hits.
  useEffect(forget, [filter]);
  const show = (wanted: number) => {
    setHit(wanted);
    go({ at: "hit", hit: wanted });
  };
  const start = async (pattern: string, ignoresCase: boolean) => {
    forget();
    const own = asked.current;
    try {
      const result = await backend.searchLogs(pattern, ignoresCase, filter, (soFar) => {
        if (asked.current === own) setFound(soFar);
      });
      if (asked.current !== own) return;
      setFound(result);
      if (result.kept > 0) show(result.kept - 1);
    } catch (reason) {
      if (asked.current === own) fail(reason);
    }
  };
  const step = (by: number) => {
    if (!found?.done || found.kept === 0) return;
    show(((hit ?? 0) + by + found.kept) % found.kept);
  };
  return {
    found,
    hit,
    failed,
    start: (pattern, ignoresCase) => void start(pattern, ignoresCase),
    next: () => step(1),
    previous: () => step(-1),
    end: forget,
  };
}
