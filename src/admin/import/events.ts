import { checkProperties } from "../../commerce/projection";
import { MAX_EVENT_BYTES, readEvent } from "../../events/input";
import type { ImportKind } from "./kind";

/** Segment messages, one a line, with their own times. */
export const events: ImportKind = {
  title: { en: "Events", fr: "Événements" },
  columns: ["type", "messageId", "userId", "anonymousId", "event", "properties", "traits", "timestamp"],
  formats: ["ndjson"],
  read(value, { id, receivedAt }) {
    if (JSON.stringify(value).length > MAX_EVENT_BYTES) return { ok: false, reason: "an event may have 32 KB" };
    const sender = { trust: "import", receivedAt, sentAt: undefined, context: null, origin: null, bot: false } as const;
    const read = readEvent(value, sender, id);
    if (!read.ok) return { ok: false, reason: read.reason };
    const { event } = read;
    const amount = event.type === "track" ? checkProperties(event.name, event.properties ?? {}) : null;
    if (amount) return { ok: false, reason: `${amount.pointer} ${amount.detail}` };
    return { ok: true, event, warnings: [] };
  },
};
