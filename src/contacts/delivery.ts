import { DAY } from "../shared/clock";

/**
 * Why somebody is not written to. `hard_bounce`: the address does not exist. `soft_bounce`: too many messages did not get
 * through. `provider`: the provider's own list holds the address. `complaint`: the person called a message spam.
 */
export const SUPPRESSION_KINDS = ["hard_bounce", "soft_bounce", "provider", "complaint"] as const;
export type SuppressionKind = (typeof SUPPRESSION_KINDS)[number];

/** Soft bounces in a row after which an address counts as dead. */
const SOFT_IN_A_ROW = 7;
/** The same within `SOFT_WINDOW`, whatever got through in between. */
const SOFT_WITHIN = 5;
const SOFT_WINDOW = 14 * DAY;
/** How many of the last soft bounces are kept. */
const SOFT_KEPT = 10;

/** How things stand with the address that one channel's messages went to last. */
export interface ChannelDelivery {
  /** What it is about: a contact's next address begins anew. */
  readonly to: string;
  /** Since when nothing goes there, epoch ms, by why; a complaint stands with the contact. */
  readonly stopped?: Readonly<Partial<Record<Exclude<SuppressionKind, "complaint">, number>>>;
  /** Times of the last soft bounces, oldest first. */
  readonly soft?: readonly number[];
  /** The last time that something got through; kept only where something did not. */
  readonly through?: number;
}

/** What came back about messages to a contact. */
export interface Delivery {
  readonly channels?: Readonly<Record<string, ChannelDelivery>>;
  /** When the person complained, epoch ms. */
  readonly complained?: number;
}

/** Whose deliveries they are, and where messages go by now. */
interface Addressed {
  readonly delivery: Delivery | null;
  readonly email: string | null;
  readonly phone: string | null;
}

/** Why messages of a class on a channel must not go to a contact; null where they may. */
export function suppressionOf(
  { delivery, email, phone }: Addressed,
  channel: string,
  messageClass: string,
): SuppressionKind | null {
  if (!delivery) return null;
  const { to, stopped = {} } = delivery.channels?.[channel] ?? {};
  const address = channel === "sms" ? phone : email;
  if (to !== undefined && to === address) {
    for (const kind of SUPPRESSION_KINDS) if (kind !== "complaint" && stopped[kind] !== undefined) return kind;
  }
  return delivery.complained !== undefined && messageClass === "marketing" ? "complaint" : null;
}

/**
 * SQL: the reason that the permit gives for a suppressed message, NULL where it may go. `contact` and `send` are aliases
 * of rows of `contacts` and `sends`. The address is the message's own, which the permit compares with the contact's.
 */
export function suppressedSql(contact: string, send: string): string {
  const slice = `json_extract(${contact}.delivery, '$.channels.' || ${send}.channel)`;
  return (
    `CASE WHEN ${contact}.delivery IS NULL THEN NULL ` +
    `WHEN ${slice} ->> '$.to' = ${send}.address AND json_extract(${slice}, '$.stopped') IS NOT NULL THEN 'suppressed_address' ` +
    `WHEN ${send}.class = 'marketing' AND json_extract(${contact}.delivery, '$.complained') IS NOT NULL ` +
    "THEN 'suppressed_complaint' END"
  );
}

/** Whether soft bounces are too many by the last of them. */
function tooManySoft(soft: readonly number[], through = 0): boolean {
  const last = Math.max(...soft);
  const inARow = soft.filter((at) => at > through).length;
  return inARow >= SOFT_IN_A_ROW || soft.filter((at) => at > last - SOFT_WINDOW).length >= SOFT_WITHIN;
}

/** What a delivery, or a sign of life by way of it, says of an address: the row of soft bounces ends with it. */
export function gotThrough(known: ChannelDelivery, at: number): ChannelDelivery {
  return { ...known, through: Math.max(known.through ?? 0, at) };
}

/** The state after one more soft bounce, in whatever order they come. */
export function softly(known: ChannelDelivery, at: number): ChannelDelivery {
  if (known.soft?.includes(at)) return known;
  const soft = [...(known.soft ?? []), at].sort((one, other) => one - other).slice(-SOFT_KEPT);
  const next = { ...known, soft };
  return tooManySoft(soft, known.through) ? stop(next, "soft_bounce", at) : next;
}

export function stop(known: ChannelDelivery, kind: Exclude<SuppressionKind, "complaint">, at: number): ChannelDelivery {
  return known.stopped?.[kind] === undefined ? { ...known, stopped: { ...known.stopped, [kind]: at } } : known;
}

/** What two contacts' deliveries are together, when they turn out to be one person. */
export function mergeDelivery(winner: Delivery | null, loser: Delivery | null): Delivery | null {
  if (!winner || !loser) return winner ?? loser;
  const times = [winner.complained, loser.complained].filter((at) => at !== undefined);
  const channels = { ...loser.channels, ...winner.channels };
  return { channels, ...(times.length > 0 && { complained: Math.min(...times) }) };
}
