import type { PermitRow } from "../decisions/permit";
import { backoffMs } from "../shared/backoff";
import { HOUR, SECOND } from "../shared/clock";
import { contactId } from "../shared/ids";
import type { Content } from "./content";
import { ContentFault } from "./content";
import type { Channel, MessageLinks, Outcome, OutgoingMessage, RenderedMessage } from "./message";
import { renderMessage } from "./render";
import type { Shop } from "./scope";
import type { FrozenData } from "./send-row";
import type { Senders } from "./sender";
import { senderOf } from "./sender";

/** How a claimed row ends: the columns that its last update sets. */
export interface Settled {
  readonly contact: number;
  readonly id: string;
  readonly state: "sent" | "queued" | "suppressed" | "failed" | "unknown";
  readonly reason: string | null;
  readonly providerId: string | null;
  /** When to try again; only where `queued`. */
  readonly nextAt: number;
  /** What the provider said, where `reason` still tells of an attempt of before. */
  readonly heard?: string;
}

/** What is needed to make messages of rows. */
export interface DeliveryPorts {
  readonly channel: (key: string) => Channel | null;
  readonly content: (key: string, version: number) => Promise<Content | null>;
  readonly links: (row: PermitRow, data: FrozenData) => MessageLinks;
  readonly shop: Shop & Senders;
  readonly now: () => number;
}

/** The data that was frozen with a send. */
export function frozenData(row: { readonly data: string }): FrozenData {
  return JSON.parse(row.data) as FrozenData;
}

/** Renders a row as its first attempt did: everything that varies was frozen in it. Throws a ContentFault. */
export async function renderRow<Row extends Pick<PermitRow, "content" | "content_version" | "data">>(
  row: Row,
  ports: Pick<DeliveryPorts, "content" | "shop"> & {
    readonly links: (row: Row, data: FrozenData) => MessageLinks;
  },
): Promise<RenderedMessage> {
  const content = await ports.content(row.content, row.content_version);
  if (!content)
    throw new ContentFault("template_invalid", `no content ${row.content} of version ${row.content_version}`);
  const data = frozenData(row);
  return renderMessage(content, data, ports.links(row, data), ports.shop);
}

/** What a claimed row comes to before anybody is called: the message, or why there is none. Never throws. */
export async function messageOf(row: PermitRow, ports: DeliveryPorts): Promise<OutgoingMessage | Settled> {
  try {
    const rendered = await renderRow(row, ports);
    const { shop } = ports;
    return {
      ...rendered,
      id: row.id,
      to: row.address,
      ...(row.channel === "email" ? senderOf(shop, row.class) : { from: shop.name }),
      contactId: contactId(row.contact),
      scenario: row.scenario,
      block: row.block,
      // A campaign is its own run.
      campaign: row.run === row.scenario ? row.run : null,
      sentAt: ports.now(),
    };
  } catch (error) {
    const reason = error instanceof ContentFault ? `content_cannot_be_personalised: ${error.reason}` : "content_failed";
    return settledAs(row, { state: "suppressed", reason });
  }
}

/** True where there is a message to send. */
export function isMessage(made: OutgoingMessage | Settled): made is OutgoingMessage {
  return "to" in made;
}

/** A row that ends without a word of its provider. */
export function settledAs(row: PermitRow, end: Pick<Settled, "state" | "reason"> & Partial<Settled>): Settled {
  return { contact: row.contact, id: row.id, providerId: null, nextAt: 0, ...end };
}

/** Reasons of a claimed row that say for certain that it has not gone out. */
const SURELY_NOT =
  /^(?:smtp_|channel_|batch_refused|not_complete|replayed_by_admin|rate_limit_exceeded|(?:daily|monthly)_quota_exceeded)|_40[13]$/;

/**
 * Whether a message may have gone out by an attempt of before: it was claimed and never settled, or whoever had it did
 * not answer clearly.
 */
export function mayBeOut({ attempts, reason }: Pick<PermitRow, "attempts" | "reason">): boolean {
  return attempts > 1 && !SURELY_NOT.test(reason ?? "");
}

/** Makes the message of a claimed row, and gives back what hands it over and says what became of it. Never throws. */
export async function deliver(row: PermitRow, ports: DeliveryPorts): Promise<() => Promise<Settled>> {
  const end = (settled: Settled) => () => Promise.resolve(settled);
  const channel = ports.channel(row.channel);
  if (!channel) return end(settledAs(row, { state: "failed", reason: "channel_unknown" }));
  // A provider without keys would send it twice.
  if (channel.asksOnce && mayBeOut(row)) return end(settledAs(row, { state: "unknown", reason: "answer_lost" }));
  const made = await messageOf(row, ports);
  return isMessage(made) ? async () => settle(row, await channel.send(made), ports.now()) : end(made);
}

/** Nothing is repeated later than this after its first attempt: providers forget idempotency keys after 24 hours. */
const LAST_RETRY = 23 * HOUR;

/** How a row ends by what its provider said. */
export function settle(row: PermitRow, outcome: Outcome, now: number): Settled {
  const base = { contact: row.contact, id: row.id, providerId: null, nextAt: 0 };
  if (outcome.state === "accepted") return { ...base, state: "sent", reason: null, providerId: outcome.providerId };
  if (outcome.state !== "retry") return { ...base, state: outcome.state, reason: outcome.reason };
  const nextAt = now + (outcome.afterMs ?? backoffMs(row.attempts, SECOND, HOUR));
  if (nextAt - row.first_attempt_at > LAST_RETRY)
    return { ...base, state: "unknown", reason: `gave_up: ${outcome.reason}` };
  // That it may have gone out is remembered until somebody knows: whatever comes after it does not make it certain.
  if (mayBeOut(row) && row.reason)
    return { ...base, state: "queued", reason: row.reason, nextAt, heard: outcome.reason };
  return { ...base, state: "queued", reason: outcome.reason, nextAt };
}
