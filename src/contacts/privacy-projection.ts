import type { ApplyContext, Projection } from "../events/projection";
import { derivedId } from "../shared/ids";

/** What a person may ask for. */
const REQUEST_KINDS: readonly unknown[] = ["erasure", "access"];

/** One month after a request was made (GDPR art. 12(3)); a day that the next month lacks is its last. UTC. */
export function dueAfter(askedAt: number): number {
  const due = new Date(askedAt);
  const day = due.getUTCDate();
  due.setUTCMonth(due.getUTCMonth() + 1);
  if (due.getUTCDate() !== day) due.setUTCDate(0);
  return due.getTime();
}

/** Rows of what people asked for, and of their last click. Keeps nothing in memory. */
export const privacyProjection: Projection<null> = {
  empty: () => null,
  copy: () => null,
  absorb: () => undefined,
  apply(_slice, { event, record, rows }: ApplyContext) {
    if (event.type !== "internal") return;
    if (event.name === "message.clicked") rows.put("last_clicks", record.id, [record.id, event.at]);
    const { kind, by, request } = event.properties ?? {};
    if (event.name !== "privacy.requested" || !REQUEST_KINDS.includes(kind)) return;
    const id = typeof request === "string" ? request : derivedId("prv", event.id, record.id);
    const askedBy = by === "admin" ? "admin" : "person";
    // A link can be forwarded: what was asked by one waits for a word from the person's own address.
    const confirmedAt = by === "admin" ? event.at : null;
    rows.put("privacy_requests", id, [id, record.id, kind, event.at, dueAfter(event.at), askedBy, confirmedAt]);
  },
};
