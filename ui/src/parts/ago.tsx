import { now, useTicking } from "../clock";
import { usePainted } from "../frame";
import { ago, moment } from "../time";

/** Holds the line's height. */
const NOTHING = "\u00a0";

/** How long ago, ticking; the moment itself on hover and for machines. */
export function Ago({ at, locale }: { at: string; locale: string }) {
  useTicking();
  const present = now.value;
  // The first formats of a new window take as long as much of the page.
  if (!usePainted()) return <time dateTime={at}>{NOTHING}</time>;
  return (
    <time dateTime={at} title={moment(at, locale)}>
      {ago(at, present, locale)}
    </time>
  );
}

export function Moment({ at, locale }: { at: string; locale: string }) {
  return <time dateTime={at}>{moment(at, locale)}</time>;
}
