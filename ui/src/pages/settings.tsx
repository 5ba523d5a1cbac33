import type { Backend } from "../backend/backend";
import type { SectionView, SettingsView } from "../bindings";
import { Breakable } from "../parts/breakable";
import { CopyButton } from "../parts/copy-button";
import { Empty } from "../parts/empty";
import { ProblemCard } from "../parts/problem-card";
import { Field, useRefusal } from "../settings/field";
import { Refusal } from "../settings/refusal";
import { Switch } from "../settings/switch";
import { TrayCheck } from "../settings/tray-check";
import { useSettings, type SettingsDesk } from "../settings/use-settings";
import { say } from "../words";

export function SettingsPage({ backend }: { backend: Backend }) {
  const desk = useSettings(backend);
  return (
    <>
      <div class="page-head">
        <h1>{say("window-page-settings")}</h1>
        <LastChange desk={desk} />
      </div>
      {desk.failed && <ProblemCard problem={desk.failed} dismiss={desk.forget} />}
      {desk.view ? <Sections desk={desk} view={desk.view} backend={backend} /> : !desk.failed && <Empty title={say("window-settings-loading")} busy />}
    </>
  );
}

/** Spoken when it changes; the button stands beside what is spoken. */
function LastChange({ desk }: { desk: SettingsDesk }) {
  const name = desk.view?.undo ?? null;
  return (
    <div class="last-change">
      <span class="muted" role="status">
        {name !== null && say("window-settings-changed", { name })}
      </span>
      {name !== null && (
        <button type="button" class="small" onClick={() => void desk.undo()}>
          {say("window-settings-undo")}
        </button>
      )}
    </div>
  );
}

function Sections({ desk, view, backend }: { desk: SettingsDesk; view: SettingsView; backend: Backend }) {
  return (
    <>
      {view.problem && <Unusable view={view} />}
      <section class="card settings" aria-labelledby="settings-login">
        <h2 id="settings-login">{say("window-settings-login")}</h2>
        <StartAtLogin desk={desk} on={view.starts_at_login} />
      </section>
      <TrayCheck backend={backend} />
      {view.sections.map((section) => (
        <Section key={section.name} section={section} desk={desk} />
      ))}
      <p class="muted path">
        {say("window-settings-path")} <Breakable text={view.path} />
        <CopyButton text={view.path} />
      </p>
    </>
  );
}

/** It goes away by itself when the file is mended, so it cannot be dismissed. */
function Unusable({ view }: { view: SettingsView }) {
  return view.problem && <ProblemCard problem={view.problem} dismiss={null} />;
}

function StartAtLogin({ desk, on }: { desk: SettingsDesk; on: boolean | null }) {
  const { problem, attempt } = useRefusal();
  if (on === null) return <p class="muted">{say("window-settings-login-unknown")}</p>;
  return (
    <div class="field">
      <Switch
        name="start-at-login"
        label={say("window-settings-login-label")}
        on={on}
        described={problem ? "start-at-login-problem" : undefined}
        turn={(wanted) => void attempt(() => desk.startAtLogin(wanted))}
      />
      {problem && <Refusal problem={problem} id="start-at-login-problem" />}
    </div>
  );
}

function Section({ section, desk }: { section: SectionView; desk: SettingsDesk }) {
  const heading = `settings-${section.name}`;
  return (
    <section class="card settings" aria-labelledby={heading}>
      <h2 id={heading}>{section.title}</h2>
      {section.fields.map((it) => (
        <Field key={it.field} it={it} change={(text) => desk.change(it, text)} open={desk.openProfile} />
      ))}
      {section.about && <p class="muted">{section.about}</p>}
      {section.command && (
        <div class="command">
          <code>{section.command}</code>
          <CopyButton text={section.command} />
        </div>
      )}
    </section>
  );
}
