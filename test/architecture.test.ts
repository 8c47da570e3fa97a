import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { findFaults } from "./support/architecture";

describe("src keeps the rules of the house", () => {
  const paths = globSync("src/**/*.{ts,tsx}").filter((path) => !path.includes(".generated."));
  const faults = findFaults(Object.fromEntries(paths.map((path) => [path, readFileSync(path, "utf8")])));

  test.each(["layers", "pure", "cycles", "catalogs", "names", "sizes"])("%s", (rule) => {
    const found = faults.filter((fault) => fault.rule === rule);
    expect(found.map(({ file, line, message }) => `${file}:${line} ${message}`)).toEqual([]);
  });

  test("there are files to look at", () => expect(paths.length).toBeGreaterThan(20));
});

/** The rules that a set of files breaks; a file given by its path alone has nothing in it. */
function broken(files: Record<string, string>): string[] {
  return findFaults(files).map(({ rule }) => rule);
}

const lines = (count: number, text = "a();") => Array.from({ length: count }, () => text).join("\n");
const here = { "src/shared/x.ts": "", "src/events/event.ts": "", "src/events/store.ts": "" };

describe("the rules can be broken", () => {
  const faulty: [string, string, Record<string, string>][] = [
    ["layers", "a pure file imports the platform", { "src/events/a.ts": 'import "cloudflare:workers";' }],
    ["layers", "a pure file imports hono", { "src/events/a.ts": 'import { Hono } from "hono";' }],
    [
      "layers",
      "a pure file imports platform/",
      { "src/platform/d1.ts": "", "src/events/a.ts": 'import "../platform/d1";' },
    ],
    ["layers", "a pure file imports an adapter", { ...here, "src/events/a.ts": 'import "./store";' }],
    [
      "layers",
      "a pure file imports a folder below",
      { "src/sends/a.ts": "", "src/events/a.ts": 'import "../sends/a";' },
    ],
    ["layers", "so does a type", { "src/sends/a.ts": "", "src/events/a.ts": 'import type { A } from "../sends/a";' }],
    ["layers", "so does a re-export", { "src/sends/a.ts": "", "src/events/a.ts": 'export * from "../sends/a";' }],
    ["layers", "so does a late import", { "src/sends/a.ts": "", "src/events/a.ts": 'await import("../sends/a");' }],
    ["layers", "shared imports a story folder", { ...here, "src/shared/a.ts": 'import "../events/event";' }],
    ["layers", "platform imports the domain", { ...here, "src/platform/a.ts": 'import "../events/event";' }],
    ["layers", "an adapter imports another's adapter", { ...here, "src/sends/queue.ts": 'import "../events/store";' }],
    ["layers", "a suffix makes an adapter", { ...here, "src/sends/inbox-routes.ts": 'import "../events/store";' }],
    [
      "layers",
      "another's tables for no reading",
      { "src/events/tables.ts": "", "src/sends/store.ts": 'import "../events/tables";' },
    ],
    ["layers", "a channel imports hono", { "src/sends/channels/a.ts": 'import "hono";' }],
    ["layers", "something imports app", { "src/app.ts": "", "src/events/routes.ts": 'import "../app";' }],
    [
      "layers",
      "a value of services",
      { "src/services.ts": "", "src/events/routes.ts": 'import { a } from "../services";' },
    ],
    [
      "layers",
      "something imports admin",
      { "src/admin/routes.ts": "", "src/events/routes.ts": 'import "../admin/routes";' },
    ],
    ["layers", "something imports local", { "src/local/a.ts": "", "src/console/a.ts": 'import "../local/a";' }],
    [
      "layers",
      "the Worker imports the snippet",
      { "src/storefront/snippet/a.ts": "", "src/storefront/routes.ts": 'import "./snippet/a";' },
    ],
    [
      "layers",
      "the snippet imports the Worker",
      { ...here, "src/storefront/snippet/a.ts": 'import "../../shared/x";' },
    ],
    ["layers", "a folder of no story", { "src/things/a.ts": "" }],
    ["layers", "a file at the top", { "src/start.ts": "" }],
    ["pure", "the time", { "src/events/a.ts": "export const a = () => Date.now();" }],
    ["pure", "the time by another way", { "src/events/a.ts": "export const a = () => new Date();" }],
    ["pure", "chance", { "src/shared/a.ts": "export const a = Math.random;" }],
    ["pure", "a random id", { "src/events/a.ts": "export const a = () => crypto.randomUUID();" }],
    ["pure", "the console", { "src/events/a.ts": 'export const a = () => console.log("a");' }],
    ["pure", "the network", { "src/events/a.ts": 'export const a = () => fetch("https://a.test");' }],
    ["pure", "the network in a channel", { "src/sends/channels/a.ts": "export const a = { fetch };" }],
    ["pure", "the global object", { "src/events/a.ts": "export const a = globalThis.crypto;" }],
    ["cycles", "a ring of two", { "src/events/a.ts": 'import "./b";', "src/events/b.ts": 'import "./a";' }],
    [
      "cycles",
      "a ring of types",
      { "src/app.ts": 'import type { A } from "./index";', "src/index.ts": 'import "./app";' },
    ],
    ["catalogs", "a switch on a type", { "src/events/a.ts": "switch (block.type) { default: }" }],
    ["catalogs", "on a type taken out", { "src/admin/a.ts": "switch (type) { default: }" }],
    ["names", "a manager", { "src/events/event-manager.ts": "" }],
    ["names", "utils", { "src/shared/utils/a.ts": "" }],
    ["names", "camelCase", { "src/events/bookEntry.ts": "" }],
    ["names", "an I prefix", { "src/events/a.ts": "export interface IEvent { a: string }" }],
    ["sizes", "a long file", { "src/events/a.ts": lines(301) }],
    ["sizes", "a long index", { "src/index.ts": lines(61) }],
    ["sizes", "a long object", { "src/events/object.ts": `class A {\n${lines(200, "b = 1;")}\n}` }],
    ["sizes", "a long function", { "src/admin/a.ts": `function a() {\n${lines(50)}\n}` }],
    ["sizes", "a long arrow", { "src/admin/a.ts": `export const a = () => {\n${lines(50)}\n};` }],
  ];
  test.each(faulty)("%s: %s", (rule, _, files) => expect(new Set(broken(files))).toEqual(new Set([rule])));
});

