import type { Hint, Problem } from "../bindings";
import { hintSentence, problemSentence, say } from "../words";
import { CopyButton } from "./copy-button";
import { ToneIcon } from "./icons";

/** What was tried, why it failed, what to do next. Without `dismiss` it stays until it is mended. */
export function ProblemCard({ problem, dismiss }: { problem: Problem; dismiss: (() => void) | null }) {
  return (
    <section class="card problem" data-tone="problem" role="alert" aria-label={say("window-problem")}>
      <ToneIcon tone="problem" />
      <div class="problem-body">
        <h2>{problemSentence(problem)}</h2>
        {problem.cause && (
          <>
            <h3>{say("window-problem-cause")}</h3>
            <pre class="cause">{problem.cause}</pre>
          </>
        )}
        {problem.hints.length > 0 && (
          <>
            <h3>{say("window-problem-next")}</h3>
            <ul class="hints">
              {problem.hints.map((hint) => (
                <HintLine key={`${hint.code} ${hint.command}`} hint={hint} />
              ))}
            </ul>
          </>
        )}
        <p class="muted">{say("window-problem-code", { code: problem.code })}</p>
      </div>
      {dismiss && (
        <button type="button" onClick={dismiss}>
          {say("window-dismiss")}
        </button>
      )}
    </section>
  );
}

function HintLine({ hint }: { hint: Hint }) {
  return (
    <li>
      {hintSentence(hint)}
      {hint.command && (
        <div class="command">
          <code>{hint.command}</code>
          <CopyButton text={hint.command} />
        </div>
      )}
    </li>
  );
}
