import { setTimeout as sleep } from "node:timers/promises";

/** Longer than any step of the Worker's that keeps the inspector from answering, ms. */
const PATIENCE = 120_000;

/**
 * The heap of the Worker's isolate, asked of workerd's inspector: what of it is in use, with the bytes of its buffers,
 * which lie outside. The inspector is answered whenever the isolate waits for something.
 */
export class Heap {
  #socket;
  #waiting = new Map();
  #next = 0;
  #patience;

  /** @param {WebSocket} socket @param {number} patience how long an answer may take, ms */
  constructor(socket, patience = PATIENCE) {
    this.#socket = socket;
    this.#patience = patience;
    socket.addEventListener("message", ({ data }) => this.#take(JSON.parse(data)));
    socket.addEventListener("close", () => this.#end());
  }

  /** @param {string} inspector where the inspector listens, as ws://host:port @param {number} patience see above */
  static async at(inspector, patience = PATIENCE) {
    const listed = await fetch(`${inspector.replace("ws:", "http:")}/json/list`, {
      signal: AbortSignal.timeout(patience),
    });
    const targets = await listed.json();
    const own = targets.find(({ id }) => id.startsWith("core:user:"));
    if (!own) throw new Error(`the inspector knows of ${targets.map(({ id }) => id).join(", ") || "nothing"}`);
    const socket = new WebSocket(own.webSocketDebuggerUrl);
    const opened = new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve, { once: true });
      socket.addEventListener("error", () => reject(new Error("the inspector could not be reached")), { once: true });
    });
    await within(patience, opened, "the inspector took no connection");
    return new Heap(socket, patience);
  }

  /** MB in use, garbage that was not collected yet among them. */
  async used() {
    const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = await this.#call("Runtime.getHeapUsage");
    return (usedSize + embedderHeapUsedSize + backingStorageSize) / 1e6;
  }

  /** MB in use by what can still be reached: all garbage is collected before. */
  async live() {
    await this.#call("HeapProfiler.collectGarbage");
    return this.used();
  }

  /** Watches until `stop`, which tells the highest of what was seen and how often that was. */
  watch(look, every) {
    const seen = [];
    let over = false;
    const watching = (async () => {
      while (!over) {
        seen.push(await look());
        await sleep(every);
      }
    })();
    // Whoever stops it hears of what went wrong.
    watching.catch(() => undefined);
    return async () => {
      over = true;
      await watching;
      return { peak: Math.max(...seen), looks: seen.length };
    };
  }

  close() {
    this.#socket.close();
  }

  #call(method) {
    // What is sent to a connection that has closed goes nowhere, and nothing says so.
    if (this.#socket.readyState !== WebSocket.OPEN) throw new Error(`the inspector had hung up before ${method}`);
    const id = ++this.#next;
    const answered = new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, method });
      this.#socket.send(JSON.stringify({ id, method }));
    });
    return within(this.#patience, answered, `the inspector did not answer ${method}`);
  }

  #take({ id, error, result }) {
    const { resolve, reject, method } = this.#waiting.get(id) ?? {};
    this.#waiting.delete(id);
    if (error) reject?.(new Error(`${method}: ${error.message}`));
    else resolve?.(result);
  }

  #end() {
    for (const { reject, method } of this.#waiting.values()) reject(new Error(`the inspector hung up on ${method}`));
  }
}

/** What a promise comes to, or an error where it comes to nothing in so many milliseconds. */
async function within(ms, promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} in ${ms / 1_000} s`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
