import { cleanup, configure } from "@testing-library/preact";
import { afterEach } from "vitest";
import { missing, speak } from "../words";

configure({ asyncUtilTimeout: 30_000 });

// axe asks for it, and jsdom has none.
HTMLCanvasElement.prototype.getContext = () => null;

afterEach(() => {
  cleanup();
  speak("en");
  const gaps = [...missing];
  missing.clear();
  if (gaps.length > 0) throw new Error(`the catalogue lacks ${gaps.join(", ")}`);
});
