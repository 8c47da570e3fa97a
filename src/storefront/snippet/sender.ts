import type { Debug, Refusal } from "./debug";
import type { Browser, Chance } from "./environment";
import type { Message } from "./message";
import { firstChunk, type Queue } from "./queue";

const IDLE_MS = 1000;
const EAGER_AT = 20;
const LONGEST_WAIT_S = 3600;

export interface Target {
  host: string;
  writeKey: string;
}

export interface Sender {
  add(message: Message): void;
  /** Sends until the queue is empty or the server asks to wait. One at a time: a second call joins the first. */
  flush(): Promise<void>;
  /** Hands what is left to the browser when the page goes away. */
  leave(): void;
  schedule(): void;
}

/** What one request came to; `wait` in milliseconds asks for another try with the same events. */
interface Outcome {
  readonly text: string;
  readonly wait?: number;
  readonly refused?: readonly Refusal[];
}

interface Parts {
  readonly browser: Browser;
  readonly chance: Chance;
  readonly queue: Queue;
  readonly debug: Debug;
  readonly target: Target;
}

const worthRetrying = (status: number) => status === 408 || status === 429 || status >= 500;

function bodyOf({ target, chance }: Parts, batch: readonly Message[]): string {
  return JSON.stringify({ writeKey: target.writeKey, sentAt: new Date(chance.now()).toISOString(), batch });
}

/** Half to all of 1 s, 2 s, 4 s … 60 s: tabs that failed together do not come back together. */
function backoff(chance: Chance, tries: number): number {
  return Math.min(60_000, 1000 * 2 ** tries) * (0.5 + chance.random() / 2);
}

/**
 * Text/plain with the key in the body is a "simple" request: the browser sends it without asking first.
 */
async function post(parts: Parts, batch: readonly Message[], tries: number): Promise<Outcome> {
  const { browser, chance, target } = parts;
  try {
    const answer = await browser.fetch(`${target.host}/v1/batch`, {
      method: "POST",
      headers: { "Content-Type": "text/plain" },
      body: bodyOf(parts, batch),
      credentials: "omit",
      keepalive: true,
    });
    if (worthRetrying(answer.status)) {
      const after = Math.min(Number(answer.headers.get("Retry-After")) || 0, LONGEST_WAIT_S) * 1000;
      return { text: `status ${answer.status}, kept for another try`, wait: after || backoff(chance, tries) };
    }
    const report = (await answer.json().catch(() => null)) as { rejected?: Refusal[]; detail?: string } | null;
    if (!answer.ok) return { text: `dropped, the server answers ${answer.status} ${report?.detail ?? ""}` };
    const refused = report?.rejected ?? [];
    return { text: `${batch.length - refused.length} accepted, ${refused.length} refused`, refused };
  } catch (error) {
    return { text: `not delivered (${String(error)}), kept for another try`, wait: backoff(chance, tries) };
  }
}

/** Without its token an event is a claim, but it is not lost because the token ran out on the way. */
function withoutToken(message: Message): Message {
  return { ...message, context: { ...message.context, token: undefined } };
}

/** Takes what was answered out of the queue; what was refused for its token alone goes in again, without it. */
function settle(queue: Queue, batch: readonly Message[], refused: readonly Refusal[]): void {
  const done = new Set(batch.map(({ messageId }) => messageId));
  const stale = new Set(refused.filter(({ reason }) => /token/i.test(reason)).map(({ messageId }) => messageId));
  const again = batch.filter(({ messageId, context }) => context.token && stale.has(messageId));
  queue.write([...queue.read().filter(({ messageId }) => !done.has(messageId)), ...again.map(withoutToken)]);
}

/** The way out of the browser: chunks under the beacon limit, one request at a time, retries with the same ids. */
export function createSender(parts: Parts): Sender {
  const { browser, queue, debug, target } = parts;
  let flying: readonly Message[] = [];
  let running: Promise<void> | undefined;
  let timer: unknown;
  let waiting = false;
  let tries = 0;

  function later(ms: number): void {
    browser.clearTimeout(timer as never);
    timer = browser.setTimeout(() => {
      waiting = false;
      void flush();
    }, ms);
  }

  async function drain(): Promise<void> {
    while (!waiting && target.writeKey) {
      flying = firstChunk(queue.read());
      if (!flying.length) return;
      const { text, wait, refused = [] } = await post(parts, flying, tries);
      debug.request(flying, text, refused);
      if (wait === undefined) {
        settle(queue, flying, refused);
        tries = 0;
      } else {
        waiting = true;
        tries++;
        later(wait);
      }
      flying = [];
    }
  }

  function flush(): Promise<void> {
    // Nobody on the page waits for this promise: what goes wrong in it must not surface there either.
    running ??= drain()
      .catch((error) => debug.say("stopped", error))
      .finally(() => {
        running = undefined;
      });
    return running;
  }

  function schedule(): void {
    if (waiting) return;
    if (queue.read().length >= EAGER_AT) void flush();
    else later(IDLE_MS);
  }

  function leave(): void {
    // A server that has just asked for a pause is not asked on the way out: the queue outlives the page.
    if (waiting || !target.writeKey) return;
    const inFlight = new Set(flying.map(({ messageId }) => messageId));
    const url = `${target.host}/beacon/v1/batch?writeKey=${encodeURIComponent(target.writeKey)}`;
    for (;;) {
      const chunk = firstChunk(queue.read().filter(({ messageId }) => !inFlight.has(messageId)));
      if (!chunk.length || !browser.navigator.sendBeacon?.(url, bodyOf(parts, chunk))) return;
      settle(queue, chunk, []);
      debug.request(chunk, "handed to the browser on leaving", []);
    }
  }

  return {
    add(message) {
      queue.write([...queue.read(), message]);
      schedule();
    },
    flush,
    leave,
    schedule,
  };
}
