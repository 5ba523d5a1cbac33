import { useState } from "preact/hooks";
import type { Incident, Level, LogFilter, Sink } from "../bindings";
import { bytes, moment } from "../time";
import { say } from "../words";

const FROM: (Level | "all")[] = ["all", "debug", "info", "warn", "error"];
/** Ranges that need no typing; `own` shows the two fields. */
const RANGES = ["", "15m", "1h", "24h", "own"];

interface FilterBarProps {
  filter: LogFilter;
  refine(filter: LogFilter): void;
  sinks: Sink[];
  incidents: Incident[];
  locale: string;
  goTo(time: string): void;
}

export function FilterBar({ filter, refine, sinks, incidents, locale, goTo }: FilterBarProps) {
  const level = (value: string) => FROM.find((it): it is Level => it === value && it !== "all") ?? null;
  return (
    <div class="controls">
      <label>
        <span>{say("window-logs-filter")}</span>
        <input
          type="search"
          value={filter.text}
          placeholder={say("window-logs-filter-hint")}
          spellcheck={false}
          onInput={(event) => refine({ ...filter, text: event.currentTarget.value })}
        />
      </label>
      <label>
        <span>{say("window-logs-level")}</span>
        <select
          value={filter.from ?? "all"}
          onChange={(event) => refine({ ...filter, from: level(event.currentTarget.value) })}
        >
          {FROM.map((it) => (
            <option key={it} value={it}>
              {say(`window-level-${it}`)}
            </option>
          ))}
        </select>
      </label>
      <label class="narrow">
        <span>{say("window-logs-subsystem")}</span>
        <input
          type="search"
          value={filter.subsystem}
          spellcheck={false}
          onChange={(event) => refine({ ...filter, subsystem: event.currentTarget.value })}
        />
      </label>
      <Range filter={filter} refine={refine} />
      <Sources filter={filter} refine={refine} sinks={sinks} locale={locale} />
      {incidents.length > 0 && <Incidents incidents={incidents} locale={locale} goTo={goTo} />}
    </div>
  );
}

function Range({ filter, refine }: Pick<FilterBarProps, "filter" | "refine">) {
  const [range, setRange] = useState("");
  const choose = (wanted: string) => {
    setRange(wanted);
    if (wanted !== "own") refine({ ...filter, since: wanted, until: "" });
  };
  const field = (name: "since" | "until") => (
    <label class="narrow">
      <span>{say(`window-logs-${name}`)}</span>
      <input
        type="text"
        value={filter[name]}
        placeholder={say("window-logs-time-hint")}
        spellcheck={false}
        onChange={(event) => refine({ ...filter, [name]: event.currentTarget.value })}
      />
    </label>
  );
  return (
    <>
      <label>
        <span>{say("window-logs-range")}</span>
        <select value={range} onChange={(event) => choose(event.currentTarget.value)}>
          {RANGES.map((it) => (
            <option key={it} value={it}>
              {say(`window-logs-range-${it || "all"}`)}
            </option>
          ))}
        </select>
      </label>
      {range === "own" && field("since")}
      {range === "own" && field("until")}
    </>
  );
}

function Sources({ filter, refine, sinks, locale }: Pick<FilterBarProps, "filter" | "refine" | "sinks" | "locale">) {
  const shown = sinks.filter((sink) => !filter.hidden.includes(sink.source)).length;
  const show = (source: string, wanted: boolean) => {
    const others = filter.hidden.filter((it) => it !== source);
    refine({ ...filter, hidden: wanted ? others : [...others, source] });
  };
  return (
    <details class="sources">
      <summary>{say("window-logs-sources", { shown, all: sinks.length })}</summary>
      <ul>
        {sinks.map(({ source, path, bytes: size }) => (
          <li key={source}>
            <label class="check" title={path ?? undefined}>
              <input
                type="checkbox"
                checked={!filter.hidden.includes(source)}
                onChange={(event) => show(source, event.currentTarget.checked)}
              />
              <span>{source}</span>
              {size !== null && <span class="muted">{bytes(size, locale)}</span>}
            </label>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Incidents({ incidents, locale, goTo }: Pick<FilterBarProps, "incidents" | "locale" | "goTo">) {
  return (
    <label>
      <span>{say("window-logs-incident")}</span>
      <select value="" onChange={(event) => event.currentTarget.value && goTo(event.currentTarget.value)}>
        <option value="">{say("window-logs-incident-choose")}</option>
        {incidents.map(({ id, at, kind }) => (
          <option key={id} value={at}>
            {`${moment(at, locale)} · ${say(`window-incident-${kind}`)}`}
          </option>
        ))}
      </select>
    </label>
  );
}
