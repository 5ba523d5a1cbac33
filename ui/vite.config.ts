import { readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";

const tauri = JSON.parse(readFileSync(new URL("../tauri.conf.json", import.meta.url), "utf8"));

export default defineConfig(({ mode }) => ({
  base: "./",
  build: {
    outDir: mode === "demo" ? "dist-demo" : "dist",
    // WebKitGTK 2.40, macOS 13 and WebView2 are the oldest that Tauri 2 meets.
    target: ["es2022", "safari16", "chrome110"],
    // The window's policy forbids data: URLs for anything but pictures.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { fs: { allow: [".."] } },
  // The demo is looked at under the policy that the real window has.
  preview: { headers: { "Content-Security-Policy": tauri.app.security.csp } },
  test: {
    environment: "jsdom",
    setupFiles: ["src/testing/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
    // A busy machine of two cores takes longer than the usual five seconds to look through a page for faults.
    testTimeout: 60_000,
  },
}));
