import type { About, CredentialView, CredentialsView, Problem, Request, Shown } from "../bindings";
import { Ago, Moment } from "../parts/ago";
import { Breakable } from "../parts/breakable";
import { CopyButton } from "../parts/copy-button";
import { Empty } from "../parts/empty";
import { ToneIcon } from "../parts/icons";
import { ProblemCard } from "../parts/problem-card";
import { say } from "../words";

export interface CredentialsProps {
  shown: Shown;
  about: About;
  request(request: Request): void;
  /** Of a request that never became part of the state. */
  refusal: Problem | null;
  forget(): void;
}

export function CredentialsPage({ shown, about, request, refusal, forget }: CredentialsProps) {
  const page = shown.view.credentials;
  return (
    <>
      <h1>{say("window-page-credentials")}</h1>
      {refusal && <ProblemCard problem={refusal} dismiss={forget} />}
      {page ? <Found page={page} locale={about.locale} request={request} /> : <Empty title={say("auth-looking")} busy />}
    </>
  );
}

interface FoundProps {
  page: CredentialsView;
  locale: string;
  request(request: Request): void;
}

function Found({ page, locale, request }: FoundProps) {
  if (page.list.length === 0) return <Empty title={say("auth-heading", { n: 0 })} why={say("auth-none-why")} />;
  return (
    <>
      {page.findings.map((finding) => (
        <p key={finding} class="card finding">
          {finding}
        </p>
      ))}
      <Timeline page={page} locale={locale} />
      <ul class="credentials">
        {page.list.map((it) => (
          <Credential key={it.id} it={it} locale={locale} request={request} />
        ))}
      </ul>
      <p class="muted">
        {say("auth-read")} <Ago at={page.read_at} locale={locale} />
      </p>
    </>
  );
}

/** The time line shows this many days from the moment of the look. */
const DAYS = 30;
const DAY_MS = 86_400_000;

/** What ends when, in the order in which it ends. A picture of the list below, so machines read that one. */
function Timeline({ page, locale }: { page: CredentialsView; locale: string }) {
  const from = Date.parse(page.read_at);
  const ending = page.list
    .flatMap((it) => (it.ends_at ? [{ it, place: placeOf(it.ends_at, from) }] : []))
    .toSorted((a, b) => a.place - b.place);
  if (ending.length === 0) return null;
  return (
    <figure class="calendar" aria-hidden="true">
      <ol>
        {ending.map(({ it, place }) => (
          <li key={it.id} data-tone={it.tone}>
            <span class="name">{it.name}</span>
            <span class="track">
              <span class="span" style={{ width: `${place}%` }} />
              <span class="end" style={{ insetInlineStart: `${place}%` }} title={it.says} />
            </span>
          </li>
        ))}
      </ol>
      <figcaption>
        <span>{say("auth-timeline-now")}</span>
        <span>{new Intl.DateTimeFormat(locale, { dateStyle: "medium" }).format(from + DAYS * DAY_MS)}</span>
      </figcaption>
    </figure>
  );
}

/** Per cent of the line; what has ended stands at its start, what ends after it at its end. */
export function placeOf(endsAt: string, from: number): number {
  const share = (Date.parse(endsAt) - from) / (DAYS * DAY_MS);
  return Math.round(Math.min(1, Math.max(0, share)) * 1000) / 10;
}

interface CredentialProps {
  it: CredentialView;
  locale: string;
  request(request: Request): void;
}

function Credential({ it, locale, request }: CredentialProps) {
  return (
    <li class="card" data-tone={it.tone} aria-label={it.name}>
      <ToneIcon tone={it.tone} />
      <div>
        <h2>
          {it.name} <span class="muted">{it.kind}</span>
        </h2>
        <p>
          {it.says}
          {it.ends_at && (
            <>
              {" · "}
              <Moment at={it.ends_at} locale={locale} />
            </>
          )}
        </p>
        <p class="muted">
          {say("auth-from", { source: "" })}
          <Breakable text={it.source} />
        </p>
        {it.asks && it.sign_in && <SignIn it={it} command={it.sign_in} locale={locale} request={request} />}
      </div>
    </li>
  );
}

function SignIn({ it, command, locale, request }: CredentialProps & { command: string }) {
  return (
    <>
      <p class="path">
        <code>{command}</code>
        <CopyButton text={command} />
      </p>
      <p class="buttons">
        <button type="button" onClick={() => request({ ask: "sign-in", credential: it.id })}>
          {say("auth-button-sign-in")}
        </button>
        {it.snoozed_until ? (
          <span class="muted">
            {say("auth-snoozed", { when: "" })} <Moment at={it.snoozed_until} locale={locale} />
          </span>
        ) : (
          <button type="button" onClick={() => request({ ask: "remind-later", credential: it.id })}>
            {say("auth-button-later")}
          </button>
        )}
      </p>
    </>
  );
}
