import { useId } from "preact/hooks";
import type { ActionView, Busy, Request } from "../bindings";
import { say } from "../words";

interface ActionsProps {
  actions: ActionView[];
  busy: Busy | null;
  request(request: Request): void;
}

/** The actions in one row; those that cannot be asked for stay reachable by keyboard and say why. */
export function Actions({ actions, busy, request }: ActionsProps) {
  const reasons = useId();
  return (
    <div class="actions" role="group" aria-label={say("window-actions")}>
      <div class="buttons">
        {actions.map((it) => (
          <ActionButton key={it.action.act} it={it} busy={busy} request={request} reasons={`${reasons}-${it.action.act}`} />
        ))}
      </div>
      {!busy && <Reasons actions={actions} id={reasons} />}
    </div>
  );
}

interface ActionButtonProps {
  it: ActionView;
  busy: Busy | null;
  request(request: Request): void;
  reasons: string;
}

function ActionButton({ it, busy, request, reasons }: ActionButtonProps) {
  const refused = it.reason !== null;
  const working = busy?.action.act === it.action.act;
  return (
    <>
      <button
        type="button"
        data-action={it.action.act}
        data-primary={it.primary || undefined}
        data-working={working || undefined}
        aria-disabled={refused}
        aria-describedby={refused ? reasons : undefined}
        title={it.reason ?? undefined}
        onClick={() => refused || request({ ask: "act", action: it.action })}
      >
        {working && <span class="spinner" aria-hidden="true" />}
        {it.label}
      </button>
      {refused && (
        <span class="unseen" id={reasons}>
          {it.reason}
        </span>
      )}
    </>
  );
}

/** One line per reason, naming the actions it stands for. The buttons carry the same text themselves. */
function Reasons({ actions, id }: { actions: ActionView[]; id: string }) {
  const refused = actions.filter((it) => it.reason !== null);
  const reasons = [...new Set(refused.map((it) => it.reason))];
  return (
    <ul class="reasons" id={id} aria-hidden="true">
      {reasons.map((reason) => (
        <li key={reason}>
          {say("window-reason", {
            labels: refused.filter((it) => it.reason === reason).map((it) => it.label).join(", "),
            reason: reason ?? "",
          })}
        </li>
      ))}
    </ul>
  );
}
