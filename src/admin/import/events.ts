import { checkPoints } from "../../commerce/loyalty-projection";
import { checkProperties } from "../../commerce/projection";
import type { LedgerEvent } from "../../events/event";
import { MAX_EVENT_BYTES, readEvent } from "../../events/input";
import type { FieldError } from "../../shared/fault";
import type { EventKind } from "./kind";

/** Segment messages, one a line, with their own times. */
export const events: EventKind = {
  title: { en: "Events", fr: "Événements" },
  columns: ["type", "messageId", "userId", "anonymousId", "event", "properties", "traits", "timestamp"],
  formats: ["ndjson"],
  write: "events",
  read(value, { id, receivedAt }) {
    if (JSON.stringify(value).length > MAX_EVENT_BYTES) return { ok: false, reason: "an event may have 32 KB" };
    const sender = { trust: "import", receivedAt, sentAt: undefined, context: null, origin: null, bot: false } as const;
    const read = readEvent(value, sender, id);
    if (!read.ok) return { ok: false, reason: read.reason };
    const { event } = read;
    const amount = fieldFault(event);
    if (amount) return { ok: false, reason: `${amount.pointer} ${amount.detail}` };
    return { ok: true, item: event, warnings: [] };
  },
};

function fieldFault({ type, name, properties = {} }: LedgerEvent): FieldError | null {
  return type === "track" ? (checkProperties(name, properties) ?? checkPoints(name, properties)) : null;
}
