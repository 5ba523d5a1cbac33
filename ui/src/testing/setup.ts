import { cleanup } from "@testing-library/preact";
import { afterEach, expect } from "vitest";
import { missing } from "../words";

afterEach(() => {
  cleanup();
  const gaps = [...missing];
  missing.clear();
  expect(gaps, "keys that the catalogue lacks").toEqual([]);
});
