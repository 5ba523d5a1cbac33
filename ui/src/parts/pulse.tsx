import { useEffect, useState } from "preact/hooks";
import type { Backend, Stop } from "../backend/backend";
import type { Beat, Shown } from "../bindings";
import { now, useTicking } from "../clock";
import { bytes, span } from "../time";
import { say } from "../words";

/** How long the lines reach back. */
const SPAN_MS = 5 * 60_000;

interface PulseProps {
  backend: Backend;
  shown: Shown;
  locale: string;
}

/** What the running gateway uses and how fast it answers, drawn as it is measured; nothing while none runs. */
export function Pulse({ backend, shown, locale }: PulseProps) {
  const beats = usePulse(backend);
  const supervised = shown.state.observation.supervised.value;
  if (supervised.status !== "running") return null;
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const ms = new Intl.NumberFormat(locale, { style: "unit", unit: "millisecond", unitDisplay: "short" });
  return (
    <section aria-labelledby="pulse">
      <h2 id="pulse">{say("window-pulse")}</h2>
      <ul class="pulse">
        {supervised.since && <Uptime since={supervised.since} locale={locale} />}
        <Line beats={beats} name={say("window-pulse-cpu")} of={(it) => it.cpu_percent} text={(it) => percent.format(it / 100)} least={5} />
        <Line
          beats={beats}
          name={say("window-pulse-memory")}
          of={(it) => it.memory_bytes}
          text={(it) => bytes(it, locale)}
          least={64_000_000}
        />
        <Line beats={beats} name={say("window-pulse-latency")} of={(it) => it.latency_ms} text={(it) => ms.format(it)} least={20} />
      </ul>
    </section>
  );
}

function Uptime({ since, locale }: { since: string; locale: string }) {
  useTicking();
  const seconds = Math.max(0, Math.floor((now.value - Date.parse(since)) / 1000));
  return (
    <li>
      <h3>{say("window-pulse-uptime")}</h3>
      <p class="value">{span(seconds, locale)}</p>
    </li>
  );
}

interface LineProps {
  beats: Beat[];
  name: string;
  of(beat: Beat): number | null;
  text(value: number): string;
  /** What the whole height means at least, so that nothing is not drawn as a storm. */
  least: number;
}

function Line({ beats, name, of, text, least }: LineProps) {
  const values = beats.map(of).filter((it) => it !== null);
  const last = values.at(-1);
  const most = values.length > 0 ? Math.max(...values) : null;
  const told = last === undefined || most === null ? say("window-pulse-none") : say("window-pulse-told", { now: text(last), most: text(most) });
  return (
    <li>
      <h3>{name}</h3>
      <p class="value">{last === undefined ? say("window-pulse-none") : text(last)}</p>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={`${name}: ${told}`}>
        <path d={path(beats, of, Math.max(least, most ?? 0))} />
      </svg>
    </li>
  );
}

const WIDTH = 120;
const HEIGHT = 32;

/** One stroke for each process: what was before a restart is not joined to what came after it. */
export function path(beats: Beat[], of: (beat: Beat) => number | null, top: number): string {
  const end = Date.parse(beats.at(-1)?.at ?? "");
  let drawn: number | null = null;
  const steps = beats.map((beat) => {
    const value = of(beat);
    const age = end - Date.parse(beat.at);
    if (value === null || age > SPAN_MS) {
      drawn = null;
      return "";
    }
    const pen = drawn === beat.pid ? "L" : "M";
    drawn = beat.pid;
    const x = WIDTH - (age / SPAN_MS) * WIDTH;
    const y = HEIGHT - 1 - (value / top) * (HEIGHT - 2);
    return `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  return steps.join("");
}

/** Asks for close measurement while the page is seen. */
function usePulse(backend: Backend): Beat[] {
  const [beats, hold] = useState<Beat[]>([]);
  useEffect(() => {
    const listening = backend.onPulse((pulse) => hold(pulse.beats));
    void listening.then(() => backend.pulse()).then((pulse) => hold(pulse.beats));
    const look = () => void backend.lookClosely(document.visibilityState === "visible");
    look();
    document.addEventListener("visibilitychange", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      void backend.lookClosely(false);
      void listening.then((stop: Stop) => stop());
    };
  }, [backend]);
  return beats;
}
