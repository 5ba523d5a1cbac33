import { useState } from "preact/hooks";
import type { Backend } from "../backend/backend";
import type { Level, WindowView } from "../bindings";
import { type Filter, type Kept, MOST_LINES } from "../logs/kept-lines";
import { LogList } from "../logs/log-list";
import { type Log, useLog } from "../logs/use-log";
import { CopyButton } from "../parts/copy-button";
import { Empty } from "../parts/empty";
import { ToneIcon } from "../parts/icons";
import { problemSentence, say } from "../words";

const FROM: (Level | "all")[] = ["all", "debug", "info", "warn", "error"];

interface LogsProps {
  backend: Backend;
  locale: string;
  view: WindowView | null;
}

export function LogsPage({ backend, locale, view }: LogsProps) {
  const log = useLog(backend);
  const [filter, setFilter] = useState<Filter>({ from: null, text: "" });
  const [chosen, choose] = useState<Kept | null>(null);
  const refine = (wanted: Filter) => {
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
      <Controls log={log} filter={filter} refine={refine} />
      <Lines log={log} locale={locale} chosen={chosen} choose={choose} />
      {chosen && <WholeLine line={chosen} />}
      <p class="muted counts">{counts(log)}</p>
    </div>
  );
}

interface ControlsProps {
  log: Log;
  filter: Filter;
  refine(filter: Filter): void;
}

function Controls({ log, filter, refine }: ControlsProps) {
  const { from, text } = filter;
  const level = (value: string) => FROM.find((it): it is Level => it === value && it !== "all") ?? null;
  return (
    <div class="controls" role="search">
      <label>
        <span>{say("window-logs-filter")}</span>
        <input
          type="search"
          value={text}
          placeholder={say("window-logs-filter-hint")}
          spellcheck={false}
          onInput={(event) => refine({ from, text: event.currentTarget.value })}
        />
      </label>
      <label>
        <span>{say("window-logs-level")}</span>
        <select value={from ?? "all"} onChange={(event) => refine({ text, from: level(event.currentTarget.value) })}>
          {FROM.map((it) => (
            <option key={it} value={it}>
              {say(`window-level-${it}`)}
            </option>
          ))}
        </select>
      </label>
      <span class="buttons">
        <button type="button" aria-pressed={log.paused} onClick={() => log.pause(!log.paused)}>
          {say(log.paused ? "window-logs-resume" : "window-logs-pause")}
        </button>
        <button type="button" onClick={() => log.clear()}>
          {say("window-logs-clear")}
        </button>
      </span>
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
  const { lines, failed } = log;
  if (failed) return <Empty {...failure(failed)} urgent />;
  if (lines.kept === 0) return <Empty title={say("window-logs-none")} why={say("window-logs-none-why")} />;
  if (lines.fitting.length === 0) return <Empty title={say("window-logs-nothing-fits")} />;
  return <LogList lines={lines.fitting} locale={locale} chosen={chosen?.seq ?? null} choose={choose} />;
}

function failure(failed: unknown): { title: string; detail: string | undefined } {
  if (typeof failed === "object" && failed !== null && "code" in failed && "values" in failed) {
    const problem = failed as Parameters<typeof problemSentence>[0];
    return { title: problemSentence(problem), detail: problem.cause ?? undefined };
  }
  return { title: say("window-logs-failed"), detail: String(failed) };
}

/** The chosen line in full, broken to the width of the page. */
function WholeLine({ line }: { line: Kept }) {
  return (
    <section class="whole-line" aria-label={say("window-logs-line")}>
      <pre tabIndex={0}>
        {line.text}
        {line.cut > 0 && <em> {say("window-logs-cut", { n: line.cut })}</em>}
      </pre>
      <p>
        <span class="muted">{line.source}</span>
        <CopyButton text={line.text} />
      </p>
    </section>
  );
}

function counts({ lines, paused, waiting }: Log): string {
  const shown = lines.fitting.length;
  return [
    shown === lines.kept ? say("window-logs-count-all", { kept: lines.kept }) : say("window-logs-count", { shown, kept: lines.kept }),
    lines.full && say("window-logs-full", { most: MOST_LINES }),
    paused && say("window-logs-paused", { waiting }),
  ]
    .filter(Boolean)
    .join(" · ");
}
