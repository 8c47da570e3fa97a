import { preferencesOf } from "../../contacts/preferences";
import type { Profile } from "../../contacts/profile";
import type { LedgerEvent, Properties } from "../../events/event";
import { ownEvent } from "../../events/event";
import { readTopics } from "../../tracking/preference-store";
import { askedOf } from "../consent-pages";
import { Subscriptions } from "../subscriptions";
import type { PendingAct, Performer } from "./performer";

type Channel = "email" | "sms";

const listOf = (value: unknown): readonly string[] => (Array.isArray(value) ? (value as string[]) : []);

function chosen({ contact, id }: PendingAct, properties: Properties, now: number): LedgerEvent {
  return ownEvent(`topics.${id}`, "preferences.changed", now, contact, properties);
}

/** Withdrawals: nothing else about consent may be said by a scenario. */
function withdrawn({ contact, id, scenario }: PendingAct, channels: readonly string[], source: string, now: number) {
  return channels.map((consent) =>
    ownEvent(`withdraw.${id}.${consent}`, "consent.withdrawn", now, contact, { consent, source, scenario }),
  );
}

/** Whoever agreed has nothing to confirm, and whoever took it back is not asked again. */
function mayAsk({ consents }: Profile, channel: Channel): boolean {
  return consents[channel] === undefined || consents[channel].state === "claimed";
}

/** Topics are added; a consent is only asked for: the person's own click gives it. */
export const subscribe: Performer = {
  async perform(services, act, { profile }, now) {
    const asked = (listOf(act.details["ask"]) as Channel[]).filter((channel) => mayAsk(profile, channel));
    const language = profile.language === "fr" ? "fr" : "en";
    const letters = askedOf(profile, asked, services.shop.name, language);
    if (letters.length > 0) {
      const trace = { form: null, agent: null, origin: null, way: "server", source: "scenario" } as const;
      await new Subscriptions(services).request(`ask.${act.id}`, letters, trace, null);
    }
    const topics = listOf(act.details["topics"]);
    const events = topics.length > 0 ? [chosen(act, { topics_joined: topics }, now)] : [];
    const result = letters.length > 0 ? "asked" : topics.length > 0 ? "subscribed" : "nothing_to_ask";
    return { end: "done", result, events };
  },
};

/** Takes topics away, and consents. */
export const unsubscribe: Performer = {
  async perform({ env }, act, { profile }, now) {
    const left = listOf(act.details["topics"]);
    const events = withdrawn(act, listOf(act.details["channels"]), "scenario", now);
    if (left.length > 0) {
      // Whoever never chose has all that there are.
      const all = preferencesOf(profile).topics === null ? (await readTopics(env.DB)).map(({ key }) => key) : null;
      const change = all
        ? { topics: all.filter((key) => !left.includes(key)), topics_left: left }
        : { topics_left: left };
      events.push(chosen(act, change, now));
    }
    return { end: "done", result: "unsubscribed", events };
  },
};

/** Ends marketing to somebody's addresses of some channels; what an order needs still goes there. */
export const suppress: Performer = {
  perform(_services, act, _subject, now) {
    const source = `suppressed:${String(act.details["reason"])}`;
    const events = withdrawn(act, listOf(act.details["channels"]), source, now);
    return Promise.resolve({ end: "done", result: "suppressed", events });
  },
};
