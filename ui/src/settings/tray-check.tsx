import { useEffect, useState } from "preact/hooks";
import type { Backend } from "../backend/backend";
import type { SelfTest } from "../bindings";
import { StandingIcon } from "../parts/icons";
import { say } from "../words";

/** Why the tray icon is shown or not, one link of the chain after the other. */
export function TrayCheck({ backend }: { backend: Backend }) {
  const [told, hold] = useState<SelfTest | null>(null);
  const look = () => void backend.trayCheck().then(hold);
  useEffect(look, [backend]);
  return (
    <section class="card settings" aria-labelledby="settings-tray">
      <h2 id="settings-tray">{say("window-settings-tray")}</h2>
      <div role="status">
        <ul class="checks" data-waits={told ? undefined : true}>
          {told ? told.steps.map((step) => <Step key={step.sentence} {...step} />) : <li>{say("window-settings-tray-checking")}</li>}
        </ul>
      </div>
      {told?.advice && <p>{told.advice}</p>}
      <p>
        <button type="button" class="small" onClick={look}>
          {say("window-settings-tray-check")}
        </button>
      </p>
    </section>
  );
}

const Step = ({ sentence, holds }: { sentence: string; holds: boolean }) => (
  <li>
    <StandingIcon standing={holds ? "holds" : "broken"} />
    {sentence}
  </li>
);
