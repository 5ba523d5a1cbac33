import { options, render } from "preact";
import { App } from "./app";
import type { Backend } from "./backend/backend";
import { tauri } from "./backend/tauri";
import { afterFrame } from "./frame";
import { connect, makeStore } from "./store";
import "./style/tokens.css";
import "./style/base.css";
import "./style/parts.css";
import "./style/overview.css";
import "./style/logs.css";
import "./style/environment.css";
import "./style/history.css";
import "./style/credentials.css";
import "./style/settings.css";
import "./style/setup.css";

/** The demo's canned states are not part of what is shipped: the branch is dropped from an ordinary build. */
async function backend(): Promise<Backend> {
  if (import.meta.env.MODE === "production") return tauri;
  return (await import("./demo/demo")).demo(new URLSearchParams(location.search));
}

// By itself Preact waits for 35 ms at most, and a new window's first frame takes longer: effects would hold it up.
options.requestAnimationFrame = afterFrame;

async function open() {
  const root = document.getElementById("window");
  if (!root) return;
  const store = makeStore();
  const around = await backend();
  // What came with the page is drawn at once, and nothing asked until it stands there.
  const connected = connect(store, around, () => new Promise(afterFrame));
  render(<App store={store} backend={around} />, root);
  await connected;
}

void open();
