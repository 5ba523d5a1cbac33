import type { ComponentChildren } from "preact";
import type { Registered, Registration, Shown, Variable } from "../bindings";
import { never } from "../never";
import { Breakable } from "../parts/breakable";
import { CopyButton } from "../parts/copy-button";
import { Empty } from "../parts/empty";
import { problemSentence, say } from "../words";

export function EnvironmentPage({ shown }: { shown: Shown }) {
  return (
    <>
      <h1>{say("window-page-environment")}</h1>
      {body(shown, shown.state.observation.registered.value)}
    </>
  );
}

function body(shown: Shown, registered: Registered) {
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
      return <Definition shown={shown} registration={registered} />;
    default:
      return never(registered);
  }
}

function Definition({ shown, registration }: { shown: Shown; registration: Registration }) {
  const { command, environment, drop_ins: dropIns } = registration;
  const author = shown.view.facts.find((fact) => fact.key === "registered")?.value;
  return (
    <>
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
            {registration.working_dir ? <Path text={registration.working_dir} /> : say("window-working-dir-none")}
          </Row>
          <Row name={say("window-at-login")}>{shown.view.autostart}</Row>
          <Row name={say("window-command")}>
            <ol class="argv">
              {command.map((argument, index) => (
                // oxlint-disable-next-line react/no-array-index-key -- an argument has no other name than its place
                <li key={index}>
                  <code>{argument}</code>
                </li>
              ))}
            </ol>
          </Row>
        </dl>
      </section>
      <section class="card" aria-labelledby="variables">
        <h2 id="variables">{say("window-variables")}</h2>
        {environment.length === 0 ? <p>{say("window-variables-none")}</p> : <Variables variables={environment} />}
      </section>
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

const Source = ({ path }: { path: string }) => (
  <code>
    <Breakable text={path} />
  </code>
);

function Variables({ variables }: { variables: Variable[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{say("window-variable-name")}</th>
          <th scope="col">{say("window-variable-value")}</th>
          <th scope="col">{say("window-variable-source")}</th>
        </tr>
      </thead>
      <tbody>
        {variables.map((it) => (
          <tr key={it.name} data-secret={it.secret || undefined}>
            <th scope="row">
              <code>{it.name}</code>
            </th>
            <td>
              <code>{it.shown}</code>
              {it.secret && <p class="muted">{say("window-variable-secret")}</p>}
            </td>
            <td class="muted">{it.source === "inline" ? say("window-variable-inline") : <Source path={it.source} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
