import { checkPoints } from "../../commerce/loyalty-projection";
import { checkProperties } from "../../commerce/projection";
import type { LedgerEvent } from "../../events/event";
import { MAX_EVENT_BYTES, readEvent } from "../../events/input";
import type { FieldError } from "../../shared/fault";
import { provenTraits } from "./consents";
import type { EventKind } from "./kind";
import { statedTime, TIME_FORMS } from "./stated-time";

/** Segment messages, one a line, with their own times. What they say of consents needs its proof as in any file. */
export const events: EventKind = {
  title: { en: "Events", fr: "Événements" },
  columns: ["type", "messageId", "userId", "anonymousId", "event", "properties", "traits", "timestamp"],
  formats: ["ndjson"],
  write: "events",
  times: ["timestamp", "originalTimestamp"],
  read(value, context) {
    const { id, receivedAt } = context;
    if (JSON.stringify(value).length > MAX_EVENT_BYTES) return { ok: false, reason: "an event may have 32 KB" };
    const sender = { trust: "import", receivedAt, sentAt: undefined, context: null, origin: null, bot: false } as const;
    const read = readEvent(value, sender, id);
    if (!read.ok) return { ok: false, reason: read.reason };
    const { event } = read;
    const amount = fieldFault(event);
    if (amount) return { ok: false, reason: `${amount.pointer} ${amount.detail}` };
    const stamp = value["timestamp"] ?? value["originalTimestamp"];
    // What is not to be read is not of today, and what is to come has not happened: the shop's next word would be older.
    const at = stamp === undefined || stamp === null ? receivedAt : statedTime(stamp);
    if (at === null) return { ok: false, reason: `timestamp is not a time: ${TIME_FORMS}` };
    if (at > receivedAt) return { ok: false, reason: "timestamp lies in the future" };
    const warnings: string[] = [];
    const traits = event.traits && provenTraits(event.traits, context, warnings);
    return { ok: true, item: { ...event, at, ...(traits && { traits }) }, warnings };
  },
};

function fieldFault({ type, name, properties = {} }: LedgerEvent): FieldError | null {
  return type === "track" ? (checkProperties(name, properties) ?? checkPoints(name, properties)) : null;
}
