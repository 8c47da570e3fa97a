import type { Context } from "hono";
import { Hono } from "hono";
import { readBytes } from "../platform/body";
import { isSvixSigned } from "../platform/svix";
import { Fault } from "../shared/fault";
import { derivedId } from "../shared/ids";
import type { ListNews, ProviderNews } from "./provider-news";
import { resendNews } from "./provider-news";

/** What the routes that providers report to need. */
export interface ProviderDeps {
  /** The secrets that are good by now; two while one takes the other's place. */
  readonly secrets: readonly string[];
  readonly wasDelivered: (id: string) => Promise<boolean>;
  readonly noteDelivery: (id: string, at: number) => Promise<void>;
  /** Keeps a piece of news under an id of its own; false where it is about no message of ours. */
  readonly take: (news: ProviderNews | ListNews, id: string, receivedAt: number) => Promise<boolean>;
  /** Counts what is refused. */
  readonly refused: (reason: string) => void;
  /** Takes one delivery; seconds to wait where there are too many. */
  readonly spend: () => number;
  readonly now: () => number;
  readonly log: (message: string, fields: Readonly<Record<string, unknown>>) => void;
}

/** A body of 1 MB is refused. */
const MOST = 999_999;

/** `POST /webhooks/resend`: what became of messages. */
export function providerRoutes(deps: (context: Context) => ProviderDeps): Hono {
  const app = new Hono();
  app.post("/webhooks/resend", async (context) => {
    const ports = deps(context);
    try {
      return context.json(await receive(context, ports));
    } catch (error) {
      if (error instanceof Fault) ports.refused(error.code === "unauthorized" ? "bad-signature" : error.code);
      throw error;
    }
  });
  return app;
}

async function receive(context: Context, deps: ProviderDeps): Promise<object> {
  const bytes = await readBytes(context.req.raw, MOST);
  const header = (name: string): string =>
    context.req.header(`svix-${name}`) ?? context.req.header(`webhook-${name}`) ?? "";
  const signed = { id: header("id"), timestamp: header("timestamp"), signature: header("signature") };
  const now = deps.now();
  if (deps.secrets.length === 0) deps.log("a provider's webhook came for which no secret is set", { source: "resend" });
  if (!(await isSvixSigned(bytes, signed, deps.secrets, now)))
    throw new Fault("unauthorized", "The signature is not that of the body under this shop's secret, or not of now.");
  const wait = deps.spend();
  if (wait > 0) throw new Fault("too-many-requests", "That is too many at once. Send it again later.", [], wait);
  const id = derivedId("whk", "resend", signed.id);
  if (await deps.wasDelivered(id)) return { accepted: 0, repeated: true };
  const news = read(new TextDecoder().decode(bytes), now);
  // Resend tells of more than messages; a refusal would only make it repeat itself.
  if (!news) return { accepted: 0 };
  if (!(await deps.take(news, id, now))) {
    deps.log("a provider told of a message that is not ours", { source: "resend", kind: news.kind });
    throw new Fault("not-found", "There is no such message.");
  }
  // Behind it: a crash between the two means that it comes again, and finds everything done.
  await deps.noteDelivery(id, now);
  return { accepted: 1 };
}

function read(text: string, now: number): ProviderNews | ListNews | null {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Fault("invalid-json", "The body is not valid JSON.");
  }
  try {
    return resendNews(body, now);
  } catch {
    throw new Fault("invalid-input", "The body is not what Resend sends.");
  }
}
