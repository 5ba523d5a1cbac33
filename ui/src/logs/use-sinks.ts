import { useEffect, useState } from "preact/hooks";
import type { Backend } from "../backend/backend";
import type { Sink } from "../bindings";

const LOOK_MS = 5_000;
/** The growth is that of the last minute. */
const SPAN_MS = 60_000;

export interface Sinks {
  list: Sink[];
  bytes: number;
  /** Bytes per minute; `null` until two looks can be compared. */
  growth: number | null;
}

/** Where the lines go and how much there is, looked at while the page is open. */
export function useSinks(backend: Backend): Sinks {
  const [sinks, setSinks] = useState<Sinks>({ list: [], bytes: 0, growth: null });
  useEffect(() => {
    let open = true;
    let looks: { at: number; bytes: number }[] = [];
    const look = async () => {
      const list = await backend.logSinks().catch(() => []);
      if (!open) return;
      const now = { at: performance.now(), bytes: list.reduce((sum, sink) => sum + (sink.bytes ?? 0), 0) };
      looks = [...looks.filter(({ at }) => now.at - at <= SPAN_MS), now];
      setSinks({ list, bytes: now.bytes, growth: growth(looks) });
    };
    void look();
    const timer = setInterval(() => void look(), LOOK_MS);
    return () => {
      open = false;
      clearInterval(timer);
    };
  }, [backend]);
  return sinks;
}

function growth(looks: { at: number; bytes: number }[]): number | null {
  const [first, last] = [looks[0], looks.at(-1)];
  if (!first || !last || last.at === first.at) return null;
  // A log that was emptied has not grown by less than nothing.
  return Math.max(0, ((last.bytes - first.bytes) * SPAN_MS) / (last.at - first.at));
}
