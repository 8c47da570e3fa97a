import type { Line } from "../commerce/cart";
import { cartValue } from "../commerce/cart";
import type { OrderSummary } from "../commerce/order";
import { valuePoints } from "../decisions/arbitration";
import { addressFor } from "../decisions/channel";
import type { Intent, MessageClass } from "../decisions/gate";
import type { Subject } from "../decisions/question";
import type { Facts } from "../segments/facts";
import type { MessageData, MessageLine } from "./message";
import type { Utm } from "./utm";

/** What is known of a content when a send is made of it. */
export interface ContentRef {
  readonly key: string;
  readonly version: number;
}

/** Columns of `sends` that are written once, in the order of `queuedRow`. */
export const SEND_COLUMNS = [
  "contact",
  "id",
  "run",
  "scenario",
  "block",
  "channel",
  "class",
  "content",
  "content_version",
  "address",
  "data",
  "state",
  "open",
  "attempts",
  "next_at",
  "lease_until",
  "created_at",
  "updated_at",
] as const;

/** A message that is to leave. */
interface NewSend {
  readonly id: string;
  readonly contact: number;
  readonly run: string;
  readonly scenario: string;
  readonly block: string;
  readonly channel: string;
  readonly class: MessageClass;
  readonly content: ContentRef;
  readonly address: string | null;
  readonly data: FrozenData;
}

/** Until when a message may set out, what it is worth beside others, and what it is about. */
interface Terms {
  readonly leave_by?: number;
  readonly priority?: number;
  /** What its expected value adds to its score (`decisions/arbitration.ts`). */
  readonly value_points?: number;
  readonly weight?: number;
  readonly about?: Omit<Subject, "couponUntil">;
}

/** What is frozen with a message: all that it prints, whether its links may be counted, and what the permit goes by. */
export type FrozenData = MessageData &
  Terms & {
    readonly tracking: boolean;
    /** How its links are made, since there was more than one way; rows of before keep the links that they had. */
    readonly links?: FrozenLinks;
  };

/** What varies in the links of a message. */
export interface FrozenLinks {
  readonly v: 2;
  /** What stands in the addresses of the shop for its statistics; null where it wants none. */
  readonly utm: Utm | null;
  /** The inbox that takes unsubscribes by mail; left out where the shop has none. */
  readonly mailbox?: string;
}

/** The row of a message that may leave from `now` on (epoch ms). */
export function queuedRow({ content, data, ...send }: NewSend, now: number): unknown[] {
  const row: Readonly<Record<(typeof SEND_COLUMNS)[number], unknown>> = {
    ...send,
    content: content.key,
    content_version: content.version,
    data: JSON.stringify(data),
    state: "queued",
    open: 1,
    attempts: 0,
    next_at: now,
    lease_until: 0,
    created_at: now,
    updated_at: now,
  };
  return SEND_COLUMNS.map((column) => row[column]);
}

/** What a message prints beside what is known of the contact. */
interface Said {
  readonly cartUrl: string;
  /** What its run was told, such as a coupon's code. */
  readonly told: Readonly<Record<string, string | number | null>> | undefined;
  /** What the event said that began it. */
  readonly about?: Readonly<Record<string, string | number | null>> | undefined;
}

interface More extends Said {
  /** What the shop calls us in its statistics; null where its addresses stay as they are. */
  readonly utmSource: string | null;
  /** The inbox that takes unsubscribes by mail. */
  readonly mailbox?: string;
}

/** The row of a permitted send, with everything its message will print frozen in it. */
export function sendRow(
  id: string,
  intent: Intent,
  content: ContentRef,
  facts: Facts,
  more: More,
  now: number,
): unknown[] {
  const address = addressFor(facts.profile, intent.channel);
  const { run, scenario, block, channel } = intent;
  const about = { id, contact: facts.contact, run, scenario, block, channel, class: intent.class };
  const mailbox = channel === "email" && intent.class === "marketing" ? more.mailbox : undefined;
  const links: FrozenLinks = { v: 2, utm: utmOf(intent, content, more), ...(mailbox && { mailbox }) };
  const data = { ...messageData(facts, more), ...termsOf(intent), links };
  return queuedRow({ ...about, content, address, data }, now);
}

function utmOf({ channel, scenario }: Intent, { key }: ContentRef, { utmSource }: More): Utm | null {
  return utmSource === null ? null : { source: utmSource, medium: channel, campaign: scenario, content: key };
}

/** What the permit asks again when the message sets out. */
function termsOf({ leaveBy, priority, value, weight, about }: Intent): Terms {
  const { couponUntil: _until, ...subject } = about ?? {};
  return {
    ...(leaveBy !== undefined && { leave_by: leaveBy }),
    ...(priority !== undefined && { priority }),
    ...(value !== undefined && { value_points: Math.round(100 * valuePoints(value)) / 100 }),
    ...(weight !== undefined && { weight }),
    ...(Object.keys(subject).length > 0 && { about: subject }),
  };
}

/** What is frozen with a message to somebody of whom this is known. */
export function messageData(facts: Facts, { cartUrl, told, about }: Said): FrozenData {
  const { profile, commerce } = facts;
  const { cart } = commerce;
  const coupon = couponOf(told);
  const last = commerce.orders.reduce<OrderSummary | null>(
    (latest, order) => (latest && latest.placedAt > order.placedAt ? latest : order),
    null,
  );
  return {
    language: profile.language === "fr" ? "fr" : "en",
    contact: {
      first_name: profile.firstName,
      last_name: profile.lastName,
      ...(profile.civility !== null && { civility: profile.civility }),
    },
    cart: cart && {
      id: cart.id,
      total: cartValue(cart),
      currency: cart.currency,
      // Where the shop says that this very cart is gone on with, on any device.
      url: cart.url ?? cartUrl,
      lines: cart.lines.slice(0, 20).map((line) => messageLine(line, cart.currency)),
    },
    order: last
      ? { id: last.id, placed_at: last.placedAt, lines: last.shown.map((line) => messageLine(line, last.currency)) }
      : null,
    ...(coupon && { coupon }),
    ...((told ?? about) && { told: { ...about, ...told } }),
    tracking: profile.consents.tracking?.state === "granted",
  };
}

function couponOf(told: More["told"]): { readonly code: string; readonly until: number | null } | null {
  const { coupon: code, coupon_until: until } = told ?? {};
  return typeof code === "string" ? { code, until: typeof until === "string" ? Date.parse(until) : null } : null;
}

function messageLine(line: Line, currency: string): MessageLine {
  const { product_id, name, quantity, price, url, image } = line;
  return { product_id, name, quantity, price, currency, url, image };
}
