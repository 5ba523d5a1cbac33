import type { LineView, OfferView, Planned, StepState, StepView } from "../bindings";
import { never } from "../never";
import { CopyButton } from "../parts/copy-button";
import { StandingIcon } from "../parts/icons";
import { ProblemCard } from "../parts/problem-card";
import { say } from "../words";
import type { SetupDesk } from "./use-setup";

interface StepCardProps {
  step: StepView;
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
          {step.plan.length > 0 && <Plan plan={step.plan} />}
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

/** Each step in words; of a file, what changes in it. */
function Plan({ plan }: { plan: Planned[] }) {
  return (
    <ol class="plan" aria-label={say("setup-files")}>
      {plan.map((it) => (
        <li key={it.line}>
          {it.line}
          {it.difference && <Difference text={it.difference} />}
        </li>
      ))}
    </ol>
  );
}

/** A unified diff. Scrolls by itself, so it can be reached by keyboard. */
function Difference({ text }: { text: string }) {
  return (
    <pre class="difference" tabIndex={0} aria-label={say("setup-files")} role="region">
      {text.split("\n").map((line, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- a line has no other name than its place
        <span key={at} data-change={change(line)}>
          {`${line}\n`}
        </span>
      ))}
    </pre>
  );
}

function change(line: string) {
  if (line.startsWith("+++") || line.startsWith("---")) return "file";
  if (line.startsWith("+")) return "added";
  return line.startsWith("-") ? "removed" : undefined;
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
