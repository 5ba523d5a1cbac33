import { act, render } from "@testing-library/preact";
import { App } from "../app";
import type { Page, SetupView, Shown } from "../bindings";
import { connect, makeStore } from "../store";
import { Scripted } from "./scripted";

/** The whole window over a scripted backend, connected. */
export async function openWindow(first: Shown | null, page: Page = "overview", wizard?: SetupView) {
  const setup_dismissed = wizard?.dismissed ?? true;
  const backend = new Scripted(first, { version: "0.1.0", tray: true, locale: "en-GB", page, setup_dismissed });
  if (wizard) backend.wizard = wizard;
  const store = makeStore();
  document.documentElement.lang = "en";
  document.title = "Gateward";
  const view = render(<App store={store} backend={backend} />);
  await act(() => connect(store, backend).then(() => {}));
  return { ...view, backend, store };
}

/** Lets the next frame be drawn. */
export const frame = () => act(() => new Promise<void>((done) => requestAnimationFrame(() => done())));
