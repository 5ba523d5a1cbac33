import { useEffect, useState } from "preact/hooks";
import { now, useTicking } from "../clock";
import { ago, moment } from "../time";

/** How long ago, ticking; the moment itself on hover and for machines. */
export function Ago({ at, locale }: { at: string; locale: string }) {
  useTicking();
  const [title, setTitle] = useState<string>();
  // After the page is drawn: the first format of a new window takes as long as much of the page.
  useEffect(() => setTitle(moment(at, locale)), [at, locale]);
  return (
    <time dateTime={at} title={title}>
      {ago(at, now.value, locale)}
    </time>
  );
}

export function Moment({ at, locale }: { at: string; locale: string }) {
  return <time dateTime={at}>{moment(at, locale)}</time>;
}
