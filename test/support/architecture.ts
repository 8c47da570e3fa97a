// The rules of the house (src/README.md) as a function from source files to faults. It knows files
// only as text, so that a test can show it a bad one.
import { posix } from "node:path";
import { children, type Import, isClass, isFunction, type Node, readSource, type Source, walk } from "./source";

export interface Fault {
  rule: "layers" | "pure" | "cycles" | "catalogs" | "names" | "sizes";
  file: string;
  line: number;
  message: string;
}

/** The story's folders in the order in which one may know another: each knows those before it. */
const story = [
  "events",
  "contacts",
  "commerce",
  "segments",
  "decisions",
  "scenarios",
  "sends",
  "tracking",
  "reports",
  "storefront",
];
const outer = ["admin", "console"];
/** Where everything is put together. */
const top = /^src\/(index\.ts|app\.tsx?|services\.ts|services\/.+)$/;
/** Compiled for the shopper's browser, not for the Worker. */
const browserFolders = ["storefront/snippet", "local/demo/client", "console/client"];
const adapterName = /(^|[-.])(tables|store|routes|object|queue|cron)$/;
/** Folders whose adapters may read another folder's tables. */
const tableReaders = ["reports", "segments", "decisions"];

/** What a page is written with: a function from its arguments to markup. */
const pageLibraries = ["hono/jsx", "hono/html"];

/** Libraries that neither wait, nor know the time, nor roll dice. */
const pureLibraries = [
  "zod",
  "@noble/hashes",
  "liquidjs",
  "html-to-text",
  "isbot",
  "libphonenumber-js",
  "papaparse",
  "saxes",
  "split-sms",
];

const bannedWords = new Set(
  ["manager", "helper", "util", "handler", "processor"].flatMap((word) => [word, `${word}s`]).concat("data"),
);

const limits = { file: 300, index: 60, objectClass: 200, function: 50 };

/** @param files source text by path, as in `{"src/events/input.ts": "…"}` */
export function findFaults(files: Record<string, string>): Fault[] {
  const sources = Object.entries(files).map(([path, text]) => readSource(path, text, files));
  return [...sources.flatMap(faultsOfOne), ...cycles(sources)].sort(
    (a, b) => a.file.localeCompare(b.file) || a.line - b.line,
  );
}

type Kind = "top" | "outer" | "local" | "browser" | "platform" | "shared" | "pure" | "channel" | "adapter" | "unknown";

interface Place {
  kind: Kind;
  folder: string;
  stem: string;
}

