import { useComputed, useSignal } from "@preact/signals";
import { Component, type ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Backend } from "./backend/backend";
import type { About, Page, Request, Shown } from "./bindings";
import { usePainted } from "./frame";
import { never } from "./never";
import { CredentialsPage } from "./pages/credentials";
import { EnvironmentPage } from "./pages/environment";
import { HistoryPage } from "./pages/history";
import { LogsPage } from "./pages/logs";
import { OverviewPage } from "./pages/overview";
import { SettingsPage } from "./pages/settings";
import { SetupPage } from "./pages/setup";
import { Empty } from "./parts/empty";
import { Mark, PageIcon, ToneIcon } from "./parts/icons";
import { ask, type Store } from "./store";
import { say } from "./words";

const PAGES: Page[] = ["overview", "logs", "history", "environment", "credentials", "settings", "setup"];

export function App({ store, backend }: { store: Store; backend: Backend }) {
  const page = store.page.value;
  const shown = store.shown.value;
  const main = useRef<HTMLElement>(null);
  const turn = (wanted: Page) => {
    store.moment.value = null;
    store.page.value = wanted;
  };
  usePageKeys(turn);
  useZoomKeys(backend);
  useTitle(shown);
  usePainted();
  useFocusOnTurn(page, main);
  return (
    // Another language draws everything anew.
    <div class="shell" key={store.about.value.locale}>
      <a class="skip" href="#page">
        {say("window-skip")}
      </a>
      <Sidebar page={page} open={turn} shown={shown} about={store.about.value} />
      <main id="page" ref={main} tabIndex={-1} data-page={page}>
        <Guard key={page}>
          <OpenPage store={store} backend={backend} />
        </Guard>
      </main>
      <Announcer shown={shown} />
    </div>
  );
}

function OpenPage({ store, backend }: { store: Store; backend: Backend }) {
  const { shown, about, page, refusal, lost } = store;
  const readLog = (at: string) => {
    store.moment.value = at;
    page.value = "logs";
  };
  const request = (wanted: Request) => void ask(store, backend, wanted);
  if (lost.value !== null) {
    return <Empty title={say("window-lost")} why={say("window-lost-hint")} detail={lost.value} urgent />;
  }
  // Logs can be read before, and without, an observation.
  if (page.value === "logs") {
    return (
      <LogsPage
        backend={backend}
        locale={about.value.locale}
        view={shown.value?.view ?? null}
        incidents={shown.value?.state.incidents ?? []}
        moment={store.moment.value}
      />
    );
  }
  if (page.value === "history") {
    return <HistoryPage backend={backend} locale={about.value.locale} newest={newest(shown.value)} readLog={readLog} />;
  }
  if (page.value === "settings") return <SettingsPage backend={backend} />;
  if (page.value === "setup") return <SetupPage backend={backend} request={request} />;
  if (!shown.value) return <Empty title={say("window-loading")} busy />;
  const props = { shown: shown.value, about: about.value, request };
  switch (page.value) {
    case "overview":
      return (
        <OverviewPage {...props} backend={backend} refusal={refusal.value} forget={() => (refusal.value = null)} readLog={readLog} />
      );
    case "credentials":
      return <CredentialsPage {...props} refusal={refusal.value} forget={() => (refusal.value = null)} />;
    case "environment":
      return (
        <EnvironmentPage
          shown={shown.value}
          backend={backend}
          locale={about.value.locale}
          dismiss={() => request({ ask: "dismiss-problem" })}
        />
      );
    default:
      return never(page.value);
  }
}

/**
 * Changes when something happened that the history may hold. Incidents are stored in no certain order, so each of them counts; what was
 * told of them is kept a little later, and found at the next look.
 */
function newest(shown: Shown | null): string {
  const { incidents = [], verdict, observation } = shown?.state ?? {};
  const known = incidents.map((it) => `${it.id} ${it.at} ${it.last_words.length}`);
  return [verdict, observation?.supervised.read_at, ...known].join();
}

interface SidebarProps {
  page: Page;
  open(page: Page): void;
  shown: Shown | null;
  about: About;
}

function Sidebar({ page, open, shown, about }: SidebarProps) {
  const profile = shown?.state.profile ?? "default";
  return (
    <header class="sidebar">
      <p class="brand">
        <Mark />
        <span>{say("window-title")}</span>
      </p>
      <nav aria-label={say("window-pages")}>
        <ul>
          {PAGES.map((it) => (
            <li key={it}>
              <button type="button" data-page={it} aria-current={it === page ? "page" : undefined} onClick={() => open(it)}>
                <PageIcon page={it} />
                <span>{say(`window-page-${it}`)}</span>
                {it === "overview" && shown && page !== "overview" && <ToneIcon tone={shown.view.tone} />}
              </button>
            </li>
          ))}
        </ul>
      </nav>
      <div class="colophon">
        {profile !== "default" && <p>{say("window-profile", { profile })}</p>}
        {about.version && <p>{say("window-version", { version: about.version })}</p>}
        {!about.tray && (
          <p>
            {say("window-no-tray")}{" "}
            <button type="button" class="small" onClick={() => open("settings")}>
              {say("window-no-tray-why")}
            </button>
          </p>
        )}
      </div>
    </header>
  );
}

/** Speaks the headline when its meaning changes. */
function Announcer({ shown }: { shown: Shown | null }) {
  const spoken = useSignal("");
  const meaning = shown && `${shown.state.verdict} ${shown.state.busy?.action.act ?? ""}`;
  useEffect(() => {
    spoken.value = shown?.view.headline ?? "";
  }, [meaning]);
  const text = useComputed(() => spoken.value);
  return (
    <div class="unseen" role="status" aria-live="polite">
      {text}
    </div>
  );
}

function useTitle(shown: Shown | null) {
  const profile = shown?.state.profile ?? "default";
  useEffect(() => {
    document.title = profile === "default" ? say("window-title") : say("window-title-profile", { profile });
  }, [profile]);
}

/** Ctrl+1, Ctrl+2 … (Command on macOS) open the pages in their order, Ctrl+comma the settings. */
function usePageKeys(open: (page: Page) => void) {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      const page = event.key === "," ? "settings" : PAGES[Number(event.key) - 1];
      if (!page) return;
      event.preventDefault();
      open(page);
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}

/** Ctrl with plus, minus and 0, as in browsers. */
function useZoomKeys(backend: Backend) {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      const direction = { "+": 1, "=": 1, "-": -1, "0": 0 }[event.key];
      if (direction === undefined) return;
      event.preventDefault();
      void backend.zoom(direction);
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [backend]);
}

/** A screen reader is taken to the new page; the first page is left alone. */
function useFocusOnTurn(page: Page, main: { current: HTMLElement | null }) {
  const before = useRef(page);
  useEffect(() => {
    if (before.current !== page) main.current?.focus({ preventScroll: true });
    before.current = page;
  }, [page]);
}

/** Keeps the navigation alive when a page cannot be drawn. */
class Guard extends Component<{ children: ComponentChildren }, { failed: string | null }> {
  override state = { failed: null };

  override componentDidCatch(reason: unknown) {
    this.setState({ failed: reason instanceof Error ? reason.message : String(reason) });
  }

  override render() {
    const { failed } = this.state;
    if (failed === null) return <>{this.props.children}</>;
    return (
      <Empty title={say("window-page-failed")} detail={failed} urgent>
        <button type="button" onClick={() => this.setState({ failed: null })}>
          {say("window-try-again")}
        </button>
      </Empty>
    );
  }
}
