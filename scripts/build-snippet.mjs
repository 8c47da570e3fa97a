// Compiles what runs in a shopper's browser into modules that the Worker can serve:
//   src/storefront/snippet        → src/storefront/snippet.generated.ts      (GET /r.js)
//   src/local/demo/client         → src/local/demo/client.generated.ts       (the demo shop's script and style)
//   src/console/client            → src/console/client.generated.ts          (the form in which rules are written)
// and public holidays, which a package knows that is too large for the Worker:
//   date-holidays                 → src/shared/holidays.generated.ts
// It runs before every bundle, so it writes a file only when its text changes: a watcher would loop otherwise.
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { holidaysModule } from "./lib/holidays.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** A shop's page pays for every byte of this before its own work. */
export const SNIPPET_LIMIT = 5000;

/** Bundles one entry into minified text. @param {string} entry from the repository's root */
async function compile(entry) {
  const { outputFiles } = await build({
    entryPoints: [root + entry],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: "es2020",
    charset: "utf8",
    legalComments: "none",
    tsconfigRaw: "{}",
    logLevel: "warning",
  });
  return outputFiles[0].text.trim();
}

const etagOf = (text) => `"${createHash("sha256").update(text).digest("hex").slice(0, 16)}"`;
const moduleOf = (constants) =>
  Object.entries(constants)
    .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};\n`)
    .join("");

/** The snippet's text and its size in bytes as sent with gzip. */
export async function compileSnippet() {
  const text = await compile("src/storefront/snippet/index.ts");
  return { text, gzipped: gzipSync(text, { level: 9 }).length };
}

async function snippetModule() {
  const { text, gzipped } = await compileSnippet();
  if (gzipped > SNIPPET_LIMIT) throw new Error(`r.js is ${gzipped} bytes gzipped, ${SNIPPET_LIMIT} are allowed`);
  console.log(`r.js: ${gzipped} bytes gzipped of ${SNIPPET_LIMIT}, ${text.length} minified`);
  return moduleOf({ SNIPPET: text, SNIPPET_ETAG: etagOf(text) });
}

async function clientModule() {
  const [script, style] = await Promise.all([
    compile("src/local/demo/client/main.ts"),
    compile("src/local/demo/client/style.css"),
  ]);
  return moduleOf({
    CLIENT_SCRIPT: script,
    CLIENT_SCRIPT_ETAG: etagOf(script),
    CLIENT_STYLE: style,
    CLIENT_STYLE_ETAG: etagOf(style),
  });
}

async function consoleModule() {
  const script = await compile("src/console/client/rule-builder.ts");
  return moduleOf({ RULE_BUILDER: script, RULE_BUILDER_ETAG: etagOf(script) });
}

const textOf = (path) => readFile(root + path, "utf8").catch(() => null);

async function writeChanged(path, text) {
  if ((await textOf(path)) !== text) await writeFile(root + path, text);
}

async function writeHolidays() {
  const path = "src/shared/holidays.generated.ts";
  const text = await holidaysModule(await textOf(path), new Date());
  if (text !== null) await writeFile(root + path, text);
}

/** Writes all modules. @throws when the snippet is over its limit */
export async function buildSnippet() {
  await writeChanged("src/storefront/snippet.generated.ts", await snippetModule());
  await writeChanged("src/local/demo/client.generated.ts", await clientModule());
  await writeChanged("src/console/client.generated.ts", await consoleModule());
  await writeHolidays();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildSnippet();
