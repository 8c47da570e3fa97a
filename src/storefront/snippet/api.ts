import { createDebug } from "./debug";
import type { Browser, Chance } from "./environment";
import { createKeep, type Keep } from "./keep";
import { createMessage, type Fields, isFunctional, type Kind, pageOf, type Said } from "./message";
import { onsite, type PushOptions, subscribe } from "./onsite";
import { bytesOf, createQueue } from "./queue";
import { createSender, type Sender, type Target } from "./sender";
import { type Choices, watchSources } from "./sources";
import { createVisitor, type Identity, type Visitor } from "./visitor";

/** The server's limit for one event. */
const EVENT_BYTES = 32 * 1024;

export interface Settings {
  /** Where the events go; the origin that served the snippet, unless it is said here. */
  host?: string | undefined;
  debug?: boolean | undefined;
}

export interface Proof {
  readonly wording?: string;
  readonly source?: string;
}

/** `window.relance`. What returns something returns it only once the snippet has loaded. */
export interface Relance {
  load(writeKey: string, settings?: Settings): void;
  track(event: string, properties?: Fields): void;
  identify(userId?: string | Fields | null, traits?: Fields, options?: { token?: string }): void;
  page(name?: string | null, properties?: Fields): void;
  alias(userId: string, previousId?: string): void;
  reset(): void;
  /** A choice per channel or purpose. `tracking` also decides how long this browser is recognised. */
  consent(choices: Record<string, boolean>, proof?: Proof): void;
  /** Asks for a push subscription. A queued call as an array is run, as `[].push` of the stub would keep it. */
  push(options?: PushOptions | unknown[]): unknown;
  onsite(placement: string, show?: (content: unknown) => void): Promise<unknown> | undefined;
  debug(on?: boolean): void;
  /** Sends what is waiting; resolved when that is done or has to wait for another try. */
  flush(): Promise<void> | undefined;
  /** The ids that this browser sends, for the shop's server to name them in its own events. */
  user(): Identity | undefined;
}

const PURPOSES = ["tracking", "profiling"] as const;

interface Parts {
  readonly browser: Browser;
  readonly chance: Chance;
  readonly keep: Keep;
  readonly visitor: Visitor;
  readonly sender: Sender;
  readonly target: Target;
  readonly debug: ReturnType<typeof createDebug>;
  /** Moves what is stored to where the answer on tracking wants it. */
  settle(): void;
}

function assemble(browser: Browser, chance: Chance): Parts {
  const keep = createKeep(browser);
  const visitor = createVisitor(browser, chance, keep);
  const queue = createQueue(chance, keep);
  const debug = createDebug(browser.console);
  const target = { host: "", writeKey: "" };
  const sender = createSender({ browser, chance, queue, debug, target });
  const settle = () => {
    visitor.settle();
    queue.write(queue.read());
  };
  return { browser, chance, keep, visitor, sender, target, debug, settle };
}

function send({ browser, chance, keep, visitor, sender, debug }: Parts, type: Kind, said: Said): void {
  const { event = "" } = said;
  if (keep.tracking() === false && !isFunctional(type, event)) {
    debug.say(`${type} ${event} stays here: the visitor refused tracking`);
    return;
  }
  const message = createMessage(browser, chance, visitor, type, said);
  if (bytesOf(message) > EVENT_BYTES) {
    debug.say(`${type} ${event} dropped: an event holds 32 KB at most`, message);
    return;
  }
  debug.say(`${type} ${event}`, message);
  sender.add(message);
}

function identify(parts: Parts, userId: string | null | undefined, traits: Fields, token?: string): void {
  const { visitor, keep } = parts;
  if (userId) visitor.become(`${userId}`);
  if (token) visitor.holdToken(token);
  const { consent = {} } = traits as { consent?: Choices };
  for (const purpose of PURPOSES) {
    const choice = consent[purpose];
    if (typeof choice === "boolean") keep.choose(purpose, choice);
  }
  parts.settle();
  send(parts, "identify", { traits });
}

function methods(parts: Parts): Relance {
  const { browser, sender, target, visitor, debug } = parts;
  const api: Relance = {
    load(writeKey, settings = {}) {
      target.writeKey = writeKey;
      target.host = (settings.host ?? target.host).replace(/\/+$/, "");
      if (settings.debug !== undefined) debug.on(settings.debug);
      sender.schedule();
    },
    track: (event, properties = {}) => send(parts, "track", { event, properties }),
    identify(userId, traits = {}, { token } = {}) {
      // Segment's clients also take the traits alone.
      if (userId && typeof userId === "object") identify(parts, null, userId, token);
      else identify(parts, userId, traits, token);
    },
    page: (name, properties = {}) =>
      send(parts, "page", { name: name ?? undefined, properties: { ...pageOf(browser), ...properties } }),
    alias: (userId, previousId = visitor.get().anonymousId) => send(parts, "alias", { userId, previousId }),
    reset: () => visitor.forget(),
    consent: (consent, { wording, source } = {}) =>
      identify(parts, null, { consent, consent_wording: wording, consent_source: source }),
    push: (options) => (Array.isArray(options) ? run(api, debug, options) : subscribe(parts, options)),
    onsite: (placement, show) => onsite(parts, placement, show),
    debug: (on = true) => debug.on(on),
    flush: () => sender.flush(),
    user: () => visitor.get(),
  };
  return api;
}

type Method = (...args: unknown[]) => unknown;

/** One call of the stub's queue: `["track", "Cart Viewed", {…}]`. */
function run(api: object, debug: Parts["debug"], call: ArrayLike<unknown>): unknown {
  const [name, ...args] = Array.from(call) as [string, ...unknown[]];
  const method = (api as Record<string, Method | undefined>)[name];
  return method ? method(...args) : debug.say(`there is no method "${name}"`);
}

/** A method that neither throws nor rejects: what goes wrong is said in debug mode. */
function harmless<Args extends unknown[]>(method: (...args: Args) => unknown, debug: Parts["debug"]) {
  const explain = (error: unknown) => debug.say("failed", error);
  return (...args: Args): unknown => {
    try {
      const result = method(...args);
      return result instanceof Promise ? result.catch(explain) : result;
    } catch (error) {
      return explain(error);
    }
  };
}

/** Takes over what the page's consent platforms say, where it is news. */
function listen(parts: Parts, api: Relance): void {
  watchSources(parts.browser, (choices, source) => {
    const news = PURPOSES.filter((purpose) => ![undefined, parts.keep.choice(purpose)].includes(choices[purpose]));
    if (news.length) api.consent(Object.fromEntries(news.map((purpose) => [purpose, !!choices[purpose]])), { source });
  });
}

/** The methods of `window.relance`, and what the page's life has to call. */
export function createRelance(browser: Browser, chance: Chance) {
  const parts = assemble(browser, chance);
  const entries = Object.entries(methods(parts)) as [string, Method][];
  const api = Object.fromEntries(entries.map(([name, method]) => [name, harmless(method, parts.debug)])) as object;
  return {
    api: api as Relance,
    listen: harmless(() => listen(parts, api as Relance), parts.debug),
    leave: harmless(() => parts.sender.leave(), parts.debug),
    run: harmless((call: ArrayLike<unknown>) => run(api, parts.debug, call), parts.debug),
  };
}
