import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { leanEnv } from "../../scripts/lib/lean.mjs";

/** How long one may take to end, ms. */
const PATIENCE = 60_000;

/**
 * Starts one of the programs beside this file in a process of its own, so that its CPU and memory are its own too.
 * `call(method, …)` runs one of its methods.
 */
export function startChild(file) {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [], {
    serialization: "advanced",
    // As `npm start` starts the process around workerd.
    env: { ...process.env, ...leanEnv },
  });
  const waiting = new Map();
  let next = 0;
  let gone = null;
  child.on("message", ({ id, error, result }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) resolve(result);
    else reject(new Error(`${file}: ${error}`));
  });
  child.once("exit", (code, signal) => {
    gone = new Error(`${file} ended (${signal ?? code})`);
    for (const { reject } of waiting.values()) reject(gone);
  });
  const call = (method, ...args) =>
    new Promise((resolve, reject) => {
      if (gone) return reject(gone);
      waiting.set(++next, { resolve, reject });
      child.send({ id: next, method, args });
    });
  const stop = async () => {
    if (gone) return;
    let isKilled = false;
    // Whatever it waits for: what hangs is to be said, and is not to outlive the benchmark.
    const timer = setTimeout(() => {
      isKilled = child.kill("SIGKILL");
    }, PATIENCE);
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.disconnect();
    await ended;
    clearTimeout(timer);
    if (isKilled) throw new Error(`${file} did not end in ${PATIENCE / 1_000} s and was killed`);
  };
  return { pid: child.pid, call, stop };
}

/** The other side: answers the calls of the process that started this one, and ends with it. */
export function answerCalls(methods, end = async () => undefined) {
  process.on("message", async ({ id, method, args }) => {
    const answer = await (async () => methods[method](...args))().then(
      (result) => ({ id, result }),
      (error) => ({ id, error: String(error?.stack ?? error) }),
    );
    // Whoever asked may be gone.
    if (process.connected) process.send(answer);
  });
  // Ctrl-C reaches every process of the terminal; the one that started this decides when it ends.
  process.on("SIGINT", () => undefined);
  process.once("disconnect", () => void Promise.resolve(end()).finally(() => process.exit(0)));
}
