import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import sparticuz, { inflate } from "@sparticuz/chromium";
import { type Browser, chromium } from "playwright-core";

// The browser talks to the server of its test and to nothing else.
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** How long a page is waited for, in ms: nothing may depend on how fast a machine is. */
const PATIENCE = 90_000;

/**
 * A headless Chromium with a new profile, which goes when it is closed. Pages of different
 * `browser.newContext()` share no cookies. `more` are switches of its command line.
 */
export async function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  const found = await findChromium();
  const browser = await chromium.launch({
    executablePath: found.path,
    args: [...args, ...more],
    env: { ...process.env, ...found.env } as never,
  });
  const open = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await open(options);
    context.setDefaultTimeout(PATIENCE);
    return context;
  };
  return browser;
}

interface Chromium {
  path: string;
  env: Record<string, string>;
}

async function findChromium(): Promise<Chromium> {
  const chosen = process.env["CHROME_PATH"];
  if (chosen) return { path: chosen, env: {} };
  // The package carries a binary for this platform alone.
  if (process.platform === "linux" && process.arch === "x64") return packagedChromium();
  const installed = usualPlaces.find(existsSync);
  if (installed) return { path: installed, env: {} };
  throw new Error("No Chromium was found. Set CHROME_PATH to the program of a Chromium or Chrome.");
}

const usualPlaces = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** What the package calls them, and unpacks them to. */
const LIBRARIES = "al2023";
const packageFolder = join(createRequire(import.meta.url).resolve("@sparticuz/chromium"), "../..");
const cache = join(import.meta.dirname, "../../node_modules/.cache/chromium");

/** Unpacks the browser of the npm package once per version: 210 MB, two seconds. */
async function packagedChromium(): Promise<Chromium> {
  const { version } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as { version: string };
  const folder = join(cache, version);
  const path = join(folder, "chromium");
  if (!existsSync(path)) await unpack(folder);
  const fonts = existsSync("/etc/fonts/fonts.conf") ? {} : { FONTCONFIG_PATH: join(folder, "fonts") };
  return { path, env: { ...fonts, ...(startsAlone(path) ? {} : librariesOf(folder)) } };
}

/**
 * The package unpacks into the temporary folder and takes what lies there, half-written or not; several tests begin at
 * once. Slim systems lack the libraries that a browser links to; the package carries them too.
 */
async function unpack(folder: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const half = await mkdtemp(join(cache, "half-"));
  await inTemporaryFolder(half, async () => {
    await sparticuz.executablePath();
    if (!startsAlone(join(half, "chromium"))) await inflate(join(packageFolder, "bin", `${LIBRARIES}.tar.br`));
  });
  try {
    await rename(half, folder);
  } catch (error) {
    await rm(half, { recursive: true, force: true });
    // Another test process has just put the same files there.
    if (!existsSync(join(folder, "chromium"))) throw error;
  }
}

function librariesOf(folder: string): Record<string, string> {
  const before = process.env["LD_LIBRARY_PATH"];
  return { LD_LIBRARY_PATH: [join(folder, LIBRARIES, "lib"), ...(before ? [before] : [])].join(":") };
}

function startsAlone(path: string): boolean {
  try {
    execFileSync(path, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

async function inTemporaryFolder(folder: string, work: () => Promise<void>): Promise<void> {
  const before = process.env["TMPDIR"];
  process.env["TMPDIR"] = folder;
  try {
    await work();
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  }
}
