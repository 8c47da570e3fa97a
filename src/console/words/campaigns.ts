import type { CampaignDefinition } from "../../sends/campaigns/definition";
import { durationInWords, durationMs } from "../../shared/duration";
import type { Fault } from "../../shared/fault";
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

const PROBLEMS = {
  content: {
    en: "This content does not fit. News and offers take a marketing content; a notice takes one that sells nothing.",
    fr: "Ce contenu ne convient pas. Une actualité ou une offre demande un contenu marketing ; un avis, un contenu qui ne vend rien.",
  },
  test: {
    en: "The other content is to be another one, for the same channel and of the same kind; 1 to 50 % of the audience, 1 to 72 hours.",
    fr: "L’autre contenu doit être différent, pour le même canal et de même nature ; de 1 à 50 % de l’audience, de 1 à 72 heures.",
  },
  schedule: {
    en: "Choose a day and an hour that are still to come.",
    fr: "Choisissez un jour et une heure à venir.",
  },
  segment: { en: "There is no such segment any more.", fr: "Ce segment n’existe plus." },
  holdout: {
    en: "A control group has 0 to 50 %, and a notice has none.",
    fr: "Un groupe témoin va de 0 à 50 %, et un avis n’en a pas.",
  },
} as const;

/** What is wrong with the form of a campaign, field by field. */
export function problemWords({ language, say }: View, { errors }: Fault): string {
  const fields = new Set(errors.map(({ pointer }) => pointer.split("/")[1] ?? ""));
  const known = [...fields].flatMap((field) =>
    Object.hasOwn(PROBLEMS, field) ? [PROBLEMS[field as keyof typeof PROBLEMS][language]] : [],
  );
  return known.length > 0 ? known.join(" ") : say("The form is not complete.", "Le formulaire est incomplet.");
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
