// `npm start`: from a fresh clone to a running product.
import { readFileSync } from "node:fs";
import { leanEnv } from "./lib/lean.mjs";
import { buildSnippet, main, runScript, setup } from "./setup.mjs";

await main(async () => {
  await setup();
  await buildSnippet();
  dieWithNpm();
  return runScript("scripts/serve.mjs", process.argv.slice(2), { ipc: true, env: leanEnv });
});

/**
 * npm passes SIGINT and SIGTERM on, but cannot pass on a SIGKILL. Without this the server would stay,
 * hold the port and the database, and nothing in the terminal would show it.
 */
function dieWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const shell = process.ppid;
  const npm = parentOf(shell);
  setInterval(() => {
    if (process.ppid !== shell || parentOf(shell) !== npm) process.exit(1);
  }, 200).unref();
}

/** npm starts a shell that starts this; who started the shell is known where there is a /proc. */
function parentOf(pid) {
  try {
    // The name in parentheses may hold anything, so the fields are counted from its end.
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").pop()?.split(" ")[1];
  } catch {
    return undefined;
  }
}
