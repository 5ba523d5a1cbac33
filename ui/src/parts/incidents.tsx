import { useState } from "preact/hooks";
import type { Background, By, Exit, Incident, IncidentKind, Tone } from "../bindings";
import { never } from "../never";
import { span } from "../time";
import { say } from "../words";
import { Ago, Moment } from "./ago";
import { CopyButton } from "./copy-button";
import { Empty } from "./empty";
import { ToneIcon } from "./icons";

const FIRST = 8;

export interface IncidentsProps {
  incidents: Incident[];
  /** One for each incident, in their order. */
  backgrounds: Background[];
  locale: string;
  /** Opens the log at that moment. */
  readLog(at: string): void;
}

export function Incidents({ incidents, backgrounds, locale, readLog }: IncidentsProps) {
  const [all, showAll] = useState(false);
  if (incidents.length === 0) {
    return <Empty title={say("window-incidents-none")} why={say("window-incidents-none-why")} />;
  }
  const older = incidents.length - FIRST;
  return (
    <>
      <ol class="incidents">
        {incidents.slice(0, all ? undefined : FIRST).map((incident, index) => (
          <IncidentRow
            key={`${incident.id} ${incident.kind} ${incident.at}`}
            incident={incident}
            background={backgrounds[index]}
            locale={locale}
            readLog={readLog}
          />
        ))}
      </ol>
      {older > 0 && !all && (
        <button type="button" class="small" onClick={() => showAll(true)}>
          {say("window-more", { n: older })}
        </button>
      )}
    </>
  );
}

interface RowProps {
  incident: Incident;
  background: Background | undefined;
  locale: string;
  readLog(at: string): void;
}

function IncidentRow({ incident, background, locale, readLog }: RowProps) {
  const { last_words: words } = incident;
  return (
    <li data-kind={incident.kind} data-tone={incidentTone(incident.kind)}>
      <ToneIcon tone={incidentTone(incident.kind)} />
      <div class="what">
        <p>
          <strong>{say(`window-incident-${incident.kind}`)}</strong>{" "}
          <span class="muted">{circumstances(incident, locale).join(" · ")}</span>
        </p>
        {background?.cause && <p>{background.cause}</p>}
        {background?.command && (
          <div class="command">
            <code>{background.command}</code>
            <CopyButton text={background.command} />
          </div>
        )}
        {background?.changed && <p class="muted">{background.changed}</p>}
        {words.length > 0 && (
          <details>
            <summary>{say("window-last-words", { n: words.length })}</summary>
            <pre tabIndex={0}>{words.join("\n")}</pre>
          </details>
        )}
      </div>
      <p class="when">
        <Ago at={incident.at} locale={locale} />
        <span class="muted">
          <Moment at={incident.at} locale={locale} />
        </span>
        <button type="button" class="small" onClick={() => readLog(incident.at)}>
          {say("window-logs-here")}
        </button>
      </p>
    </li>
  );
}

function circumstances(incident: Incident, locale: string): string[] {
  const { exit, by, pid, uptime_s: uptime, restarts, detail } = incident;
  return [
    detail,
    exit && exitSentence(exit),
    bySentence(by),
    pid !== null && say("window-incident-pid", { pid: String(pid) }),
    uptime !== null && say("window-incident-after", { for: span(uptime, locale) }),
    restarts !== null && restarts > 0 && say("window-incident-restarts", { n: restarts }),
  ].filter((text): text is string => Boolean(text));
}

function exitSentence(exit: Exit): string {
  switch (exit.how) {
    case "code":
      return say("window-exit-code", { code: String(exit.code) });
    case "signal":
      return say(exit.core ? "window-exit-core" : "window-exit-signal", { signal: String(exit.signal) });
    default:
      return never(exit);
  }
}

function bySentence(by: By): string | null {
  switch (by) {
    case "itself":
      return null;
    case "gateward":
      return say("window-incident-by-gateward");
    case "outside":
      return say("window-incident-by-outside");
    case "openclaw":
      return say("window-incident-by-openclaw");
    case "systemctl":
      return say("window-incident-by-systemctl");
    case "oom-killer":
      return say("window-incident-by-oom-killer");
    case "logout":
      return say("window-incident-by-logout");
    case "shutdown":
      return say("window-incident-by-shutdown");
    default:
      return never(by);
  }
}

export function incidentTone(kind: IncidentKind): Tone {
  switch (kind) {
    case "started":
    case "recovered":
    case "credential-renewed":
    case "installed":
      return "good";
    case "stopped":
    case "uninstalled":
      return "idle";
    case "restarted":
      return "working";
    case "config-changed":
    case "definition-changed":
    case "version-changed":
    case "slept":
    case "clock-jumped":
      return "idle";
    case "credential-ending":
    case "signal-ignored":
    case "port-taken":
    case "hung":
    case "killed-at-deadline":
      return "attention";
    case "crash":
    case "gave-up":
    case "config-error":
    case "credential-over":
      return "problem";
    default:
      return never(kind);
  }
}