describe("what the rules allow", () => {
  const good: [string, Record<string, string>][] = [
    [
      "a pure file with zod, shared and folders above",
      { ...here, "src/sends/a.ts": 'import * as z from "zod"; import "../shared/x"; import "../events/event";' },
    ],
    [
      "an adapter with hono, the platform and its own folder",
      {
        ...here,
        "src/platform/a.ts": "",
        "src/events/routes.tsx": 'import "hono"; import "../platform/a"; import "./store";',
      },
    ],
    [
      "another's tables for a report",
      { "src/events/tables.ts": "", "src/reports/store.ts": 'import "../events/tables";' },
    ],
    [
      "a page with JSX",
      { "src/tracking/page.tsx": 'import type { FC } from "hono/jsx"; import { raw } from "hono/html";' },
    ],
    ["types of services", { "src/services.ts": "", "src/events/routes.ts": 'import type { A } from "../services";' }],
    [
      "app with anything",
      { ...here, "src/local/a.ts": "", "src/app.ts": 'import "./local/a"; import "./events/store";' },
    ],
    [
      "time, network and console as arguments",
      {
        "src/sends/channels/a.ts":
          "export const a = ({ fetch, now }: { fetch: F; now: number }) => { console.a; return fetch(new Date(now)); function console() {} };",
      },
    ],
    [
      "a property that is called fetch",
      { "src/events/a.ts": "export const a = (stub: S) => stub.fetch({ fetch: 1 });" },
    ],
    [
      "a switch in the catalog",
      { "src/events/a.ts": "export const all = {} as const satisfies Record<string, A>; switch (a.type) { default: }" },
    ],
    [
      "a factory of long functions",
      { "src/admin/a.ts": `function a() {\nreturn [${lines(3, `() => {\n${lines(40)}\n},`)}];\n}` },
    ],
  ];
  test.each(good)("%s", (_, files) => expect(findFaults(files)).toEqual([]));
});
