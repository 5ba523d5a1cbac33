import { type Edit, type Preview, type Row, SECRET_NAME } from "../bindings";
import { never } from "../never";
import { Ago } from "../parts/ago";
import { ProblemCard } from "../parts/problem-card";
import { Plan } from "../parts/plan";
import { say } from "../words";
import { subject, type EnvironmentDesk } from "./use-environment";

interface EditsProps {
  desk: EnvironmentDesk;
  locale: string;
  busy: boolean;
}

/** What is about to be changed, what that comes to, and the way back from the last change. */
export function Edits({ desk, locale, busy }: EditsProps) {
  const undo = desk.view?.undo ?? null;
  return (
    <div class="edits">
      {desk.failed && <ProblemCard problem={desk.failed} dismiss={desk.forget} />}
      {desk.edits.length > 0 && <Pending desk={desk} busy={busy} />}
      {desk.edits.length === 0 && undo && (
        <p class="path">
          <button type="button" class="small" aria-disabled={busy || undefined} onClick={() => !busy && void desk.undo(undo.change)}>
            {say("window-edits-undo")}
          </button>
          <span class="muted">
            <Ago at={undo.at} locale={locale} />
          </span>
        </p>
      )}
    </div>
  );
}

function Pending({ desk, busy }: { desk: EnvironmentDesk; busy: boolean }) {
  return (
    <section class="card" aria-labelledby="edits">
      <h2 id="edits">{say("window-edits", { n: desk.edits.length })}</h2>
      <ul class="edit-list">
        {desk.edits.map((edit) => (
          <li key={subject(edit)}>
            <span>{sentence(edit, desk.view?.rows.map((it) => it.row) ?? [])}</span>
            <button
              type="button"
              class="small"
              aria-label={say("window-edit-drop-name", { edit: subject(edit) })}
              onClick={() => desk.drop(edit)}
            >
              {say("window-edit-drop")}
            </button>
          </li>
        ))}
      </ul>
      {desk.preview && <Outcome preview={desk.preview} />}
      <div class="buttons">
        {desk.preview ? (
          <button type="button" data-primary aria-disabled={busy || undefined} onClick={() => !busy && void desk.apply()}>
            {say("window-edits-apply")}
          </button>
        ) : (
          <button type="button" data-primary onClick={() => void desk.look()}>
            {say("window-edits-preview")}
          </button>
        )}
        <button type="button" onClick={desk.discard}>
          {say("window-edits-discard")}
        </button>
      </div>
    </section>
  );
}

/** A secret is never repeated, not even the one that was just typed. */
function sentence(edit: Edit, rows: Row[]): string {
  switch (edit.edit) {
    case "set": {
      const secret = rows.some((row) => row.name === edit.name && row.secret) || SECRET_NAME.test(edit.name);
      return say("window-edit-set", { name: edit.name, value: secret ? DOTS : edit.value });
    }
    case "from-session": {
      const held = rows.find((row) => row.name === edit.name)?.session ?? "";
      return say("window-edit-set", { name: edit.name, value: held });
    }
    case "unset":
      return say("window-edit-unset", { name: edit.name });
    case "working-dir":
      return edit.path ? say("window-edit-working-dir", { path: edit.path }) : say("window-edit-working-dir-none");
    case "node":
      return say("window-edit-node", { path: edit.path });
    default:
      return never(edit);
  }
}

const DOTS = "••••••";

function Outcome({ preview }: { preview: Preview }) {
  return (
    <div>
      <h3>{say("window-edits-plan")}</h3>
      <Plan steps={preview.steps} />
    </div>
  );
}
