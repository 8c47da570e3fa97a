import type { Relance } from "../../../src/storefront/snippet/api";
import type { Answer, Browser, Request, StorageArea } from "../../../src/storefront/snippet/environment";
import type { Message } from "../../../src/storefront/snippet/message";
import { start } from "../../../src/storefront/snippet/start";

/** A storage that can outlive its page, or refuse as a browser with blocked cookies does. */
class FakeStorage implements StorageArea {
  readonly items = new Map<string, string>();
  blocked = false;

  private check(): void {
    if (this.blocked) throw new Error("SecurityError");
  }
  getItem(key: string): string | null {
    this.check();
    return this.items.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.check();
    this.items.set(key, value);
  }
  removeItem(key: string): void {
    this.check();
    this.items.delete(key);
  }
}

export interface Sent {
  readonly url: string;
  readonly body: string;
  readonly batch: readonly Message[];
  readonly request?: Request;
}

interface Reply {
  readonly status?: number;
  readonly retryAfter?: string;
  readonly body?: unknown;
}

/** What outlives a page: the storages and the server. */
export class FakeWorld {
  local = new FakeStorage();
  session = new FakeStorage();
  /** Epoch milliseconds. */
  now = Date.UTC(2026, 9, 1, 12);
  readonly sent: Sent[] = [];
  readonly beacons: Sent[] = [];
  reply: (url: string, request: Request) => Reply | Promise<Reply> = () => ({});
  takesBeacons = true;

  get events(): Message[] {
    return [...this.sent, ...this.beacons].flatMap(({ batch }) => batch);
  }

  /** The next visit: another tab or a browser started again, with what localStorage kept. */
  newVisit(): void {
    this.session = new FakeStorage();
  }
}

function batchOf(body = "{}"): Message[] {
  return (JSON.parse(body) as { batch?: Message[] }).batch ?? [];
}

/** One page with the snippet on it. Time passes only by `pass`. */
export class FakePage {
  readonly lines: string[] = [];
  private readonly listeners = new Map<string, () => void>();
  private timers: { id: number; at: number; run: () => void }[] = [];
  private id = 0;
  private readonly browser: Browser;

  constructor(
    readonly world: FakeWorld,
    options: { stub?: unknown[]; attributes?: Record<string, string>; platforms?: object } = {},
  ) {
    const { attributes = { writeKey: "wk_test" } } = options;
    const script = { src: "https://relance.test/r.js", dataset: attributes };
    this.browser = Object.assign(this.makeBrowser(script, options.stub), options.platforms);
    start(this.browser, { now: () => world.now, random: () => 1 });
  }

  /** The page's globals. */
  get window(): object {
    return this.browser;
  }

  get relance(): Relance {
    return this.browser.relance as Relance;
  }

  private makeBrowser(script: object, stub: unknown): Browser {
    const { world } = this;
    const write = (...parts: unknown[]) =>
      void this.lines.push(parts.filter((part) => typeof part === "string").join(" "));
    const navigator = {
      language: "fr-FR",
      userAgent: "test",
      sendBeacon: (url: string, body: string) => {
        if (world.takesBeacons) world.beacons.push({ url, body, batch: batchOf(body) });
        return world.takesBeacons;
      },
    };
    const visibilityState = "hidden";
    const document = {
      currentScript: script,
      referrer: "https://search.test/",
      title: "Shop",
      visibilityState,
      addEventListener: (type: string, run: () => void) => void this.listeners.set(type, run),
    };
    return {
      relance: stub,
      get localStorage() {
        return world.local;
      },
      get sessionStorage() {
        return world.session;
      },
      location: { href: "https://shop.test/p/1?utm=x#reviews", pathname: "/p/1" },
      document,
      navigator,
      crypto: { getRandomValues: (bytes) => crypto.getRandomValues(bytes) },
      console: { log: write, warn: write, group: write, groupCollapsed: write, groupEnd: () => undefined },
      fetch: (url, request) => this.fetch(url, request),
      setTimeout: (run, ms) => {
        this.timers.push({ id: ++this.id, at: world.now + ms, run });
        return this.id;
      },
      clearTimeout: (timer) => {
        this.timers = this.timers.filter(({ id }) => id !== timer);
      },
      addEventListener: (type, run) => void this.listeners.set(type, run),
    };
  }

  private async fetch(url: string, request: Request = {}): Promise<Answer> {
    this.world.sent.push({ url, body: request.body ?? "", batch: batchOf(request.body), request });
    const {
      status = 200,
      retryAfter = null,
      body = { accepted: 1, rejected: [] },
    } = await this.world.reply(url, request);
    return {
      ok: status < 300,
      status,
      headers: { get: (name) => (name === "Retry-After" ? retryAfter : null) },
      json: () => Promise.resolve(body),
    };
  }

  /** Lets time pass and everything that falls due happen, in order. */
  async pass(ms: number): Promise<void> {
    const end = this.world.now + ms;
    for (;;) {
      await settled();
      const next = this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.timers = this.timers.filter((timer) => timer !== next);
      this.world.now = next.at;
      next.run();
    }
    this.world.now = end;
  }

  leave(event: "pagehide" | "visibilitychange" | "visitorConsentCollected" = "pagehide"): void {
    this.listeners.get(event)?.();
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 40; turn++) await Promise.resolve();
}

/** An unsigned token: the snippet only reads how long it holds. */
export function tokenOf(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "HS256" })}.${part(claims)}.signature`;
}
