import * as z from "zod";
import type { ApplyContext } from "../events/projection";
import type { ChannelDelivery, Delivery, SuppressionKind } from "./delivery";
import { gotThrough, SUPPRESSION_KINDS, softly, stop } from "./delivery";
import type { Profile } from "./profile";
import { setField } from "./profile";

const about = z.object({ send: z.string(), channel: z.string(), address: z.string(), hash: z.string() });
const bounced = about.extend({ kind: z.enum(["hard", "soft", "block"]), source: z.string() });
const complained = about.extend({ source: z.string() });
const suppressed = complained.extend({ kind: z.literal("provider") });
const lifted = z.object({
  hash: z.string(),
  channel: z.string(),
  kind: z.enum(SUPPRESSION_KINDS),
});

/** The slice after a change of one channel's address. */
function withChannel(
  profile: Profile,
  channel: string,
  address: string,
  change: (known: ChannelDelivery) => ChannelDelivery,
): void {
  const { delivery } = profile;
  const known = delivery?.channels?.[channel];
  const current = known?.to === address ? known : { to: address };
  const next = change(current);
  if (next === known) return;
  // Of a former address nothing is remembered here; the list still has it.
  const isCurrent = address === (channel === "sms" ? profile.phone : (profile.email ?? profile.claimedEmail));
  if (known && known !== current && !isCurrent) return;
  setField(profile, "delivery", { ...delivery, channels: { ...delivery?.channels, [channel]: next } });
}

/** The row by which a suppression is listed, lifted, and outlives an erasure. */
function putSuppression(
  { record, event, rows }: ApplyContext,
  row: { hash: string; channel: string; send: string; source: string },
  kind: SuppressionKind,
): void {
  const { hash, channel, send, source } = row;
  rows.put("suppressions", `${hash}|${kind}`, [hash, kind, channel, source, record.id, send, event.at]);
}

function bounce(profile: Profile, context: ApplyContext): void {
  const { event } = context;
  const said = bounced.parse(event.properties);
  const { kind, channel, address } = said;
  // A refusal of the shop's messages as a whole says nothing of the address.
  if (kind === "block") return;
  withChannel(profile, channel, address, (known) => {
    const next = kind === "hard" ? stop(known, "hard_bounce", event.at) : softly(known, event.at);
    const reason = kind === "hard" ? "hard_bounce" : "soft_bounce";
    if (next.stopped?.[reason] !== undefined && known.stopped?.[reason] === undefined)
      putSuppression(context, said, reason);
    return next;
  });
}

function complain(profile: Profile, context: ApplyContext): void {
  const { event } = context;
  const said = complained.parse(event.properties);
  if (profile.delivery?.complained !== undefined) return;
  setField(profile, "delivery", { ...profile.delivery, complained: event.at });
  putSuppression(context, said, "complaint");
}

function suppress(profile: Profile, context: ApplyContext): void {
  const said = suppressed.parse(context.event.properties);
  withChannel(profile, said.channel, said.address, (known) => {
    const next = stop(known, said.kind, context.event.at);
    if (next !== known) putSuppression(context, said, said.kind);
    return next;
  });
}

function lift(profile: Profile, { event, rows }: ApplyContext): void {
  const { hash, kind, channel } = lifted.parse(event.properties);
  rows.put("suppressions_lifted", `${hash}|${kind}`, [hash, kind, event.at]);
  const { delivery } = profile;
  if (!delivery) return;
  if (kind === "complaint") {
    const { complained: _complained, ...rest } = delivery;
    setField(profile, "delivery", tidy(rest));
    return;
  }
  const known = delivery.channels?.[channel];
  if (!known?.stopped) return;
  const { [kind]: _gone, ...stopped } = known.stopped;
  const { soft, through, to } = known;
  const isOpen = Object.keys(stopped).length === 0;
  // Whoever is let in again begins with no bounce to their name, or the next one would bar them at once.
  const next: ChannelDelivery = {
    to,
    ...(!isOpen && { stopped }),
    ...(soft && kind !== "soft_bounce" && { soft }),
    ...(through !== undefined && { through }),
  };
  setField(profile, "delivery", { ...delivery, channels: { ...delivery.channels, [channel]: next } });
}

function tidy(delivery: Delivery): Delivery | null {
  return Object.keys(delivery.channels ?? {}).length === 0 && delivery.complained === undefined ? null : delivery;
}

/** Something got through: known only where something did not before. */
function through(profile: Profile, { event }: ApplyContext): void {
  const { channel, address } = event.properties ?? {};
  if (typeof channel !== "string" || typeof address !== "string") return;
  if (!profile.delivery?.channels?.[channel]?.soft) return;
  withChannel(profile, channel, address, (known) => gotThrough(known, event.at));
}

/** What events about deliveries change about a contact, by their names. */
export const DELIVERY_EVENTS: Readonly<Record<string, (profile: Profile, context: ApplyContext) => void>> = {
  "message.bounced": bounce,
  "message.complained": complain,
  "message.suppressed": suppress,
  "message.delivered": through,
  "suppression.lifted": lift,
};
