import type { Debug } from "./debug";
import type { Browser, Request } from "./environment";
import type { Target } from "./sender";
import type { Visitor } from "./visitor";

interface Parts {
  readonly browser: Browser;
  readonly target: Target;
  readonly visitor: Visitor;
  readonly debug: Debug;
}

export interface PushOptions {
  /** The shop's own service worker: a browser takes one only from the shop's origin. */
  readonly serviceWorker?: string;
}

/** The answer's JSON, or `null` with an explanation of what the server said. */
async function ask({ browser, target, debug }: Parts, path: string, request: Request = {}): Promise<unknown> {
  const answer = await browser.fetch(target.host + path, { ...request, credentials: "omit" });
  if (answer.ok) return answer.status === 204 ? {} : answer.json();
  const reason = answer.status === 404 ? "this server does not offer it" : "the server refuses";
  debug.say(`${path.split("?")[0]}: ${reason} (${answer.status})`);
  return null;
}

/** What to show this visitor at `placement`, or `null`: the page then stays as it is. */
export async function onsite(parts: Parts, placement: string, show?: (content: unknown) => void): Promise<unknown> {
  const { anonymousId } = parts.visitor.get();
  const query = new URLSearchParams({ placement, anonymousId, writeKey: parts.target.writeKey });
  const content = await ask(parts, `/v1/onsite?${query}`);
  show?.(content);
  return content;
}

/**
 * Subscribes this browser to web push. The server is asked first: a visitor must not be asked for a
 * permission that nothing can use.
 */
export async function subscribe(parts: Parts, options: PushOptions = {}): Promise<boolean> {
  const { browser, target, visitor, debug } = parts;
  const { serviceWorker = "/relance-sw.js" } = options;
  const workers = browser.navigator.serviceWorker;
  if (!workers) {
    debug.say("push: this browser has none");
    return false;
  }
  const query = new URLSearchParams({ writeKey: target.writeKey });
  const offer = (await ask(parts, `/v1/push/key?${query}`)) as { key: string } | null;
  if (!offer) return false;
  const { pushManager } = await workers.register(serviceWorker);
  const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: offer.key });
  const body = { writeKey: target.writeKey, ...visitor.get(), token: visitor.token(), subscription };
  const stored = await ask(parts, "/v1/push/subscriptions", {
    method: "POST",
    headers: { "Content-Type": "text/plain" },
    body: JSON.stringify(body),
  });
  return stored !== null;
}
