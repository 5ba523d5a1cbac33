import type { LineView, OfferView, StepState, WizardStep } from "../bindings";
import { never } from "../never";
import { CopyButton } from "../parts/copy-button";
import { StandingIcon } from "../parts/icons";
import { Plan } from "../parts/plan";
import { ProblemCard } from "../parts/problem-card";
import type { SetupDesk } from "./use-setup";

interface StepCardProps {
  step: WizardStep;
  /** The step to take next: it is open, and the keyboard is taken there. */
  isCurrent: boolean;
  desk: SetupDesk;
}

export function StepCard({ step, isCurrent, desk }: StepCardProps) {
  return (
    <li class="card" data-step={step.id} data-state={step.state} aria-current={isCurrent ? "step" : undefined}>
      <details open={isCurrent}>
        <summary>
          <StandingIcon standing={standing(step.state)} />
          <h2 id={`setup-${step.id}`}>{step.title}</h2>
          <span class="muted">{step.standing}</span>
        </summary>
        <div class="step-body">
          <p class="muted">{step.about}</p>
          {step.lines.length > 0 && <Lines lines={step.lines} />}
          {step.problem && <ProblemCard problem={step.problem} dismiss={null} />}
          {step.plan.length > 0 && <Plan steps={step.plan} />}
          {step.offers.length > 0 && <Offers step={step} isCurrent={isCurrent} desk={desk} />}
        </div>
      </details>
    </li>
  );
}

function standing(state: StepState) {
  switch (state) {
    case "done":
      return "holds";
    case "to-do":
      return "pending";
    case "problem":
      return "broken";
    case "skipped":
    case "not-here":
      return "rests";
    default:
      return never(state);
  }
}

function Lines({ lines }: { lines: LineView[] }) {
  return (
    <ul class="found">
      {lines.map((line) => (
        <li key={line.text} data-mark={line.mark}>
          {line.text}
        </li>
      ))}
    </ul>
  );
}

function Offers({ step, isCurrent, desk }: StepCardProps) {
  return (
    <div class="offers" role="group" aria-labelledby={`setup-${step.id}`}>
      {step.offers.map((offer, at) => (
        <OfferButton key={JSON.stringify(offer.deed)} offer={offer} primary={isCurrent && at === 0} desk={desk} />
      ))}
    </div>
  );
}

function OfferButton({ offer, primary, desk }: { offer: OfferView; primary: boolean; desk: SetupDesk }) {
  const works = desk.doing !== null;
  const own = works && JSON.stringify(desk.doing) === JSON.stringify(offer.deed);
  return (
    <div class="offer">
      <button
        type="button"
        data-do={offer.deed.do}
        data-primary={primary || undefined}
        aria-disabled={works}
        onClick={() => works || void desk.act(offer.deed)}
      >
        {own && <span class="spinner" aria-hidden="true" />}
        {offer.label}
      </button>
      {offer.command && (
        <span class="command">
          <code>{offer.command}</code>
          <CopyButton text={offer.command} />
        </span>
      )}
    </div>
  );
}
