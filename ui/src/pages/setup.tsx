import { useEffect, useRef } from "preact/hooks";
import type { Backend } from "../backend/backend";
import type { Request, SetupView } from "../bindings";
import { CopyButton } from "../parts/copy-button";
import { Empty } from "../parts/empty";
import { ProblemCard } from "../parts/problem-card";
import { StepCard } from "../setup/step-card";
import { useSetup, type SetupDesk } from "../setup/use-setup";
import { say } from "../words";

interface SetupProps {
  backend: Backend;
  request(request: Request): void;
}

/** What is typed is the same in every language. */
const COMMAND = "gateward setup";

/** The wizard of `gateward setup`: the same steps, the same words. */
export function SetupPage({ backend, request }: SetupProps) {
  const desk = useSetup(backend);
  return (
    <>
      <h1>{desk.view?.title ?? say("window-page-setup")}</h1>
      {desk.failed && <ProblemCard problem={desk.failed} dismiss={desk.forget} />}
      {desk.view ? <Wizard desk={desk} view={desk.view} request={request} /> : !desk.failed && <Empty title={say("setup-looking")} busy />}
    </>
  );
}

function Wizard({ desk, view, request }: { desk: SetupDesk; view: SetupView; request(request: Request): void }) {
  const steps = useRef<HTMLOListElement>(null);
  useFocusOnNext(view, steps);
  return (
    <>
      <p class="setup-standing" role="status">
        {desk.doing ? say("setup-working") : view.headline}
      </p>
      {desk.said.length > 0 && <Said lines={desk.said} />}
      {!view.current && (
        <div class="buttons">
          <button type="button" data-primary onClick={() => request({ ask: "open", page: "overview" })}>
            {say("setup-open")}
          </button>
        </div>
      )}
      <ol class="setup" ref={steps} aria-label={say("setup-steps")}>
        {view.steps.map((step) => (
          <StepCard key={step.id} step={step} isCurrent={step.id === view.current} desk={desk} />
        ))}
      </ol>
      <div class="buttons">
        <button type="button" class="small" onClick={() => void desk.act({ do: "start-over" })}>
          {say("setup-start-over")}
        </button>
        {view.current && !view.dismissed && (
          <button type="button" class="small" onClick={() => void desk.act({ do: "dismiss" })}>
            {say("setup-dismiss")}
          </button>
        )}
      </div>
      <div class="command">
        <span class="muted">{say("setup-terminal")}</span> <code>{COMMAND}</code>
        <CopyButton text={COMMAND} />
      </div>
    </>
  );
}

/** What a package manager or an installation says while it works, the newest in sight. */
function Said({ lines }: { lines: string[] }) {
  const box = useRef<HTMLPreElement>(null);
  useEffect(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines]);
  return (
    <section class="card" aria-labelledby="setup-said">
      <div class="section-head">
        <h2 id="setup-said">{say("setup-said")}</h2>
        <CopyButton text={lines.join("\n")} />
      </div>
      <pre class="told" ref={box} role="log" aria-labelledby="setup-said" tabIndex={0}>
        {lines.join("\n")}
      </pre>
    </section>
  );
}

/** When a step is done, the keyboard goes on with the next one; on arrival the page's own heading comes first. */
function useFocusOnNext(view: SetupView, steps: { current: HTMLOListElement | null }) {
  const before = useRef(view.current);
  useEffect(() => {
    if (before.current === view.current) return;
    before.current = view.current;
    steps.current?.querySelector<HTMLElement>("[aria-current=step] summary")?.focus();
  }, [view.current]);
}
