import type { Edit, Preview, Row, StepView } from "../bindings";
import { never } from "../never";
import { Ago } from "../parts/ago";
import { ProblemCard } from "../parts/problem-card";
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
      {desk.preview && <Plan preview={desk.preview} />}
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
      const secret = rows.some((row) => row.name === edit.name && row.secret) || SECRET.test(edit.name);
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

/** Rather too much than too little is hidden here; what becomes of the value is decided in Rust. */
export const SECRET = /TOKEN|SECRET|PASS|KEY|CREDENTIAL|COOKIE|DSN/i;

function Plan({ preview }: { preview: Preview }) {
  return (
    <div>
      <h3>{say("window-edits-plan")}</h3>
      <ol class="plan">
        {preview.steps.map((step, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- a step has no other name than its place
          <Step key={index} step={step} />
        ))}
      </ol>
    </div>
  );
}

const Step = ({ step }: { step: StepView }) => (
  <li>
    <p>{step.sentence}</p>
    {step.difference && <Difference text={step.difference} />}
  </li>
);

/** A unified diff; what goes and what comes is told by the sign, and by colour. */
const Difference = ({ text }: { text: string }) => (
  <pre class="diff" tabIndex={0}>
    {text
      .trimEnd()
      .split("\n")
      .map((line, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- a line has no other name than its place
        <span key={index} data-change={change(line)}>
          {`${line}\n`}
        </span>
      ))}
  </pre>
);

function change(line: string): "in" | "out" | undefined {
  if (line.startsWith("+++") || line.startsWith("---")) return undefined;
  if (line.startsWith("+")) return "in";
  return line.startsWith("-") ? "out" : undefined;
}
