import * as z from "zod";
import { pageAddress } from "../shared/trace";
import type { LedgerEvent, Properties, Trust } from "./event";
import { SERVER_ONLY } from "./names";
import { correctTime, parseTime } from "./time";
import { checkTree } from "./tree";

/** Segment's documented limits. */
export const MAX_EVENT_BYTES = 32 * 1024;
export const MAX_BATCH_BYTES = 500 * 1024;
const MAX_BATCH_EVENTS = 2_500;

const identifier = z
  .union([z.string().max(255), z.number().transform(String)])
  .nullish()
  .transform((value) => (value === null || value === undefined || value === "" ? undefined : value));

const bag = z.record(z.string(), z.unknown()).nullish();

const wireEvent = z.object({
  type: z.enum(["track", "identify", "page", "screen", "alias", "group"]),
  messageId: z.string().max(255).nullish(),
  userId: identifier,
  anonymousId: identifier,
  previousId: identifier,
  event: z.string().min(1).max(255).nullish(),
  name: z.string().max(255).nullish(),
  properties: bag,
  traits: bag,
  context: bag,
  timestamp: z.unknown().optional(),
  originalTimestamp: z.unknown().optional(),
  sentAt: z.unknown().optional(),
});

type WireEvent = z.output<typeof wireEvent>;

/** What is known of a request before its events are read. */
export interface Sender {
  readonly trust: Trust;
  readonly receivedAt: number;
  readonly sentAt: unknown;
  /** The batch's own context, merged under that of each event. */
  readonly context: Readonly<Record<string, unknown>> | null;
  /** Hash of the address that the request came from, kept with a consent as its proof. */
  readonly origin: string | null;
  /** Browser and system, shortened; kept with a consent as its proof. */
  readonly agent?: string | null;
  readonly bot: boolean;
}

export type ReadEvent =
  | { readonly ok: true; readonly event: LedgerEvent; readonly token: string | null }
  | {
      readonly ok: false;
      readonly messageId: string;
      readonly reason: string;
      readonly pointer: string;
      readonly code: RejectCode;
    };

export type RejectCode =
  | "invalid-input"
  | "too-large"
  | "server-only-event"
  | "invalid-token"
  | "invalid-email"
  | "invalid-phone";

/** What an event calls itself, be it one or not. */
export function messageIdOf(raw: unknown, fallback: string): string {
  const given = (raw as { messageId?: unknown } | null)?.messageId;
  return typeof given === "string" && given !== "" ? given.slice(0, 255) : fallback;
}

/** A refusal of an event; `detail` completes a sentence that begins with the field. */
export function rejection(messageId: string, code: RejectCode, pointer: string, detail: string): ReadEvent {
  return { ok: false, messageId, code, pointer, reason: pointer === "" ? detail : `${pointer} ${detail}` };
}

/**
 * Reads one event of Segment's wire contract. `fallbackId` names an event that came without a messageId.
 * Never throws: a bad event is a rejection with its reason and the field.
 */
export function readEvent(raw: unknown, sender: Sender, fallbackId: string): ReadEvent {
  const messageId = messageIdOf(raw, fallbackId);
  const reject = (code: RejectCode, pointer: string, detail: string) => rejection(messageId, code, pointer, detail);
  const fault = checkTree(raw);
  if (fault) return reject("invalid-input", fault.pointer, fault.detail);
  const parsed = wireEvent.safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return reject("invalid-input", `/${(issue?.path ?? []).join("/")}`, issue?.message ?? "is not an event");
  }
  const wire = parsed.data;
  if (wire.type === "track" && !wire.event)
    return reject("invalid-input", "/event", "is missing: a track call names its event");
  if (wire.userId === undefined && wire.anonymousId === undefined) {
    return reject("invalid-input", "/userId", "is missing: an event needs a userId or an anonymousId");
  }
  const name = wire.event ?? wire.name ?? "";
  if (SERVER_ONLY.test(name) && (sender.trust === "write" || name.startsWith("$"))) {
    return reject(
      "server-only-event",
      "/event",
      `server-only-event: "${name.slice(0, 64)}" is not taken with this key`,
    );
  }
  return toLedgerEvent(wire, sender, messageId, name);
}

function toLedgerEvent(wire: WireEvent, sender: Sender, messageId: string, name: string): ReadEvent {
  const context = { ...sender.context, ...wire.context };
  const stamp = wire.timestamp ?? wire.originalTimestamp;
  const time =
    sender.trust === "import"
      ? { at: parseTime(stamp) ?? sender.receivedAt }
      : correctTime(stamp, wire.sentAt ?? sender.sentAt, sender.receivedAt);
  const contextTraits = context["traits"];
  // RudderStack puts an identify call's traits into context.traits only.
  const traits = wire.traits ?? (wire.type === "identify" && isBag(contextTraits) ? contextTraits : undefined);
  const anon = wire.type === "alias" ? (wire.previousId ?? wire.anonymousId) : wire.anonymousId;
  const event: LedgerEvent = {
    id: messageId,
    type: wire.type,
    name,
    at: time.at,
    trust: sender.trust,
    ...(wire.userId !== undefined && { user: wire.userId }),
    ...(anon !== undefined && { anon }),
    ...propertiesOf(wire, name),
    ...(traits && Object.keys(traits).length > 0 && { traits }),
    ...(sender.origin !== null && traits && { origin: sender.origin }),
    ...(traits?.["consent"] !== undefined && consentTrace(sender, context["page"])),
    ...("skewed" in time && time.skewed !== undefined && { skewed: time.skewed }),
    ...(sender.bot && { bot: true as const }),
  };
  const token = context["token"];
  return { ok: true, event, token: typeof token === "string" ? token : null };
}

/** Somebody shares a product or a cart: the address that it goes to is that of a person who told us nothing. */
const SHARES = new Set(["product shared", "cart shared"]);

function propertiesOf({ type, properties }: WireEvent, name: string): { readonly properties?: Properties } {
  if (!properties || Object.keys(properties).length === 0) return {};
  if (type !== "track" || !SHARES.has(name.toLowerCase())) return { properties };
  const { recipient: _recipient, ...own } = properties;
  return { properties: own };
}

/** Where a consent was stated, and with what. */
function consentTrace({ agent = null }: Sender, page: unknown): { form?: string; agent?: string } {
  const form = isBag(page) ? pageAddress(page["url"]) : null;
  return { ...(form !== null && { form }), ...(agent !== null && { agent }) };
}

function isBag(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A call of `/v1/batch`. Unknown fields pass: clients send many. */
export const batchInput = z.object({
  batch: z.array(z.unknown()).min(1).max(MAX_BATCH_EVENTS),
  writeKey: z.string().max(255).optional(),
  sentAt: z.unknown().optional(),
  context: bag,
});
