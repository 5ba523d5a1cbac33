import type { StepView } from "../bindings";

/** The steps of a plan before it is carried out, with what they change in files. */
export const Plan = ({ steps }: { steps: StepView[] }) => (
  <ol class="plan">
    {steps.map((step, index) => (
      // oxlint-disable-next-line react/no-array-index-key -- a step has no other name than its place
      <Step key={index} step={step} />
    ))}
  </ol>
);

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
