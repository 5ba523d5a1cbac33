import type { Being, Stretch, Summary } from "../bindings";
import { never } from "../never";
import { moment, span } from "../time";
import { say } from "../words";

/** Units across; a stretch that would be thinner than `THINNEST` is drawn that wide, so that a short outage is seen. */
const WIDTH = 1000;
const HEIGHT = 28;
const THINNEST = 4;

/** Outages last, so that none is hidden under its neighbours. */
const ORDER: Being[] = ["unknown", "stopped", "up", "down"];

const LEGEND: Being[] = ["up", "down", "stopped", "unknown"];

/** A stretch of time as a bar: each part has its colour, its height and its words, so that colour is never the only sign. */
export function Timeline({ summary, locale }: { summary: Summary; locale: string }) {
  const from = Date.parse(summary.since);
  const whole = Math.max(Date.parse(summary.until) - from, 1);
  const place = (at: string) => ((Date.parse(at) - from) / whole) * WIDTH;
  const drawn = ORDER.flatMap((being) => summary.stretches.filter((it) => it.being === being));
  return (
    <figure class="timeline">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={told(summary, locale)}>
        {drawn.map((it) => (
          <Part key={it.from} stretch={it} x={place(it.from)} width={place(it.until) - place(it.from)} locale={locale} />
        ))}
      </svg>
      <figcaption>
        <span>{moment(summary.since, locale)}</span>
        <ul class="legend">
          {LEGEND.map((it) => (
            <li key={it} data-being={it}>
              {beingWord(it)}
            </li>
          ))}
        </ul>
        <span>{moment(summary.until, locale)}</span>
      </figcaption>
    </figure>
  );
}

function Part({ stretch, x, width, locale }: { stretch: Stretch; x: number; width: number; locale: string }) {
  const top = topOf(stretch.being);
  const shown = Math.max(width, THINNEST);
  const left = Math.min(x, WIDTH - shown);
  return (
    <rect data-being={stretch.being} x={left} y={top} width={shown} height={HEIGHT - top}>
      <title>{sentence(stretch, locale)}</title>
    </rect>
  );
}

/** Up stands tall, an outage fills the whole height, what is unknown lies low. */
function topOf(being: Being): number {
  switch (being) {
    case "down":
      return 0;
    case "up":
      return 6;
    case "stopped":
      return 18;
    case "unknown":
      return 24;
    default:
      return never(being);
  }
}

function beingWord(being: Being): string {
  return say(`window-being-${being}`);
}

function length(stretch: Stretch): number {
  return Math.round((Date.parse(stretch.until) - Date.parse(stretch.from)) / 1000);
}

function sentence(stretch: Stretch, locale: string): string {
  return `${beingWord(stretch.being)}: ${moment(stretch.from, locale)}, ${span(length(stretch), locale)}`;
}

/** The picture in words: the outages, which are what one looks for. */
function told(summary: Summary, locale: string): string {
  const outages = summary.stretches.filter((it) => it.being === "down");
  const heading = say("window-timeline", { n: outages.length });
  return [heading, ...outages.slice(0, 10).map((it) => sentence(it, locale))].join("; ");
}
