import { useEffect, useState } from "preact/hooks";
import { say } from "../words";

const SAID_MS = 2000;

interface CopyProps {
  /** What is long to make is made when it is wanted. */
  text: string | (() => string);
  /** What a screen reader calls it; the text itself unless it is long. */
  name?: string;
}

/** Puts `text` on the clipboard and says whether that worked. */
export function CopyButton({ text, name }: CopyProps) {
  const [said, setSaid] = useState<"window-copied" | "window-not-copied" | null>(null);
  useEffect(() => {
    if (!said) return undefined;
    const timer = setTimeout(() => setSaid(null), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async () => setSaid((await copied(typeof text === "string" ? text : text())) ? "window-copied" : "window-not-copied");
  return (
    <>
      <button type="button" class="small" aria-label={say("window-copy-what", { what: name ?? String(text) })} onClick={copy}>
        {say(said ?? "window-copy")}
      </button>
      <span class="unseen" role="status">
        {said && say(said)}
      </span>
    </>
  );
}

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedBySelection(text);
  }
}

/** Web views whose pages are no secure context have no clipboard object. */
function copiedBySelection(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "unseen";
  document.body.append(area);
  area.select();
  const done = document.execCommand?.("copy") ?? false;
  area.remove();
  return done;
}
