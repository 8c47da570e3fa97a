import type { Context } from "hono";
import { Hono } from "hono";
import { readBytes } from "../platform/body";
import { isSigned } from "../platform/signature";
import { parseExact } from "../shared/exact-json";
import { Fault } from "../shared/fault";
import { derivedId } from "../shared/ids";
import type { Budget } from "./budget";
import { CONNECTORS } from "./connectors";
import { part, time } from "./connectors/body";
import type { Connector, Occasion, Outcome } from "./connectors/connector";
import { UNSIGNED } from "./source";

/** What the webhook routes need of the rest. */
export interface WebhookDeps {
  /** The secrets that are good for a connector by now; two while one takes the other's place. */
  readonly secretsOf: (source: string) => readonly string[];
  /** The one shop that may send, as its header names it; empty where any that knows the secret may. */
  readonly shopOf: (source: string) => string;
  readonly wasDelivered: (id: string) => Promise<boolean>;
  readonly noteDelivery: (id: string, at: number) => Promise<void>;
  /** Does what a delivery comes to, and resolves when all of it is on disk. */
  readonly carryOut: (outcome: Outcome, occasion: Occasion) => Promise<CarriedOut>;
  /** Keeps a delivery that cannot be read, with why. */
  readonly setAside: (body: string, id: string, reason: string, occasion: Occasion) => Promise<void>;
  /** Counts a delivery that is refused as a whole, for what operators see of each source. */
  readonly refused: (source: string, reason: string) => void;
  readonly budget: Budget;
  readonly currency: string;
  readonly shopUrl: string;
  readonly now: () => number;
  readonly log: (message: string, fields: Readonly<Record<string, unknown>>) => void;
}

export interface CarriedOut {
  /** How many things it came to. */
  readonly accepted: number;
  /** What may follow the answer: a sweep does it where the process dies first. */
  readonly afterwards?: () => Promise<void>;
}

/** A body of 1 MB is refused. */
const MOST = 999_999;
const KEPT_BODY = 32 * 1024;

/** `POST /webhooks/{connector}` for each of the catalog. */
export function webhookRoutes(
  deps: (context: Context) => WebhookDeps,
  connectors: Readonly<Record<string, Connector>> = CONNECTORS,
): Hono {
  const app = new Hono();
  for (const [source, connector] of Object.entries(connectors)) {
    app.post(`/webhooks/${source}`, async (context) => {
      const ports = deps(context);
      try {
        return context.json(await new Receipt(context, source, connector, ports).answer());
      } catch (error) {
        if (error instanceof Fault) ports.refused(source, error.code === "unauthorized" ? UNSIGNED : error.code);
        throw error;
      }
    });
  }
  return app;
}

/** One delivery on its way in. */
class Receipt {
  constructor(
    private readonly context: Context,
    private readonly source: string,
    private readonly connector: Connector,
    private readonly deps: WebhookDeps,
  ) {}

  async answer(): Promise<object> {
    const { context, source, connector, deps } = this;
    const bytes = await readBytes(context.req.raw, MOST);
    const signature = this.header(connector.signature.header);
    const text = new TextDecoder().decode(bytes);
    if (signature === "" && connector.isPing?.(text)) return { accepted: 0 };
    await this.checkSignature(bytes, signature);
    this.checkShop();
    const topic = this.header(connector.headers.topic);
    if (topic === "") throw new Fault("invalid-input", `The header ${connector.headers.topic} is missing.`);
    const read = Object.hasOwn(connector.topics, topic) ? connector.topics[topic] : undefined;
    // A shop may send more than anybody reads here; a refusal would only make it repeat itself.
    if (!read) return { accepted: 0, ignored: topic.slice(0, 100) };
    this.spend();
    const id = this.deliveryId(topic, signature);
    if (await deps.wasDelivered(id)) return { accepted: 0, repeated: true };
    const occasion = this.occasion(topic);
    const body = parse(text);
    let outcome: Outcome;
    try {
      outcome = read(part(body), occasion);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      // Sent again it would be the same: it is kept for the operator, and the shop need not try.
      await deps.setAside(text.slice(0, KEPT_BODY), `${topic} ${id}`, `${source} ${topic}: ${error.detail}`, occasion);
      return { accepted: 0, rejected: [{ reason: error.detail }] };
    }
    const { accepted, afterwards } = await deps.carryOut(outcome, occasion);
    // Behind it: a crash between the two means that it comes again, and finds everything done.
    await deps.noteDelivery(id, occasion.receivedAt);
    if (afterwards) {
      context.executionCtx.waitUntil(
        afterwards().catch((error: unknown) =>
          deps.log("what follows a webhook broke off", { source, error: String(error) }),
        ),
      );
    }
    return { accepted };
  }

  private header(name: string): string {
    return this.context.req.header(name)?.trim() ?? "";
  }

  private async checkSignature(bytes: Uint8Array, signature: string): Promise<void> {
    const { deps, source, connector } = this;
    const { header, encoding } = connector.signature;
    const secrets = deps.secretsOf(source);
    if (secrets.length === 0) deps.log("a webhook came for which no secret is set", { source });
    if (!(await isSigned(bytes, signature, secrets, encoding)))
      throw new Fault("unauthorized", `The signature in ${header} is not that of the body under this shop's secret.`);
  }

  private checkShop(): void {
    const { deps, source, connector } = this;
    const [expected, stated] = [deps.shopOf(source), this.header(connector.headers.shop)];
    if (expected === "" || stated.toLowerCase() === expected.toLowerCase()) return;
    deps.log("a webhook of another shop", { source });
    throw new Fault("not-found", "This is not the address of that shop.");
  }

  private spend(): void {
    const { deps, source } = this;
    const wait = deps.budget.take(source, 1, deps.now());
    if (wait > 0) throw new Fault("too-many-requests", "The shop is over its budget. Send it again later.", [], wait);
  }

  /** The signature belongs to it: another body under the same delivery's name is no repeat. */
  private deliveryId(topic: string, signature: string): string {
    const named = this.connector.headers.delivery.map((header) => this.header(header)).find((value) => value !== "");
    return derivedId("whk", this.source, topic, named ?? "", signature);
  }

  private occasion(topic: string): Occasion {
    const { deps, source, connector } = this;
    const receivedAt = deps.now();
    const stated = connector.headers.time === undefined ? null : time(this.header(connector.headers.time));
    const { currency, shopUrl } = deps;
    return { source, topic, sentAt: Math.min(stated ?? receivedAt, receivedAt), receivedAt, currency, shopUrl };
  }
}

function parse(text: string): unknown {
  try {
    return parseExact(text);
  } catch {
    throw new Fault("invalid-json", "The body is not valid JSON.");
  }
}
