import { isGranted } from "../contacts/consent";
import { addressFor } from "../decisions/channel";
import type { Facts } from "../segments/facts";

/** Channels on which somebody can be written to, in the order in which they are tried. */
export const REACHING = ["email", "sms", "push"] as const;
export type Reaching = (typeof REACHING)[number];

/** Whether there is an address for a channel and a consent to marketing on it. The gate asks again before each message. */
function isReachable({ profile }: Facts, channel: Reaching): boolean {
  return addressFor(profile, channel) !== null && isGranted(profile.consents, channel);
}

/**
 * The channel to write to somebody on, of those that are offered: the one that they declared (`preferred_channel` among their
 * attributes), else the first on which they can be reached. Null where there is none. What they answer to most takes its
 * place between the two once it is learned.
 */
export function preferredChannel(facts: Facts, offered: readonly Reaching[]): Reaching | null {
  const reachable = REACHING.filter((channel) => offered.includes(channel) && isReachable(facts, channel));
  const declared = facts.profile.attributes["preferred_channel"];
  return reachable.find((channel) => channel === declared) ?? reachable[0] ?? null;
}
