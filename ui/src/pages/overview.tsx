import type { Backend } from "../backend/backend";
import type { About, Problem, Request, Shown, WindowView } from "../bindings";
import { usePainted } from "../frame";
import { Actions } from "../parts/actions";
import { Chain } from "../parts/chain";
import { CopyButton } from "../parts/copy-button";
import { Diagnostics } from "../parts/diagnostics";
import { DrainCard } from "../parts/drain";
import { ToneIcon } from "../parts/icons";
import { Incidents } from "../parts/incidents";
import { ProblemCard } from "../parts/problem-card";
import { Prospects } from "../parts/prospects";
import { Pulse } from "../parts/pulse";
import { say } from "../words";

export interface OverviewProps {
  backend: Backend;
  shown: Shown;
  about: About;
  request(request: Request): void;
  /** Of a request that never became part of the state. */
  refusal: Problem | null;
  forget(): void;
  readLog(at: string): void;
}

export function OverviewPage({ backend, shown, about, request, refusal, forget, readLog }: OverviewProps) {
  const { state, view } = shown;
  const problem = refusal ?? state.problem;
  const dismiss = () => (refusal ? forget() : request({ ask: "dismiss-problem" }));
  const painted = usePainted();
  return (
    <>
      <section class="hero" data-tone={view.tone} aria-labelledby="headline">
        <ToneIcon tone={view.tone} />
        <div>
          <h1 id="headline">
            {view.headline}
            <span class="unseen"> {say(`window-tone-${view.tone}`)}</span>
          </h1>
          <p>{view.why}</p>
          {view.tone !== "good" && <p class="muted">{view.wont}</p>}
          {view.plea && (
            <p>
              {view.plea}{" "}
              <button type="button" class="small" onClick={() => request({ ask: "open", page: "credentials" })}>
                {say("auth-button-show")}
              </button>
            </p>
          )}
          <Remarks remarks={view.remarks} />
          {view.drain && <DrainCard drain={view.drain} locale={about.locale} request={request} />}
          <Actions actions={view.actions} busy={state.busy} request={request} />
          {state.verdict === "not-installed" && (
            <p>
              <button type="button" class="small" onClick={() => request({ ask: "open", page: "setup" })}>
                {say("window-setup-open")}
              </button>
            </p>
          )}
        </div>
      </section>
      {problem && <ProblemCard problem={problem} dismiss={dismiss} />}
      <Facts view={view} locale={about.locale} request={request} />
      {painted && <Below backend={backend} shown={shown} locale={about.locale} readLog={readLog} />}
    </>
  );
}

/** What comes after the verdict and the facts; a new window shows those first. */
function Below({ backend, shown, locale, readLog }: Pick<OverviewProps, "backend" | "shown" | "readLog"> & { locale: string }) {
  const { state, view } = shown;
  return (
    <>
      <Pulse backend={backend} shown={shown} locale={locale} />
      {view.prospects.length > 0 && (
        <section aria-labelledby="prospects">
          <h2 id="prospects">{say("window-prospects")}</h2>
          <Prospects prospects={view.prospects} />
        </section>
      )}
      <section aria-labelledby="incidents">
        <h2 id="incidents">{say("window-incidents")}</h2>
        <Incidents
          incidents={state.incidents}
          backgrounds={view.backgrounds}
          locale={locale}
          readLog={readLog}
        />
      </section>
      <Diagnostics backend={backend} />
    </>
  );
}

/** What is weak beside the verdict, each with what mends it. */
function Remarks({ remarks }: Pick<WindowView, "remarks">) {
  return (
    <>
      {remarks.map((remark) => (
        <div class="command" key={remark.sentence}>
          <span>{remark.sentence}</span> <code>{remark.command}</code>
          <CopyButton text={remark.command} />
        </div>
      ))}
    </>
  );
}

interface FactsProps {
  view: WindowView;
  locale: string;
  request(request: Request): void;
}

function Facts({ view, locale, request }: FactsProps) {
  return (
    <section aria-labelledby="facts">
      <div class="section-head">
        <h2 id="facts">{say("window-facts")}</h2>
        <span class="buttons">
          {answers(view) && (
            <button type="button" class="small" onClick={() => request({ ask: "dashboard" })}>
              {say("window-dashboard")}
            </button>
          )}
          <button type="button" class="small" onClick={() => request({ ask: "observe" })}>
            {say("window-check-now")}
          </button>
        </span>
      </div>
      {view.facts.some((fact) => fact.standing === "broken") && <p class="muted">{say("window-facts-help")}</p>}
      <Chain facts={view.facts} locale={locale} />
    </section>
  );
}

/** The dashboard is the gateway's own page: without an answer there is none. */
const answers = (view: WindowView) =>
  view.facts.some((fact) => fact.key === "answers" && fact.standing === "holds");
