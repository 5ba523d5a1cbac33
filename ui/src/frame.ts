import { useEffect, useState } from "preact/hooks";

/** In a window that nobody sees no frame comes. */
const UNSEEN_MS = 500;

/** Calls `then` once what is drawn now stands on the screen. */
export function afterFrame(then: () => void) {
  const call = () => {
    clearTimeout(unseen);
    cancelAnimationFrame(frame);
    setTimeout(then);
  };
  const unseen = setTimeout(call, UNSEEN_MS);
  const frame = requestAnimationFrame(call);
}

let painted = false;

/** Whether the window has stood on the screen once: what lies below the first screenful of a new window waits for that. */
export function usePainted(): boolean {
  const [seen, see] = useState(painted);
  useEffect(() => {
    painted = true;
    see(true);
  }, []);
  return seen;
}
