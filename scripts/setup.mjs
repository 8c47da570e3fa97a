// What every command needs before it can do its own work. This file runs on the machine's own Node
// (20 or later) and before anything is installed, so it imports nothing but Node's own modules.
import { spawn } from "node:child_process";
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root folder of the repository, with a trailing separator. */
export const root = fileURLToPath(new URL("..", import.meta.url));

const modules = join(root, "node_modules");
const windows = process.platform === "win32";

/** A step that ended with something else than success; the message says all that a reader needs. */
export class StepFailed extends Error {}

/**
 * Makes the folder ready to run anything: packages as the lockfile says, and local settings.
 * Says nothing when there is nothing to do.
 */
export async function setup() {
  if (installIsStale()) await install();
  if (!existsSync(join(root, ".dev.vars"))) {
    copyFileSync(join(root, ".dev.vars.example"), join(root, ".dev.vars"));
    console.log("Wrote .dev.vars (local settings and keys) from .dev.vars.example.");
  }
}

/**
 * The Node that the tools run on: wrangler needs 22.12 or later, and the machine may have an older
 * one, so the package `node` brings its own. Where its binary is missing (install scripts switched
 * off), the running Node serves if it is new enough.
 */
export function nodeBinary() {
  const bundled = bundledNode();
  if (bundled) return bundled;
  if (runningNodeIsEnough()) return process.execPath;
  throw new StepFailed(
    `Node ${process.version} is too old, and the package "node" brought no newer one. ` +
      "Allow its install script (npm config set ignore-scripts false) and run npm ci again, or install Node 22.12 or later.",
  );
}

/**
 * Runs a program in the repository's root with the output going to the terminal, and resolves with
 * its exit code. Signals sent to this process are passed on, so that ending it ends the program.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{env?: Record<string, string>, ipc?: boolean, path?: string, stdio?: import("node:child_process").StdioOptions}} [options]
 *   `ipc` opens a channel whose closing tells the child that this process has been killed;
 *   `path` replaces PATH, which otherwise begins with the repository's own tools.
 * @returns {Promise<number>}
 */
export function run(command, args, { env = {}, ipc = false, path = toolPath(), stdio = "inherit" } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, PATH: path, ...env },
      stdio: ipc ? ["inherit", "inherit", "inherit", "ipc"] : stdio,
      shell: windows && !command.endsWith(".exe"),
    });
    const unhook = passSignalsTo(child);
    child.once("error", (error) => {
      unhook();
      reject(error);
    });
    child.once("exit", (code, signal) => {
      unhook();
      resolve(code ?? (signal === "SIGINT" ? 130 : signal === "SIGTERM" ? 143 : 1));
    });
  });
}

/**
 * Sets up, then runs one of the repository's scripts under the right Node and ends this process with
 * its exit code. A command that needs packages is written as two files: a small one that calls this,
 * and the script itself, which may import what it likes.
 *
 * @param {string} script path from the root
 * @param {string[]} [args]
 */
export async function handOver(script, args = process.argv.slice(2)) {
  await main(async () => {
    await setup();
    return runScript(script, args);
  });
}

/** Runs one of the repository's scripts under the right Node; resolves with its exit code. */
export function runScript(script, args = [], options = {}) {
  return run(nodeBinary(), [script, ...args], options);
}

/** Builds the browser snippet, which src imports as text. */
export async function buildSnippet() {
  const script = "scripts/build-snippet.mjs";
  if (!existsSync(join(root, script))) return;
  if ((await runScript(script)) !== 0) throw new StepFailed("The browser snippet could not be built.");
}

/** Runs a command's body and turns its result into the exit code; expected failures print one line. */
export async function main(body) {
  try {
    process.exitCode = (await body()) ?? 0;
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

/**
 * npm writes node_modules/.package-lock.json as the last act of an install, so comparing it with the
 * lockfile finds a missing, an old and a broken-off install, and accepts what `npm install` made.
 */
function installIsStale() {
  const wanted = readPackages(join(root, "package-lock.json"));
  const found = readPackages(join(modules, ".package-lock.json"));
  if (!wanted) throw new StepFailed("package-lock.json is missing: this folder is not a whole copy of the repository.");
  if (!found || (!bundledNode() && !runningNodeIsEnough())) return true;
  return Object.entries(wanted).some(
    ([path, { version, optional, devOptional }]) =>
      path !== "" && found[path]?.version !== version && !((optional || devOptional) && !found[path]),
  );
}

function readPackages(file) {
  if (!existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, "utf8")).packages;
}

async function install() {
  console.log("Installing the packages of package-lock.json; this takes a minute the first time.");
  const code = (await npm("ci", "--silent")) === 0 ? 0 : await installLeniently();
  if (code !== 0) throw new StepFailed(`The packages could not be installed (npm ended with ${code}).`);
}

/**
 * `npm ci` refuses a lockfile that lacks the optional packages of other platforms, and npm leaves
 * them out when it writes one where the registry has none. The versions that matter are locked all
 * the same.
 */
function installLeniently() {
  console.log("npm ci refused; installing the same versions with npm install.");
  return npm("install", "--no-save");
}

/** @param {string[]} command */
function npm(...command) {
  // An older Node than a package asks for is no failure, whatever the user's npm settings say, and
  // no news: the tools run on the Node that this install brings.
  const flags = ["--loglevel=error", "--include=dev", "--engine-strict=false", "--no-audit", "--no-fund"];
  // The install replaces node_modules, so it cannot run on the Node inside.
  const path = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => !folder.startsWith(modules))
    .join(delimiter);
  return run(windows ? "npm.cmd" : "npm", [...flags, ...command], { path });
}

function bundledNode() {
  return [join(modules, "node", "bin", windows ? "node.exe" : "node"), join(modules, ".bin", "node")].find(existsSync);
}

function runningNodeIsEnough() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  return major > 22 || (major === 22 && minor >= 12);
}

function toolPath() {
  return [join(modules, ".bin"), process.env.PATH ?? ""].join(delimiter);
}

function passSignalsTo(child) {
  const hooks = ["SIGTERM", "SIGHUP", "SIGINT"].map((signal) => {
    const hook = () => {
      // Ctrl-C reaches every process of the terminal's group by itself; a second copy would look
      // like the impatient second Ctrl-C.
      if (signal === "SIGINT" && process.stdin.isTTY) return;
      child.kill(signal);
    };
    process.on(signal, hook);
    return () => process.off(signal, hook);
  });
  return () => {
    for (const unhook of hooks) unhook();
  };
}
