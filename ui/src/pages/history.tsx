import { useEffect, useState } from "preact/hooks";
import type { Backend } from "../backend/backend";
import type { Fate, History, PastNotice } from "../bindings";
import { never } from "../never";
import { Empty } from "../parts/empty";
import { Ago, Moment } from "../parts/ago";
import { Incidents } from "../parts/incidents";
import { Timeline } from "../parts/timeline";
import { span } from "../time";
import { say } from "../words";

const TIMES = [1, 7, 30];
const USUAL = 7;

interface HistoryProps {
  backend: Backend;
  locale: string;
  /** Changes when something happened, so that the page asks again. */
  newest: string;
  readLog(at: string): void;
}

export function HistoryPage({ backend, locale, newest, readLog }: HistoryProps) {
  const [days, choose] = useState(USUAL);
  const { history, failed } = useHistory(backend, days, newest);
  return (
    <>
      <div class="page-head">
        <h1>{say("window-page-history")}</h1>
        <div class="choices" role="group" aria-label={say("window-history-time")}>
          {TIMES.map((it) => (
            <button key={it} type="button" class="small" aria-pressed={it === days} onClick={() => choose(it)}>
              {say("window-history-days", { n: it })}
            </button>
          ))}
        </div>
      </div>
      {failed !== null && <Empty title={say("window-history-failed")} detail={failed} urgent />}
      {failed === null && !history && <Empty title={say("window-loading")} busy />}
      {failed === null && history && <Told history={history} locale={locale} readLog={readLog} />}
    </>
  );
}

interface ToldProps {
  history: History;
  locale: string;
  readLog(at: string): void;
}

function Told({ history, locale, readLog }: ToldProps) {
  return (
    <>
      <section class="card" aria-labelledby="uptime">
        <h2 id="uptime">{say("window-history-summary")}</h2>
        <Figures history={history} locale={locale} />
        <Timeline summary={history.summary} locale={locale} />
      </section>
      {history.reasons.length > 0 && <Reasons history={history} />}
      <section class="card" aria-labelledby="happened">
        <h2 id="happened">{say("window-incidents")}</h2>
        <Incidents
          incidents={history.incidents}
          backgrounds={history.backgrounds}
          locale={locale}
          readLog={readLog}
        />
      </section>
      <section class="card" aria-labelledby="told">
        <h2 id="told">{say("window-notices")}</h2>
        <Notices notices={history.notices} locale={locale} />
      </section>
    </>
  );
}

function Figures({ history, locale }: { history: History; locale: string }) {
  const { uptime_percent: percent, crashes, longest_outage: outage } = history.summary;
  const length = outage && (Date.parse(outage.until) - Date.parse(outage.from)) / 1000;
  return (
    <dl class="figures">
      <Figure name={say("window-history-up")}>{percent === null ? "–" : share(percent, locale)}</Figure>
      <Figure name={say("window-history-crashes")}>{crashes.toLocaleString(locale)}</Figure>
      <Figure name={say("window-history-outage")}>{length === null ? "–" : span(Math.round(length), locale)}</Figure>
    </dl>
  );
}

const Figure = ({ name, children }: { name: string; children: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

/** Cut, not rounded: 99.999 % is not 100 %. */
function share(percent: number, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 2 });
  return format.format(Math.floor(percent * 100) / 10_000);
}

function Reasons({ history }: { history: History }) {
  return (
    <section class="card" aria-labelledby="reasons">
      <h2 id="reasons">{say("window-history-reasons")}</h2>
      <ol class="ranking">
        {history.reasons.map((it) => (
          <li key={it.text}>
            <strong>{say("window-history-times", { n: it.count })}</strong> <span>{it.text}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Notices({ notices, locale }: { notices: PastNotice[]; locale: string }) {
  if (notices.length === 0) return <p class="muted">{say("window-notices-none")}</p>;
  return (
    <ol class="incidents notices">
      {notices.map((it) => (
        <li key={`${it.at} ${it.kind}`} data-fate={it.fate}>
          <div class="what">
            <p>
              <strong>{it.title}</strong> <span class="muted">{fateSentence(it.fate)}</span>
            </p>
            <p class="muted">{it.body}</p>
          </div>
          <p class="when">
            <Ago at={it.at} locale={locale} />
            <span class="muted">
              <Moment at={it.at} locale={locale} />
            </span>
          </p>
        </li>
      ))}
    </ol>
  );
}

function fateSentence(fate: Fate): string | null {
  switch (fate) {
    case "shown":
      return null;
    case "off":
      return say("window-notice-off");
    case "quiet":
      return say("window-notice-quiet");
    case "limited":
      return say("window-notice-limited");
    default:
      return never(fate);
  }
}

function useHistory(backend: Backend, days: number, newest: string) {
  const [history, hold] = useState<History | null>(null);
  const [failed, fail] = useState<string | null>(null);
  useEffect(() => {
    let wanted = true;
    backend.history(days).then(
      (told) => wanted && (hold(told), fail(null)),
      (reason: unknown) => wanted && fail(words(reason)),
    );
    return () => void (wanted = false);
  }, [backend, days, newest]);
  return { history, failed };
}

function words(reason: unknown): string {
  if (typeof reason === "object" && reason !== null && "cause" in reason) return String(reason.cause);
  return reason instanceof Error ? reason.message : String(reason);
}
