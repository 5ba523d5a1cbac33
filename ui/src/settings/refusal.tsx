import type { Problem } from "../bindings";
import { hintSentence, problemSentence } from "../words";

/** Why a field was not changed and what to do, beside that field. */
export function Refusal({ problem, id }: { problem: Problem; id: string }) {
  return (
    <div class="refusal" id={id} role="alert">
      <p>{problemSentence(problem)}</p>
      {problem.cause && <p class="muted">{problem.cause}</p>}
      {problem.hints.map((hint) => (
        <p key={hint.code}>{hintSentence(hint)}</p>
      ))}
    </div>
  );
}
