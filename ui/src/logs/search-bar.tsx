import { useRef, useState } from "preact/hooks";
import { asProblem } from "../store";
import { problemSentence, say } from "../words";
import type { Search } from "./use-search";

/** Enter goes to the newest hit, then to older ones; Shift+Enter to newer ones; Escape ends the search. */
export function SearchBar({ search }: { search: Search }) {
  const [pattern, setPattern] = useState("");
  const [ignoresCase, setIgnoresCase] = useState(true);
  const last = useRef("");
  const start = () => {
    last.current = `${ignoresCase}${pattern}`;
    search.start(pattern, ignoresCase);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      setPattern("");
      search.end();
    } else if (event.key === "Enter" && pattern !== "") {
      event.preventDefault();
      if (!search.found || last.current !== `${ignoresCase}${pattern}`) start();
      else if (event.shiftKey) search.next();
      else search.previous();
    }
  };
  const canStep = search.found?.done === true && search.found.kept > 0;
  return (
    <div class="search-bar" role="search">
      <label>
        <span>{say("window-logs-search")}</span>
        <input
          type="search"
          value={pattern}
          placeholder={say("window-logs-search-hint")}
          spellcheck={false}
          aria-invalid={search.failed !== null}
          onInput={(event) => setPattern(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={ignoresCase}
          onChange={(event) => setIgnoresCase(event.currentTarget.checked)}
        />
        {say("window-logs-ignore-case")}
      </label>
      <span class="buttons">
        <button type="button" disabled={pattern === ""} onClick={start}>
          {say("window-logs-find")}
        </button>
        <button type="button" disabled={!canStep} onClick={search.previous}>
          {say("window-logs-previous")}
        </button>
        <button type="button" disabled={!canStep} onClick={search.next}>
          {say("window-logs-next")}
        </button>
      </span>
      <p class="muted hits" role="status">
        {told(search)}
      </p>
    </div>
  );
}

function told({ found, hit, failed }: Search): string {
  if (failed) {
    const problem = asProblem(failed);
    return [problemSentence(problem), problem.cause].filter(Boolean).join(" ");
  }
  if (!found) return "";
  if (!found.done && found.entries > 0) return say("window-logs-searching-journal", { hits: found.hits, entries: found.entries });
  if (!found.done) {
    const percent = found.of > 0 ? Math.floor((100 * found.bytes) / found.of) : 0;
    return say("window-logs-searching", { hits: found.hits, percent });
  }
  if (found.hits === 0) return say("window-logs-no-hit");
  return hit === null
    ? say("window-logs-hits", { hits: found.hits })
    : say("window-logs-hit-of", { hit: found.hits - found.kept + hit + 1, hits: found.hits });
}
