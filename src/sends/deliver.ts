import type { PermitRow } from "../decisions/permit";
import { backoffMs } from "../shared/backoff";
import { HOUR, SECOND } from "../shared/clock";
import { contactId } from "../shared/ids";
import type { Content } from "./content";
import { ContentFault } from "./content";
import type { Channel, MessageData, MessageLinks, Outcome, RenderedMessage } from "./message";
import { renderMessage } from "./render";
import type { Shop } from "./scope";

/** How a claimed row ends: the columns that its last update sets. */
export interface Settled {
  readonly contact: number;
  readonly id: string;
  readonly state: "sent" | "queued" | "suppressed" | "failed" | "unknown";
  readonly reason: string | null;
  readonly providerId: string | null;
  /** When to try again; only where `queued`. */
  readonly nextAt: number;
}

/** What is needed to make messages of rows. */
export interface DeliveryPorts {
  readonly channel: (key: string) => Channel | null;
  readonly content: (key: string, version: number) => Promise<Content | null>;
  readonly links: (row: PermitRow, tracking: boolean) => MessageLinks;
  readonly shop: Shop & { readonly emailFrom: string };
  readonly now: () => number;
}

/** The data that was frozen with a send. */
function frozenData(row: { readonly data: string }): MessageData & { readonly tracking: boolean } {
  return JSON.parse(row.data) as MessageData & { readonly tracking: boolean };
}

/** Renders a row as its first attempt did: everything that varies was frozen in it. Throws a ContentFault. */
export async function renderRow(row: PermitRow, ports: DeliveryPorts): Promise<RenderedMessage> {
  const content = await ports.content(row.content, row.content_version);
  if (!content)
    throw new ContentFault("template_invalid", `no content ${row.content} of version ${row.content_version}`);
  const data = frozenData(row);
  return renderMessage(content, data, ports.links(row, data.tracking), ports.shop);
}

/** Sends one claimed row and says what became of it. Never throws. */
export async function deliver(row: PermitRow, ports: DeliveryPorts): Promise<Settled> {
  const base = { contact: row.contact, id: row.id, providerId: null, nextAt: 0 };
  const channel = ports.channel(row.channel);
  if (!channel) return { ...base, state: "failed", reason: "channel_unknown" };
  try {
    const rendered = await renderRow(row, ports);
    const outcome = await channel.send({
      ...rendered,
      id: row.id,
      to: row.address,
      from: row.channel === "email" ? ports.shop.emailFrom : ports.shop.name,
      contactId: contactId(row.contact),
      scenario: row.scenario,
      block: row.block,
      // A campaign is its own run.
      campaign: row.run === row.scenario ? row.run : null,
      sentAt: ports.now(),
    });
    return settle(row, outcome, ports.now());
  } catch (error) {
    const reason = error instanceof ContentFault ? `content_cannot_be_personalised: ${error.reason}` : "content_failed";
    return { ...base, state: "suppressed", reason };
  }
}

/** Nothing is repeated later than this after its first attempt: providers forget idempotency keys after 24 hours. */
const LAST_RETRY = 23 * HOUR;

function settle(row: PermitRow, outcome: Outcome, now: number): Settled {
  const base = { contact: row.contact, id: row.id, providerId: null, nextAt: 0 };
  if (outcome.state === "accepted") return { ...base, state: "sent", reason: null, providerId: outcome.providerId };
  if (outcome.state !== "retry") return { ...base, state: outcome.state, reason: outcome.reason };
  const nextAt = now + (outcome.afterMs ?? backoffMs(row.attempts, SECOND, HOUR));
  if (nextAt - row.first_attempt_at > LAST_RETRY)
    return { ...base, state: "unknown", reason: `gave_up: ${outcome.reason}` };
  return { ...base, state: "queued", reason: outcome.reason, nextAt };
}
