import { signal, type Signal } from "@preact/signals";
import type { Backend, Stop } from "./backend/backend";
import type { About, Page, Problem, Request, Shown } from "./bindings";
import { speak } from "./words";

/** What the window holds: the newest state as it was sent, and which page is open. */
export interface Store {
  shown: Signal<Shown | null>;
  about: Signal<About>;
  page: Signal<Page>;
  /** What the logs are to be opened at; `null` for the newest lines. */
  moment: Signal<string | null>;
  /** Of a request that was refused before it became part of the state. */
  refusal: Signal<Problem | null>;
  /** The person has asked for something. */
  asked: Signal<boolean>;
  /** The program around the window does not answer; what it said. */
  lost: Signal<string | null>;
}

export function makeStore(): Store {
  return {
    shown: signal(null),
    // The words' own language until we are told: `navigator.language` is "C" where no locale is set, which Intl refuses.
    about: signal({ version: "", tray: true, locale: "en", page: null, setup_dismissed: false }),
    page: signal<Page>("overview"),
    moment: signal(null),
    refusal: signal(null),
    asked: signal(false),
    lost: signal(null),
  };
}

/**
 * Takes what came with the page before it returns, and lets that be drawn. Then it listens first and asks second, so that nothing between
 * the two is missed; an event is newer than the answer.
 */
export async function connect(store: Store, backend: Backend, drawn = () => Promise.resolve()): Promise<Stop> {
  const stops: Stop[] = [];
  let called: Page | null = null;
  let heard = false;
  const hear = (shown: Shown) => {
    heard = true;
    store.shown.value = shown;
  };
  const isUncalled = () => called === null;
  try {
    const opening = backend.opening();
    if (opening) {
      learn(store, opening.about);
      store.page.value = opening.about.page ?? store.page.value;
      store.shown.value = opening.shown;
      stops.push(lead(store, isUncalled));
      await drawn();
    }
    const listening = [
      backend.onState(hear),
      backend.onPage((page) => (store.page.value = called = page)),
      backend.onAbout((about) => learn(store, about)),
    ];
    stops.push(...(await Promise.all(listening)));
    const [about, snapshot] = await Promise.all([backend.about(), backend.snapshot()]);
    learn(store, about);
    // What was called for since the page was made counts; else who has turned to a page meanwhile stays there.
    store.page.value = called ?? about.page ?? store.page.value;
    if (!heard && snapshot) store.shown.value = snapshot;
    if (!opening) stops.push(lead(store, isUncalled));
  } catch (reason) {
    store.lost.value = text(reason);
  }
  return () => stops.forEach((stop) => stop());
}

/**
 * Where nothing is installed yet, the first thing shown is how to install it; unless the person has put that off, is elsewhere or has
 * asked for something already.
 */
function lead(store: Store, isUncalled: () => boolean): Stop {
  const isWanted = () =>
    isUncalled() && !store.asked.value && !store.about.value.setup_dismissed && store.page.value === "overview";
  const stop = store.shown.subscribe((shown) => {
    if (!shown) return;
    // It is called before it has been returned.
    queueMicrotask(() => stop());
    if (shown.state.verdict === "not-installed" && isWanted()) store.page.value = "setup";
  });
  return stop;
}

/** The words first: what is drawn because of the rest is drawn with them. */
function learn(store: Store, about: About) {
  speak(about.locale);
  store.about.value = about;
}

/** Passes a request on; what was refused becomes a problem on the page, never silence. */
export async function ask(store: Store, backend: Backend, request: Request): Promise<void> {
  store.asked.value = true;
  store.refusal.value = null;
  try {
    await backend.ask(request);
  } catch (reason) {
    store.refusal.value = asProblem(reason);
  }
}

/** What a request was rejected with; whatever else went wrong becomes a problem too. */
export function asProblem(reason: unknown): Problem {
  return isProblem(reason) ? reason : unexpected(reason);
}

function isProblem(reason: unknown): reason is Problem {
  return typeof reason === "object" && reason !== null && "code" in reason && "hints" in reason;
}

function unexpected(reason: unknown): Problem {
  return { code: "internal", values: {}, cause: text(reason), hints: [] };
}

function text(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
