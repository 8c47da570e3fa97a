import type { CampaignDefinition } from "../../sends/campaigns/definition";
import { durationInWords, durationMs } from "../../shared/duration";
import type { View } from "../view";
import { timeText } from "../view";

const PAUSES = {
  audience_grew: {
    en: "It paused itself: the audience is much larger than the number that was typed.",
    fr: "Elle s’est mise en pause : l’audience est bien plus grande que le nombre saisi.",
  },
  brake_bounces: {
    en: "It paused itself: too many addresses bounced.",
    fr: "Elle s’est mise en pause : trop d’adresses ont rejeté le message.",
  },
  brake_complaints: {
    en: "It paused itself: too many people complained.",
    fr: "Elle s’est mise en pause : trop de personnes se sont plaintes.",
  },
} as const;

/** Why a campaign paused itself; null where somebody did. */
export function pauseWords({ language }: View, reason: string | null): string | null {
  return reason !== null && Object.hasOwn(PAUSES, reason) ? PAUSES[reason as keyof typeof PAUSES][language] : null;
}

/** When a campaign leaves. */
export function scheduleWords(view: View, { schedule }: CampaignDefinition): string {
  const { say } = view;
  if (schedule === undefined) return say("ten minutes after it is confirmed", "dix minutes après confirmation");
  if (schedule.mode === "at") {
    const at = timeText(view, Date.parse(schedule.at), "full");
    return say(`on ${at} (${view.zone})`, `le ${at} (${view.zone})`);
  }
  if (schedule.mode === "local") {
    const day = timeText(view, Date.parse(`${schedule.date}T12:00:00Z`), "year");
    return say(
      `on ${day} at ${schedule.time} by each contact’s clock`,
      `le ${day} à ${schedule.time}, heure de chaque contact`,
    );
  }
  return say(
    `at the hour at which each contact reads (${schedule.usual} where it is not known)`,
    `à l’heure à laquelle chaque contact lit (${schedule.usual} si elle n’est pas connue)`,
  );
}

/** What a campaign tries first, in words; null without a test. */
export function testWords(view: View, { test }: CampaignDefinition): string | null {
  if (!test) return null;
  const { say, language } = view;
  const share = new Intl.NumberFormat(language, { style: "percent" }).format(test.share);
  const limit = durationInWords(durationMs(test.limit), language);
  const metric = test.metric === "clicks" ? say("clicks", "clics") : say("orders", "commandes");
  return say(
    `${share} of the audience, by ${metric}, ${limit} at most`,
    `${share} de l’audience, selon les ${metric}, ${limit} au plus`,
  );
}
