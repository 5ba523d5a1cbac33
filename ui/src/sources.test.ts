import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAst } from "vite";
import { describe, expect, test } from "vitest";

const SRC = join(import.meta.dirname, ".");
const RUST = join(import.meta.dirname, "../../src-tauri");
const CATALOGUE = join(RUST, "locales/en");

interface Source {
  path: string;
  text: string;
}

const files = (root: string, kind: RegExp): Source[] =>
  readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((path) => kind.test(path))
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));

const sources = files(SRC, /\.tsx?$/).filter(({ path }) => !/\.test\.|^testing|bindings\.ts$/.test(path));
const components = sources.filter(({ path }) => path.endsWith(".tsx"));
const keys = new Set(
  files(CATALOGUE, /\.ftl$/).flatMap(({ text }) => [...text.matchAll(/^([a-z][a-z0-9-]*) =/gm)].map((it) => it[1])),
);

test("only backend/ speaks to the program around the window", () => {
  const speaking = sources.filter(({ text }) => /@tauri-apps|__TAURI|\binvoke\(/.test(text)).map(({ path }) => path);
  expect(speaking).toEqual(["backend/tauri.ts"]);
});

test("nothing turns text into markup or code", () => {
  const ways = /dangerouslySetInnerHTML|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/;
  expect(sources.filter(({ text }) => ways.test(text)).map(({ path }) => path)).toEqual([]);
});

test("nothing is loaded from elsewhere", () => {
  const remote = /(?:src|href|url)\s*[=(]\s*["'{]*(?:https?:)?\/\//i;
  const all = [...sources, ...files(SRC, /\.css$/), ...files(join(SRC, ".."), /^index\.html$/)];
  expect(all.filter(({ text }) => remote.test(text)).map(({ path }) => path)).toEqual([]);
});

test("the page may load and run nothing but itself, and ask the program for nothing but our commands and events", () => {
  const { app } = JSON.parse(readFileSync(join(SRC, "../../tauri.conf.json"), "utf8"));
  const { csp, capabilities } = app.security;
  const rules = new Map(String(csp).split("; ").map((rule) => [rule.split(" ")[0], rule.split(" ").slice(1)]));
  expect(rules.get("default-src")).toEqual(["'self'"]);
  for (const name of ["script-src", "style-src"]) expect(rules.get(name)).toEqual(["'self'"]);
  for (const name of ["object-src", "base-uri", "form-action", "frame-ancestors"]) expect(rules.get(name)).toEqual(["'none'"]);
  expect(rules.get("connect-src")).toEqual(["ipc:", "http://ipc.localhost"]);
  expect(csp).not.toMatch(/unsafe|https:|\*/);
  expect(capabilities.map((it: { permissions: string[] }) => it.permissions)).toEqual([
    ["core:event:allow-listen", "core:event:allow-unlisten"],
  ]);
  expect(app.withGlobalTauri).toBe(false);
});

test("every switch over a union ends in never", () => {
  for (const { path, text } of sources) {
    const switches = [...text.matchAll(/\bswitch \(/g)].length;
    const ends = [...text.matchAll(/default:\n\s+return never\(/g)].length;
    expect({ path, switches }).toEqual({ path, switches: ends });
  }
});

describe("words", () => {
  test("no component holds a word of its own", () => {
    const literals = components.flatMap(({ path, text }) => wordsIn(text).map((word) => `${path}: ${word}`));
    expect(literals).toEqual([]);
  });

  test("the check for words finds words", () => {
    const found = wordsIn('const A = () => <p title="Hello">Words {x} <b>{"more words"}</b></p>;');
    expect(found).toEqual(["Hello", "Words ", "more words"]);
  });

  test("every key that is asked for is in the catalogue", () => {
    const asked = sources.flatMap(({ path, text }) => askedKeys(text).map((key) => ({ path, key })));
    const unknown = asked.filter(({ key }) => ![...keys].some((it) => it === key || (key.endsWith("-") && it?.startsWith(key))));
    expect(asked.length).toBeGreaterThan(60);
    expect(unknown).toEqual([]);
  });

  test("the window’s catalogue holds no key that nothing asks for", () => {
    const rust = files(join(RUST, "src"), /\.rs$/).filter(({ path }) => path.startsWith("view") && !path.includes("tests"));
    const asked = [...sources, ...rust].flatMap(({ text }) => mentionedKeys(text));
    const idle = [...keys].filter((key) => key?.startsWith("window-") && !asked.some((it) => it === key || (it.endsWith("-") && key.startsWith(it))));
    expect(idle).toEqual([]);
  });
});

/** Keys as `say` gets them; one that is put together counts as its fixed beginning. */
function askedKeys(text: string): string[] {
  return [...text.matchAll(/\bsay\(\s*(?:"([a-z0-9-]+)"|`([a-z-]+-)\$\{)/g)].map((it) => it[1] ?? it[2] ?? "");
}

function mentionedKeys(text: string): string[] {
  return [...text.matchAll(/["`](window-[a-z0-9-]*)/g)].map((it) => it[1] ?? "");
}

type Node = { type: string; [key: string]: unknown };

const SPOKEN = new Set(["title", "aria-label", "placeholder", "alt", "aria-description", "aria-roledescription"]);

/** Texts that a person would read: between tags, and in attributes that are spoken or shown. */
function wordsIn(source: string): string[] {
  const found: string[] = [];
  const visit = (node: unknown, shown: boolean) => {
    if (Array.isArray(node)) return node.forEach((it) => visit(it, shown));
    if (!isNode(node)) return undefined;
    if (node.type === "JSXText" && hasWord(node["value"])) found.push(String(node["value"]).trimStart());
    if (shown && node.type === "Literal" && hasWord(node["value"])) found.push(String(node["value"]));
    for (const [key, child] of Object.entries(node)) visit(child, showsNext(node, key, child));
    return undefined;
  };
  visit(parseAst(source, { lang: "tsx", astType: "ts", range: false } as Parameters<typeof parseAst>[1]), false);
  return found;
}

function showsNext(node: Node, key: string, child: unknown): boolean {
  if (node.type === "JSXAttribute") {
    const name = (node["name"] as { name?: unknown }).name;
    return key === "value" && SPOKEN.has(String(name)) && isNode(child) && child.type === "Literal";
  }
  return node.type === "JSXExpressionContainer" && isNode(child) && child.type === "Literal";
}

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "type" in value;

const hasWord = (value: unknown) => typeof value === "string" && /\p{L}{2,}/u.test(value);
