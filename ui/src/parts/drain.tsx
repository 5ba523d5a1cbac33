import { now, useTicking } from "../clock";
import type { Drain, Request } from "../bindings";
import { span } from "../time";
import { say } from "../words";

interface DrainProps {
  drain: Drain;
  locale: string;
  request(request: Request): void;
}

/** What a stopping gateway is waited for and how long still. Waiting needs no button: it is what happens by itself. */
export function DrainCard({ drain, locale, request }: DrainProps) {
  useTicking();
  const names = drain.awaits.join(", ");
  const left = drain.until === null ? null : Math.max(0, Math.ceil((Date.parse(drain.until) - now.value) / 1000));
  return (
    <div class="drain" role="group" aria-label={say("window-drain")}>
      <p>{names ? say("window-drain-awaits", { names }) : say("window-drain-finishing")}</p>
      {left !== null && <p>{say("window-drain-left", { left: span(left, locale) })}</p>}
      <button type="button" onClick={() => request({ ask: "force-stop" })}>
        {say("window-drain-force")}
      </button>
    </div>
  );
}
