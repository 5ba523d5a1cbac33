import { useEffect, useState } from "preact/hooks";
import type { Backend } from "../backend/backend";
import type { Incident, LogFilter, Saved, WindowView } from "../bindings";
import { FilterBar } from "../logs/filter-bar";
import { type Kept, MOST_LINES } from "../logs/kept-lines";
import { LogList } from "../logs/log-list";
import { SearchBar } from "../logs/search-bar";
import { type Log, NO_FILTER, useLog } from "../logs/use-log";
import { useSearch } from "../logs/use-search";
import { type Sinks, useSinks } from "../logs/use-sinks";
import { CopyButton } from "../parts/copy-button";
import { Empty } from "../parts/empty";
import { ToneIcon } from "../parts/icons";
import { ProblemCard } from "../parts/problem-card";
import { asProblem } from "../store";
import { bytes, moment } from "../time";
import { problemSentence, say } from "../words";

interface LogsProps {
  backend: Backend;
  locale: string;
  view: WindowView | null;
  incidents: Incident[];
  /** Where to begin; `null` for the newest lines. */
  moment: string | null;
}

export function LogsPage({ backend, locale, view, incidents, moment: first }: LogsProps) {
  const log = useLog(backend, first === null ? { at: "end" } : { at: "time", time: first });
  const sinks = useSinks(backend);
  const [filter, setFilter] = useState<LogFilter>(NO_FILTER);
  const [chosen, choose] = useState<Kept | null>(null);
  const search = useSearch(backend, filter, log.go);
  useEffect(() => {
    if (log.shown) choose(log.shown.line);
  }, [log.shown]);
  const refine = (wanted: LogFilter) => {
    setFilter(wanted);
    log.filter(wanted);
  };
  return (
    <div class="logs">
      <div class="section-head">
        <h1>{say("window-page-logs")}</h1>
        {view && (
          <p class="verdict" data-tone={view.tone}>
            <ToneIcon tone={view.tone} />
            {view.headline}
          </p>
        )}
      </div>
      <SearchBar search={search} />
      <FilterBar
        filter={filter}
        refine={refine}
        sinks={sinks.list}
        incidents={incidents}
        locale={locale}
        goTo={(time) => log.go({ at: "time", time })}
      />
      <Lines log={log} locale={locale} chosen={chosen} choose={choose} />
      {chosen && <WholeLine backend={backend} line={chosen} locale={locale} />}
      <Foot backend={backend} log={log} filter={filter} sinks={sinks} locale={locale} />
    </div>
  );
}

interface LinesProps {
  log: Log;
  locale: string;
  chosen: Kept | null;
  choose(line: Kept): void;
}

function Lines({ log, locale, chosen, choose }: LinesProps) {
  const { lines, failed, busy } = log;
  if (failed) return <Empty {...failure(failed)} urgent />;
  if (lines.rows.length > 0) {
    return <LogList log={log} locale={locale} chosen={chosen?.seq ?? null} choose={choose} />;
  }
  if (busy) return <Empty title={say("window-logs-reading")} busy />;
  if (log.filtered) return <Empty title={say("window-logs-nothing-fits")} />;
  return <Empty title={say("window-logs-none")} why={say("window-logs-none-why")} />;
}

function failure(failed: unknown): { title: string; detail: string | undefined } {
  const problem = asProblem(failed);
  return { title: problemSentence(problem), detail: problem.cause ?? undefined };
}

/** The chosen line in full as it was written, broken to the width of the page. */
function WholeLine({ backend, line, locale }: { backend: Backend; line: Kept; locale: string }) {
  const [whole, setWhole] = useState<string | null>(null);
  useEffect(() => {
    let wanted = true;
    setWhole(null);
    backend.logLine(line.spot).then((text) => wanted && setWhole(text), () => {});
    return () => {
      wanted = false;
    };
  }, [line.seq]);
  const text = whole ?? line.text;
  return (
    <section class="whole-line" aria-label={say("window-logs-line")}>
      <pre tabIndex={0}>
        {text}
        {whole === null && line.cut > 0 && <em> {say("window-logs-cut", { n: line.cut })}</em>}
      </pre>
      <p>
        <span class="muted">{[line.at && moment(line.at, locale), line.source].filter(Boolean).join(" · ")}</span>
        <CopyButton text={text} name={say("window-logs-line")} />
      </p>
    </section>
  );
}

interface FootProps {
  backend: Backend;
  log: Log;
  filter: LogFilter;
  sinks: Sinks;
  locale: string;
}

function Foot({ backend, log, filter, sinks, locale }: FootProps) {
  const { lines } = log;
  const copied = () => lines.rows.map(asText).join("\n");
  return (
    <div class="log-foot">
      <p class="muted counts">{counts(log, sinks, locale)}</p>
      <span class="buttons">
        <label class="check">
          <input
            type="checkbox"
            checked={lines.collapsed}
            onChange={(event) => log.collapse(event.currentTarget.checked)}
          />
          {say("window-logs-collapse")}
        </label>
        <button type="button" class="small" aria-pressed={log.paused} onClick={() => log.pause(!log.paused)}>
          {say(log.paused ? "window-logs-resume" : "window-logs-pause")}
        </button>
        <button type="button" class="small" onClick={() => log.clear()}>
          {say("window-logs-clear")}
        </button>
        <CopyButton text={copied} name={say("window-logs-shown")} />
        <Save backend={backend} filter={filter} />
      </span>
    </div>
  );
}

/** Says where the file is, or why there is none. */
function Save({ backend, filter }: { backend: Backend; filter: LogFilter }) {
  const [saved, setSaved] = useState<Saved | null>(null);
  const [failed, fail] = useState<unknown>(null);
  const save = async () => {
    setSaved(null);
    fail(null);
    await backend.saveLogs(filter).then(setSaved, fail);
  };
  return (
    <>
      <button type="button" class="small" onClick={() => void save()}>
        {say("window-logs-save")}
      </button>
      <p class="saved" role="status">
        {saved && say(saved.cut ? "window-logs-saved-cut" : "window-logs-saved", { n: saved.lines, path: saved.path })}
      </p>
      {failed !== null && <ProblemCard problem={asProblem(failed)} dismiss={() => fail(null)} />}
    </>
  );
}

function asText({ at, level, source, subsystem, text, times }: Kept): string {
  const named = subsystem && !text.includes(`[${subsystem}]`) ? `[${subsystem}] ${text}` : text;
  return `${at ?? ""} ${level} ${source} ${named}${times > 1 ? ` ×${times}` : ""}`.trim();
}

/** The journal's entries of one unit have no size that anybody tells. */
const hasFiles = (sinks: Sinks) => sinks.list.some((sink) => sink.bytes !== null);

function counts({ lines, paused, waiting }: Log, sinks: Sinks, locale: string): string {
  return [
    say("window-logs-count-all", { kept: lines.rows.length }),
    hasFiles(sinks) && say("window-logs-size", { size: bytes(sinks.bytes, locale) }),
    sinks.list.some((sink) => sink.bytes === null) && say("window-logs-size-journal"),
    hasFiles(sinks) && sinks.growth !== null && say("window-logs-growth", { size: bytes(sinks.growth, locale) }),
    lines.kept >= MOST_LINES && say("window-logs-full", { most: MOST_LINES }),
    paused && say("window-logs-paused", { waiting }),
  ]
    .filter(Boolean)
    .join(" · ");
}
