import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

const TICK_MS = 1000;

/** Now, in ms since 1970; moves once per second while someone shows an age and the window is visible. */
export const now = signal(Date.now());

let showing = 0;
let timer: ReturnType<typeof setInterval> | undefined;

/** Keeps `now` moving while the calling component is on screen. */
export function useTicking() {
  useEffect(() => {
    showing += 1;
    settle();
    return () => {
      showing -= 1;
      settle();
    };
  }, []);
}

function settle() {
  const wanted = showing > 0 && document.visibilityState === "visible";
  if (wanted && timer === undefined) {
    now.value = Date.now();
    timer = setInterval(() => (now.value = Date.now()), TICK_MS);
  } else if (!wanted && timer !== undefined) {
    clearInterval(timer);
    timer = undefined;
  }
}

document.addEventListener("visibilitychange", settle);
