import { useId, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { clockTime } from "../time";
import { say } from "../words";
import type { Kept } from "./kept-lines";

/** Every row has the same height, as `--row` in logs.css. */
export const ROW_PX = 22;
/** Drawn above and below what is seen, so that a fast scroll shows no gap. */
const MARGIN_ROWS = 12;
/** Before the list was measured, and where nothing can be measured. */
const GUESSED_HEIGHT_PX = 440;

interface LogListProps {
  /** Oldest first. */
  lines: readonly Kept[];
  locale: string;
  /** The `seq` of the chosen line. */
  chosen: number | null;
  choose(line: Kept): void;
}

/** Draws only the rows that can be seen. Stays at the newest line until someone scrolls away from it. */
export function LogList({ lines, locale, chosen, choose }: LogListProps) {
  const id = useId();
  const { box, top, height, follows, toEnd, onScroll, reveal } = useScroll(lines.length);
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
  return (
    <div class="log-frame">
      <div
        class="log-list"
        ref={box}
        role="listbox"
        tabIndex={0}
        aria-label={say("window-logs-list")}
        aria-activedescendant={visible.some((line) => line.seq === chosen) ? `${id}-${chosen}` : undefined}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
      >
        <div class="log-extent" role="presentation" style={{ height: `${lines.length * ROW_PX}px` }}>
          <div class="log-rows" role="presentation" style={{ transform: `translateY(${first * ROW_PX}px)` }}>
            {visible.map((line, index) => (
              <Row
                key={line.seq}
                id={`${id}-${line.seq}`}
                line={line}
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
      {!follows && (
        <button type="button" class="to-end" onClick={toEnd}>
          {say("window-logs-end")}
        </button>
      )}
    </div>
  );
}

interface RowProps {
  id: string;
  line: Kept;
  time(at: string): string;
  place: number;
  count: number;
  chosen: boolean;
  choose(line: Kept): void;
}

function Row({ id, line, time, place, count, chosen, choose }: RowProps) {
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
      <span class="at">{line.at && time(line.at)}</span>
      <span class="level">{say(`window-level-${line.level}`)}</span>
      <span class="source">{line.source}</span>
      <span class="text">{line.text}</span>
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

function useScroll(count: number) {
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
  useLayoutEffect(() => {
    if (follows && box.current) {
      box.current.scrollTop = count * ROW_PX;
      setTop(Math.max(0, count * ROW_PX - height));
    }
  }, [count, follows, height]);
  const onScroll = () => {
    const list = box.current;
    if (!list) return;
    setTop(list.scrollTop);
    setFollows(list.scrollTop + list.clientHeight >= list.scrollHeight - ROW_PX);
  };
  const reveal = (row: number) => {
    const list = box.current;
    if (!list) return;
    const above = row * ROW_PX;
    if (above < list.scrollTop) list.scrollTop = above;
    else if (above + ROW_PX > list.scrollTop + height) list.scrollTop = above + ROW_PX - height;
    onScroll();
  };
  return { box, top, height, follows, toEnd: () => setFollows(true), onScroll, reveal };
}
