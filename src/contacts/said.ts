import type { ApplyContext } from "../events/projection";
import { CONSENT_KEYS, isGranted } from "./consent";
import { preferencesOf } from "./preferences";
import type { Profile } from "./profile";

/** What a person agreed to and chose, as it stands at a moment. */
export type Said = Pick<Profile, "consents" | "attributes">;

/** The name under which scenarios hear of a topic. */
export function topicName(topic: string): string {
  return `topic:${topic}`;
}

/**
 * Tells scenarios which consents were given or taken back and which topics were joined or left between two states. What
 * is merely said again is no news. `since` is when it was said: it makes what follows from it unique.
 */
export function tellSaid(before: Said, after: Said, context: ApplyContext): void {
  // What counts is when we learned of it: a paper form of last month begins something today.
  const tell = (to: string, isGiven: boolean, since: number): void =>
    context.happen({ type: "subscription", at: context.receivedAt, to, on: isGiven ? "granted" : "withdrawn", since });
  if (before.consents !== after.consents) {
    for (const key of CONSENT_KEYS) {
      const isGiven = isGranted(after.consents, key);
      if (isGiven === isGranted(before.consents, key)) continue;
      tell(key, isGiven, after.consents[key]?.at ?? context.event.at);
    }
  }
  if (before.attributes["topics"] === after.attributes["topics"]) return;
  const [known, now] = [preferencesOf(before).topics, preferencesOf(after).topics ?? []];
  const left = context.event.properties?.["topics_left"];
  // Whoever never chose had all that there are: what is left of them was not joined.
  const isRest = known === null && Array.isArray(left);
  for (const topic of isRest ? [] : now.filter((one) => !known?.includes(one))) {
    tell(topicName(topic), true, context.event.at);
  }
  for (const topic of isRest ? (left as string[]) : (known ?? []).filter((one) => !now.includes(one))) {
    tell(topicName(topic), false, context.event.at);
  }
}
