import type { ApplyContext } from "../events/projection";

/** Our own event by which somebody comes into an audience, or leaves it. */
export const AUDIENCE_CHANGED = "audience.changed";

/** The statement behind the rows of audiences: what was said last holds, and a repeat writes nothing. */
export const AUDIENCE_TABLES: Readonly<Record<string, string>> = {
  audience_members:
    "INSERT INTO audience_members (contact, audience, member, at) SELECT value ->> 0, value ->> 1, value ->> 2, " +
    "value ->> 3 FROM json_each(?1) WHERE true ON CONFLICT (contact, audience) DO UPDATE SET member = excluded.member, " +
    "at = excluded.at WHERE excluded.at >= audience_members.at AND excluded.member <> audience_members.member",
};

/** Puts the row of a change. */
export function changeAudience({ event, record, rows }: ApplyContext): void {
  const { audience, in: isIn } = event.properties ?? {};
  if (typeof audience !== "string") return;
  const contact = event.contact ?? record.id;
  rows.put("audience_members", `${contact}|${audience}`, [contact, audience, isIn === true ? 1 : 0, event.at]);
}
