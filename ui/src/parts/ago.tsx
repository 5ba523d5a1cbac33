import { now, useTicking } from "../clock";
import { ago, moment } from "../time";

/** How long ago, ticking; the moment itself on hover and for machines. */
export function Ago({ at, locale }: { at: string; locale: string }) {
  useTicking();
  return (
    <time dateTime={at} title={moment(at, locale)}>
      {ago(at, now.value, locale)}
    </time>
  );
}

export function Moment({ at, locale }: { at: string; locale: string }) {
  return <time dateTime={at}>{moment(at, locale)}</time>;
}
