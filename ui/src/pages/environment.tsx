import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Backend } from "../backend/backend";
import type { Edit, Registered, Registration, Shown, WordView } from "../bindings";
import { Edits } from "../environment/edits";
import { useEnvironment } from "../environment/use-environment";
import { ValueForm, Variables } from "../environment/variables";
import { never } from "../never";
import { Breakable } from "../parts/breakable";
import { CopyButton } from "../parts/copy-button";
import { Empty } from "../parts/empty";
import { ProblemCard } from "../parts/problem-card";
import { problemSentence, say } from "../words";

export interface EnvironmentProps {
  shown: Shown;
  backend: Backend;
  locale: string;
  /** Takes the problem of the last action back. */
  dismiss(): void;
}

export function EnvironmentPage(props: EnvironmentProps) {
  return (
    <>
      <h1>{say("window-page-environment")}</h1>
      {props.shown.state.problem && <ProblemCard problem={props.shown.state.problem} dismiss={props.dismiss} />}
      {body(props, props.shown.state.observation.registered.value)}
    </>
  );
}

function body(props: EnvironmentProps, registered: Registered) {
  switch (registered.status) {
    case "missing":
      return (
        <Empty title={say("window-environment-none")} why={say("window-environment-none-why")}>
          <p>{say("window-registered-missing-at", { file: registered.file })}</p>
        </Empty>
      );
    case "unknown":
      return (
        <Empty
          title={say("window-environment-unreadable")}
          why={problemSentence(registered.why)}
          detail={registered.why.cause ?? registered.file}
        />
      );
    case "present":
      return <Definition {...props} registration={registered} />;
    default:
      return never(registered);
  }
}

function Definition({ shown, backend, locale, registration }: EnvironmentProps & { registration: Registration }) {
  const desk = useEnvironment(backend, shown, registration);
  const { view } = desk;
  const busy = shown.state.busy !== null;
  const note = view && !view.refusal && !busy ? desk.note : null;
  return (
    <>
      {view?.refusal && <p class="muted">{problemSentence(view.refusal)}</p>}
      <Edits desk={desk} locale={locale} busy={busy} />
      <Service
        shown={shown}
        registration={registration}
        command={view?.command ?? registration.command.map((text) => ({ text, warning: null }))}
        node={view?.lasting_node ?? null}
        note={note}
      />
      <section class="card" aria-labelledby="variables">
        <h2 id="variables">{say("window-variables")}</h2>
        {view ? <Variables rows={view.rows} note={note} /> : <Empty title={say("window-environment-reading")} busy />}
      </section>
    </>
  );
}

interface ServiceProps {
  shown: Shown;
  registration: Registration;
  command: WordView[];
  node: string | null;
  note: ((edit: Edit) => void) | null;
}

function Service({ shown, registration, command, node, note }: ServiceProps) {
  const author = shown.view.facts.find((fact) => fact.key === "registered")?.value;
  const { drop_ins: dropIns } = registration;
  return (
    <section class="card" aria-labelledby="service">
      <h2 id="service">{say("window-service")}</h2>
      <dl class="rows">
        <Row name={say("window-file")}>
          <Path text={registration.file} />
        </Row>
        <Row name={say("window-author")}>{author}</Row>
        <Row name={say("window-manager")}>{say(`window-manager-${shown.state.manager}`)}</Row>
        <Row name={say("window-drop-ins")}>
          {dropIns.length === 0 ? say("window-drop-ins-none") : dropIns.map((it) => <Path key={it} text={it} />)}
        </Row>
        <Row name={say("window-working-dir")}>
          <WorkingDir path={registration.working_dir} note={note} />
        </Row>
        <Row name={say("window-command")}>
          <Command words={command} />
          {node && note && (
            <button type="button" class="small" onClick={() => note({ edit: "node", path: node })}>
              {say("window-node-use", { path: node })}
            </button>
          )}
        </Row>
      </dl>
    </section>
  );
}

function WorkingDir({ path, note }: { path: string | null; note: ServiceProps["note"] }) {
  const [editing, edit] = useState(false);
  if (editing && note) {
    const done = (typed: string | null) => {
      if (typed !== null) note({ edit: "working-dir", path: typed.trim() === "" ? null : typed.trim() });
      edit(false);
    };
    return (
      <>
        <ValueForm name={say("window-working-dir")} start={path ?? ""} secret={false} done={done} />
        <p class="muted">{say("window-working-dir-hint")}</p>
      </>
    );
  }
  return (
    <>
      {path ? <Path text={path} /> : say("window-working-dir-none")}{" "}
      {note && (
        <button type="button" class="small" aria-label={say("window-working-dir-edit")} onClick={() => edit(true)}>
          {say("window-variable-edit")}
        </button>
      )}
    </>
  );
}

/** Each word apart, so that one with blanks is seen to be one; what will not outlive an update says so. */
function Command({ words }: { words: WordView[] }) {
  return (
    <>
      <ol class="argv">
        {words.map(({ text }, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- an argument has no other name than its place
          <li key={index}>
            <code>{text}</code>
          </li>
        ))}
      </ol>
      {words.map(
        ({ text, warning }) =>
          warning && (
            <p key={text} class="sign" data-tone="attention">
              {warning}
            </p>
          ),
      )}
    </>
  );
}

function Row({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Path({ text }: { text: string }) {
  return (
    <span class="path">
      <code>
        <Breakable text={text} />
      </code>
      <CopyButton text={text} />
    </span>
  );
}
