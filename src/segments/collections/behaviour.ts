import { DAY_PARTS } from "../behaviour/calendar";
import { unitSql } from "../behaviour/engagement";
import type { Collection } from "../collection";
import type { Compilation } from "../compile";
import type { Field } from "../field";
import { daysIn } from "../rfm/days";
import { DAY_PART_WORDS, USUAL_CHANNELS } from "../state-words";

const todayOf = ({ now, shop }: Compilation): number => daysIn(shop.zone).of(now);

/** Shop-local days since one that is kept. */
const daysSince = (column: string, en: string, fr: string): Field => ({
  type: "integer",
  sql: (c) => `(${todayOf(c)} - d.${column})`,
  words: { en, fr },
});

const share = (part: string, whole: string, words: Field["words"]): Field => ({
  type: "number",
  sql: `(d.${part} * 1.0 / nullif(d.${whole}, 0))`,
  words,
  feminine: true,
});

/** What somebody does; who never did anything has no such row. Shares are between 0 and 1. */
export const behaviour: Collection = {
  key: "contact_behaviour",
  words: { one: { en: "habit", fr: "habitude" }, many: { en: "habits", fr: "habitudes" } },
  from: "contact_behaviour d",
  contact: "d.contact",
  own: true,
  at: null,
  fields: {
    engagement_score: {
      type: "number",
      sql: (c) => `coalesce(d.units * 1.0 / ${unitSql("d.since_day", todayOf(c))}, 0)`,
      words: { en: "engagement score", fr: "score d’engagement" },
    },
    last_human_act_days: daysSince(
      "acted_day",
      "number of days since the last act",
      "nombre de jours depuis la dernière action",
    ),
    last_mail_act_days: daysSince(
      "mail_day",
      "number of days since the last opening or click of an email",
      "nombre de jours depuis la dernière ouverture ou le dernier clic",
    ),
    last_visit_days: daysSince(
      "visit_day",
      "number of days since the last visit",
      "nombre de jours depuis la dernière visite",
    ),
    visit_days_30d: {
      type: "integer",
      sql: "d.visits_30",
      words: { en: "number of days with visits in the last 30", fr: "nombre de jours avec visite sur les 30 derniers" },
    },
    visit_days_90d: {
      type: "integer",
      sql: "d.visits_90",
      words: { en: "number of days with visits in the last 90", fr: "nombre de jours avec visite sur les 90 derniers" },
    },
    weekend_share: share("weekend_90", "visits_90", {
      en: "share (0 to 1) of visits at the weekend",
      fr: "part (0 à 1) des visites le week-end",
    }),
    usual_part_of_day: {
      type: "text",
      sql: "d.day_part",
      words: { en: "usual part of the day", fr: "moment habituel de la journée" },
      options: DAY_PARTS,
      choices: DAY_PART_WORDS,
    },
    usual_channel: {
      type: "text",
      sql: "d.channel",
      words: { en: "usual channel", fr: "canal habituel" },
      options: ["web", "app"],
      choices: USUAL_CHANNELS,
    },
    favourite_category: {
      type: "text",
      sql: "d.category",
      words: { en: "category most looked at", fr: "catégorie la plus consultée" },
      source: "category",
      feminine: true,
    },
    promotion_share: {
      type: "number",
      // Of fewer than three orders nothing can be told (mission §5.5).
      sql: "iif(d.orders >= 3, d.promoted * 1.0 / nullif(d.spend, 0), NULL)",
      words: { en: "share of spend with 10% off or more", fr: "part des achats avec 10 % de remise ou plus" },
      feminine: true,
    },
  },
};
