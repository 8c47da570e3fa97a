import type { ApplyContext, Projection } from "../events/projection";

/** What becomes of a message that left, by the event of ours that tells of it. */
const ACTS: Readonly<Record<string, string>> = {
  "message.delivered": "delivered",
  "message.opened": "opened",
  "message.clicked": "clicked",
  // What the provider says, which knows no machine from a person, is kept apart.
  "message.provider_opened": "provider_opened",
  "message.provider_clicked": "provider_clicked",
  "message.delayed": "delayed",
  "message.failed": "failed",
  "message.suppressed": "suppressed",
  "message.bounced": "bounced",
  "message.complained": "complained",
};

/** Keeps the first time of each: opens and clicks of people, as a suspected machine's say nothing of anybody. */
export const actsProjection: Projection<null> = {
  empty: () => null,
  copy: () => null,
  absorb: () => undefined,
  apply(_slice, { event, record, rows }: ApplyContext) {
    if (event.type !== "internal" || !Object.hasOwn(ACTS, event.name)) return;
    const { send } = event.properties ?? {};
    const kind = ACTS[event.name] ?? "";
    if (typeof send !== "string" || (event.bot === true && kind !== "delivered")) return;
    // The message's own contact, which may have been merged since.
    const contact = event.contact ?? record.id;
    rows.put("message_acts", `${contact}|${send}|${kind}`, [contact, send, kind, event.at]);
  },
};