function placeOf(path: string): Place {
  const inner = path.replace(/^src\//, "");
  const folder = inner.includes("/") ? (inner.split("/")[0] ?? "") : "";
  const stem = posix.basename(inner).replace(/(\.d)?\.tsx?$/, "");
  return { kind: kindOf(path, inner, folder, stem), folder, stem };
}

function kindOf(path: string, inner: string, folder: string, stem: string): Kind {
  if (top.test(path)) return "top";
  if (folder === "") return path.endsWith(".d.ts") ? "top" : "unknown";
  if (browserFolders.some((browser) => inner.startsWith(`${browser}/`))) return "browser";
  if (outer.includes(folder)) return "outer";
  if (folder === "local" || folder === "platform" || folder === "shared") return folder;
  if (!story.includes(folder)) return "unknown";
  if (adapterName.test(stem)) return "adapter";
  return inner.startsWith("sends/channels/") ? "channel" : "pure";
}

function faultsOfOne(source: Source): Fault[] {
  const pure = ["shared", "pure", "channel"].includes(placeOf(source.path).kind);
  return [
    ...layerFaults(source),
    ...(pure ? impurities(source) : []),
    ...switchesOnType(source),
    ...nameFaults(source),
    ...sizeFaults(source),
  ];
}

// ---- layers -----------------------------------------------------------------------------------

function layerFaults({ path, imports }: Source): Fault[] {
  const place = placeOf(path);
  const fault = (line: number, message: string): Fault => ({ rule: "layers", file: path, line, message });
  if (place.kind === "unknown") return [fault(1, "this file has no place in the layout")];
  return imports.flatMap((imported) => {
    const why = imported.target === undefined ? libraryFault(path, place, imported) : fileFault(path, place, imported);
    return why ? [fault(imported.line, `${imported.specifier}: ${why}`)] : [];
  });
}

function libraryFault(path: string, { kind }: Place, { specifier }: Import): string | undefined {
  if (specifier.startsWith(".")) return undefined;
  if (kind !== "pure" && kind !== "shared") {
    const foreign = kind === "channel" && /^(cloudflare:|node:|@?hono(\/|$)|drizzle)/.test(specifier);
    return foreign ? "a channel takes what it needs as arguments" : undefined;
  }
  if (path.endsWith(".tsx") && pageLibraries.includes(specifier)) return undefined;
  const allowed = pureLibraries.some((name) => specifier === name || specifier.startsWith(`${name}/`));
  return allowed ? undefined : "not a library for pure files";
}

function fileFault(path: string, from: Place, { target = "", typeOnly }: Import): string | undefined {
  const to = placeOf(target);
  if (to.kind === "browser" || from.kind === "browser") {
    if (to.kind === from.kind || from.folder === to.folder) {
      return from.kind === "browser" ? undefined : "code for the browser reaches the Worker as text";
    }
    return "code for the browser and the Worker's know nothing of each other";
  }
  if (from.kind === "local") return undefined;
  if (to.kind === "local") return from.kind === "top" ? undefined : "only index, app and services know src/local";
  if (from.kind === "top" || from.kind === "outer") return undefined;
  if (to.kind === "top") {
    return typeOnly && target.startsWith("src/services") ? undefined : "nothing imports index, app and services";
  }
  if (to.kind === "outer") return `nothing imports ${to.folder}`;
  if (from.kind === "shared") return to.kind === "shared" ? undefined : "shared imports shared only";
  if (to.kind === "shared") return undefined;
  if (from.kind === "platform") return to.kind === "platform" ? undefined : "platform knows no word of the domain";
  return storyFault(path, from, to);
}

function storyFault(path: string, from: Place, to: Place): string | undefined {
  const adapter = from.kind === "adapter";
  if (to.kind === "platform") return adapter ? undefined : "pure files do not know the platform";
  if (to.folder === from.folder) {
    return to.kind === "adapter" && !adapter ? "pure files do not import adapters" : undefined;
  }
  if (to.kind === "adapter") {
    const tables = to.stem === "tables" && adapter;
    if (tables && (posix.basename(path) === "tables.ts" || tableReaders.includes(from.folder))) return undefined;
    return "an adapter of another folder is an argument, wired in services.ts";
  }
  return story.indexOf(to.folder) < story.indexOf(from.folder)
    ? undefined
    : `${from.folder} stands above ${to.folder} in the story`;
}

// ---- cycles -----------------------------------------------------------------------------------

function cycles(sources: Source[]): Fault[] {
  const graph = new Map(sources.map(({ path, imports }) => [path, imports.flatMap(({ target }) => target ?? [])]));
  const state = new Map<string, "open" | "done">();
  const faults: Fault[] = [];
  const visit = (path: string, trail: string[]) => {
    if (state.get(path) === "done") return;
    if (state.get(path) === "open") {
      const ring = [...trail.slice(trail.indexOf(path)), path];
      faults.push({ rule: "cycles", file: path, line: 1, message: ring.join(" → ") });
      return;
    }
    state.set(path, "open");
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    state.set(path, "done");
  };
  for (const path of graph.keys()) visit(path, []);
  return faults;
}

// ---- purity -----------------------------------------------------------------------------------

const impureMembers = new Set([
  "Date.now",
  "Math.random",
  "crypto.randomUUID",
  "crypto.getRandomValues",
  "performance.now",
]);
const impureGlobals = new Set(["console", "fetch", "globalThis"]);

function impurities({ path, program, lineOf }: Source): Fault[] {
  const faults: Fault[] = [];
  const report = (node: Node, what: string) =>
    faults.push({ rule: "pure", file: path, line: lineOf(node), message: `${what} in a pure file` });
  walk(program, (node, declared) => {
    const free = (name: unknown): name is string => typeof name === "string" && !declared.has(name);
    if (node.type === "MemberExpression" && node["object"].type === "Identifier" && !node["computed"]) {
      const name = `${node["object"].name}.${node["property"].name}`;
      if (impureMembers.has(name) && free(node["object"].name)) report(node, name);
    }
    const dated = node.type === "NewExpression" && node["arguments"].length === 0;
    const called = node.type === "CallExpression";
    if ((dated || called) && node["callee"].name === "Date" && free("Date")) report(node, "the present time");
    if (node.type === "Identifier" && impureGlobals.has(node["name"]) && free(node["name"])) report(node, node["name"]);
  });
  return faults;
}

// ---- catalogs ---------------------------------------------------------------------------------

/** A catalog is recognised by `{…} satisfies Record<…>`; there a switch may tell its entries apart. */
function switchesOnType({ path, program, lineOf }: Source): Fault[] {
  const found: Node[] = [];
  let catalog = false;
  walk(program, (node) => {
    if (node.type === "TSSatisfiesExpression" && node["typeAnnotation"].typeName?.name === "Record") catalog = true;
    if (node.type !== "SwitchStatement") return;
    const on = node["discriminant"];
    if (on.name === "type" || on.property?.name === "type") found.push(node);
  });
  if (catalog) return [];
  const message = "switch on a type outside its catalog";
  return found.map((node) => ({ rule: "catalogs", file: path, line: lineOf(node), message }));
}

// ---- names ------------------------------------------------------------------------------------

function nameFaults({ path, program, lineOf }: Source): Fault[] {
  const faults: Fault[] = [];
  const report = (line: number, message: string) => faults.push({ rule: "names", file: path, line, message });
  const segments = path.replace(/\.tsx?$/, "").split("/");
  for (const segment of segments) {
    if (!/^[a-z0-9]+([-.][a-z0-9]+)*$/.test(segment)) report(1, `"${segment}" is not in kebab-case`);
    const banned = segment.split(/[-.]/).find((word) => bannedWords.has(word));
    if (banned) report(1, `"${banned}" says nothing about what the file is for`);
  }
  for (const node of program["body"]) {
    const declared = node.declaration ?? node;
    if (declared.type === "TSInterfaceDeclaration" && /^I[A-Z][a-z]/.test(declared.id.name)) {
      report(lineOf(declared), `interface ${declared.id.name}: no I prefix`);
    }
  }
  return faults;
}

// ---- sizes ------------------------------------------------------------------------------------

function sizeFaults({ path, text, program, lineOf, linesOf }: Source): Fault[] {
  const faults: Fault[] = [];
  const limit = (what: string, line: number, lines: number, most: number) => {
    if (lines > most) faults.push({ rule: "sizes", file: path, line, message: `${what}: ${lines} lines of ${most}` });
  };
  limit("file", 1, text.trimEnd().split("\n").length, path === "src/index.ts" ? limits.index : limits.file);
  walk(program, (node) => {
    if (isClass(node) && /(^|[-.])object$/.test(placeOf(path).stem))
      limit("class", lineOf(node), linesOf(node), limits.objectClass);
    if (isFunction(node)) limit("function", lineOf(node), ownLines(node, linesOf), limits.function);
  });
  return faults;
}

/**
 * A function inside counts as one line: it is measured by itself. So a factory, or a file of routes,
 * is as long as what it does, not as what it holds.
 */
function ownLines(node: Node, linesOf: (node: Node) => number): number {
  let lines = linesOf(node);
  const subtract = (inner: Node): void => {
    if (isFunction(inner) || isClass(inner)) lines -= linesOf(inner) - 1;
    else for (const child of children(inner)) subtract(child);
  };
  for (const child of children(node)) subtract(child);
  return lines;
}
