import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { clockTime, moment } from "../time";
import { say } from "../words";
import { type Kept, untimed } from "./kept-lines";
import type { Log } from "./use-log";

/** Every row has the same height, as `--row` in logs.css. */
export const ROW_PX = 22;
/** Drawn above and below what is seen, so that a fast scroll shows no gap. */
const MARGIN_ROWS = 12;
/** So near an end the page reads on. */
const NEAR_ROWS = 200;
/** Rows that are kept for others; of more, on a very high screen, so many times as many. */
const SLOTS = 128;
/** Before the list was measured, and where nothing can be measured. */
const GUESSED_HEIGHT_PX = 440;

interface LogListProps {
  log: Log;
  locale: string;
  /** The `seq` of the chosen line. */
  chosen: number | null;
  choose(line: Kept): void;
}

/** Draws only the rows that can be seen. Stays at the newest line until someone scrolls away from it. */
export function LogList({ log, locale, chosen, choose }: LogListProps) {
  const id = useId();
  const lines = log.lines.rows;
  const { box, top, height, follows, toEnd, onScroll, reveal } = useScroll(log, lines);
  const time = useMemo(() => clockTime(locale), [locale]);
  const first = Math.max(0, Math.floor(top / ROW_PX) - MARGIN_ROWS);
  const last = Math.min(lines.length, Math.ceil((top + height) / ROW_PX) + MARGIN_ROWS);
  const onKeyDown = (event: KeyboardEvent) => {
    const at = moved(event.key, lines.findIndex((line) => line.seq === chosen), lines.length, height);
    const line = at === null ? undefined : lines[at];
    if (at === null || !line) return;
    event.preventDefault();
    choose(line);
    reveal(at);
  };
  const visible = lines.slice(first, last);
  // A row that has left the screen is written anew for one that comes: making rows costs more than the rest of a frame.
  const slots = SLOTS * Math.ceil(visible.length / SLOTS);
  return (
    <div class="log-frame">
      <div
        class="log-list"
        ref={box}
        role="listbox"
        tabIndex={0}
        aria-label={say("window-logs-list")}
        aria-busy={log.busy}
        aria-activedescendant={visible.some((line) => line.seq === chosen) ? `${id}-${chosen}` : undefined}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
      >
        <div class="log-extent" role="presentation" style={{ height: `${lines.length * ROW_PX}px` }}>
          <div class="log-rows" role="presentation" style={{ transform: `translateY(${first * ROW_PX}px)` }}>
            {visible.map((line, index) => (
              <Row
                key={(first + index) % slots}
                id={`${id}-${line.seq}`}
                line={line}
                locale={locale}
                time={time}
                place={first + index + 1}
                count={lines.length}
                chosen={line.seq === chosen}
                choose={choose}
              />
            ))}
          </div>
        </div>
      </div>
      {(!follows || log.lines.moreNewer) && (
        <button type="button" class="to-end" onClick={() => void toEnd()}>
          {say("window-logs-end")}
        </button>
      )}
    </div>
  );
}

interface RowProps {
  id: string;
  line: Kept;
  locale: string;
  time(at: string): string;
  place: number;
  count: number;
  chosen: boolean;
  choose(line: Kept): void;
}

function Row({ id, line, locale, time, place, count, chosen, choose }: RowProps) {
  const { at, subsystem, text } = line;
  return (
    // The list holds the focus and answers the keys for all of its rows.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      class="log-row"
      id={id}
      role="option"
      aria-selected={chosen}
      aria-posinset={place}
      aria-setsize={count}
      data-level={line.level}
      onClick={() => choose(line)}
    >
      <span class="at" title={at ? moment(at, locale) : undefined}>
        {at && time(at)}
      </span>
      <span class="level">{say(`window-level-${line.level}`)}</span>
      <span class="source">{line.source}</span>
      <span class="said">
        {line.times > 1 && <b class="times">{say("window-logs-times", { n: line.times })}</b>}
        {subsystem && !text.includes(`[${subsystem}]`) && <span class="subsystem">{subsystem} </span>}
        <span class="text">{at ? untimed(text) : text}</span>
      </span>
    </div>
  );
}

/** Which line a key leads to; `null` when the key is not the list's. */
function moved(key: string, from: number, count: number, height: number): number | null {
  const screen = Math.max(1, Math.floor(height / ROW_PX) - 1);
  const start = from < 0 ? count : from;
  const steps: Record<string, number> = {
    ArrowUp: start - 1,
    ArrowDown: start + 1,
    PageUp: start - screen,
    PageDown: start + screen,
    Home: 0,
    End: count - 1,
  };
  const to = steps[key];
  return to === undefined ? null : Math.min(Math.max(to, 0), count - 1);
}

function useScroll(log: Log, lines: readonly Kept[]) {
  const count = lines.length;
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(GUESSED_HEIGHT_PX);
  const [follows, setFollows] = useState(true);
  useLayoutEffect(() => {
    const list = box.current;
    if (!list || typeof ResizeObserver === "undefined") return undefined;
    const measure = new ResizeObserver(() => setHeight(list.clientHeight || GUESSED_HEIGHT_PX));
    measure.observe(list);
    return () => measure.disconnect();
  }, []);
  const scrollTo = (wanted: number) => {
    const list = box.current;
    if (!list) return;
    list.scrollTop = wanted;
    setTop(Math.max(0, wanted));
  };
  useLayoutEffect(() => {
    const shift = log.moved();
    if (follows) scrollTo(Math.max(0, count * ROW_PX - height));
    else if (shift !== 0 && box.current) scrollTo(box.current.scrollTop + shift * ROW_PX);
  }, [lines, follows, height]);
  // A line that was gone to stands in the middle.
  useLayoutEffect(() => {
    const row = log.shown ? lines.findIndex((line) => line.seq === log.shown?.line.seq) : -1;
    if (row < 0) return;
    setFollows(false);
    scrollTo(Math.max(0, row * ROW_PX - height / 2));
  }, [log.shown]);
  const rows = Math.floor(top / ROW_PX);
  useEffect(() => {
    // Where the list stands by now: at its first drawing the state is still at the top.
    const row = Math.floor((box.current?.scrollTop ?? 0) / ROW_PX);
    if (row < NEAR_ROWS) log.more("older");
    if (row + NEAR_ROWS > count) log.more("newer");
  }, [rows, count]);
  const onScroll = () => {
    const list = box.current;
    if (!list) return;
    setTop(list.scrollTop);
    setFollows(!log.lines.moreNewer && list.scrollTop + height >= (count - 1) * ROW_PX);
  };
  const reveal = (row: number) => {
    const list = box.current;
    if (!list) return;
    const above = row * ROW_PX;
    if (above < list.scrollTop) list.scrollTop = above;
    else if (above + ROW_PX > list.scrollTop + height) list.scrollTop = above + ROW_PX - height;
    onScroll();
  };
  const toEnd = async () => {
    // The end of what is kept is not the log's: followed before the newest lines are there, it would be left again.
    if (log.lines.moreNewer) await log.go({ at: "end" });
    if (!log.lines.moreNewer) setFollows(true);
  };
  return { box, top, height, follows, toEnd, onScroll, reveal };
}
