import type { Words } from "../../shared/language";
import type { Behaviour } from "./behaviour";
import { FEWEST_ORDERS } from "./behaviour";
import { ENGAGED, periodOf, unitSql, unitsOf, VERY_ENGAGED } from "./engagement";
import type { Ruler } from "./ruler";
import { reaches, reachesSql } from "./ruler";

/** What levels are told by beside a contact's row. */
export interface LevelTerms {
  readonly today: number;
  readonly now: number;
  readonly ruler: Ruler;
}

/** One level of a family: who is in it and in none of those before. */
interface Level {
  readonly key: string;
  readonly words: Words;
  readonly holds: (row: Behaviour, terms: LevelTerms) => boolean;
  /** The same as SQL over a row of `contact_behaviour AS b`. */
  readonly sql: (terms: LevelTerms) => string;
}

/** An exclusive family of levels over what is kept of contacts. Whoever fits no level is in none. */
export interface BehaviourFamily {
  readonly key: string;
  readonly words: Words;
  /** Best first. */
  readonly levels: readonly Level[];
  /** SQL for why somebody is in another level than `m.segment`, where it is nobody's own doing; else NULL. */
  readonly cause?: (terms: LevelTerms) => string | null;
}

type Rule = Pick<Level, "holds" | "sql">;

const scored = (least: number): Rule => ({
  holds: ({ units, since_day: since }, { today }) => since !== null && units >= least * unitsOf(today, periodOf(since)),
  sql: ({ today }) => `b.since_day IS NOT NULL AND b.units >= ${least} * ${unitSql("b.since_day", today)}`,
});

const best: Rule = {
  holds: (row, terms) => scored(VERY_ENGAGED).holds(row, terms) && reaches(row.units, row.since_day, terms.ruler.mark),
  sql: (terms) => `${scored(VERY_ENGAGED).sql(terms)} AND ${reachesSql(terms.ruler.mark, terms.today)}`,
};

type Day = "since_day" | "acted_day" | "mail_day" | "visit_day";

const known = (day: Day): Rule => ({
  holds: (row) => row[day] !== null,
  sql: () => `b.${day} IS NOT NULL`,
});

const since = (day: Day, most: number): Rule => ({
  holds: (row, { today }) => today - (row[day] ?? Number.NEGATIVE_INFINITY) <= most,
  sql: ({ today }) => `b.${day} >= ${today - most}`,
});

const atLeast = (figure: "visits_30" | "visits_90" | "mailed", least: number): Rule => ({
  holds: (row) => row[figure] >= least,
  sql: () => `b.${figure} >= ${least}`,
});

/** More than (or from) so many hundredths of what was paid, by whoever ordered often enough to tell. */
const promoted = (hundredths: number, inclusive: boolean): Rule => ({
  holds({ orders, spend, promoted: part }) {
    const over = part * 100 - spend * hundredths;
    return orders >= FEWEST_ORDERS && (inclusive ? over >= 0 : over > 0);
  },
  sql: () => `b.orders >= ${FEWEST_ORDERS} AND b.promoted * 100 ${inclusive ? ">=" : ">"} b.spend * ${hundredths}`,
});

const engagement: BehaviourFamily = {
  key: "engagement",
  words: { en: "Engagement", fr: "Engagement" },
  levels: [
    { key: "very_engaged", words: { en: "Very engaged", fr: "Très engagés" }, ...best },
    { key: "engaged", words: { en: "Engaged", fr: "Engagés" }, ...scored(ENGAGED) },
    { key: "little_engaged", words: { en: "Little engaged", fr: "Peu engagés" }, ...known("since_day") },
    { key: "not_engaged", words: { en: "Not engaged", fr: "Pas engagés" }, ...known("acted_day") },
  ],
  /**
   * The night that moved the ruler: where the one before would have kept somebody, the others moved. From then on it is
   * the same ruler all day, and a move is one's own.
   */
  cause({ ruler, now, today }) {
    const { mark, before, at } = ruler;
    if (at !== now || (mark.units === before.units && mark.period === before.period)) return null;
    const [then, by] = [reachesSql(before, today), reachesSql(mark, today)];
    const stood = `iif(${then}, 'very_engaged', 'engaged')`;
    return (
      `CASE WHEN ${scored(VERY_ENGAGED).sql({ ruler, now, today })} AND (${then}) <> (${by}) AND m.segment = ${stood} ` +
      "THEN 'population_shift' END"
    );
  },
};

/** By acts of persons alone (mission §9.1: 30 and 90 days; §11.3 and SC-12: 180). */
const emailActivity: BehaviourFamily = {
  key: "email_activity",
  words: { en: "Email activity", fr: "Activité e-mail" },
  levels: [
    { key: "active", words: { en: "Active", fr: "Actifs" }, ...since("mail_day", 30) },
    { key: "slowing", words: { en: "Slowing down", fr: "En ralentissement" }, ...since("mail_day", 90) },
    { key: "inactive", words: { en: "Inactive", fr: "Inactifs" }, ...since("mail_day", 180) },
    { key: "dormant", words: { en: "Dormant", fr: "Dormants" }, ...known("mail_day") },
    { key: "never", words: { en: "Never reacted", fr: "N’ont jamais réagi" }, ...atLeast("mailed", 1) },
  ],
};

/** By days with visits: twice a week, three times in 30 days, once in 90, earlier. */
const browsing: BehaviourFamily = {
  key: "browsing",
  words: { en: "Browsing", fr: "Navigation" },
  levels: [
    { key: "frequent", words: { en: "Frequent", fr: "Fréquents" }, ...atLeast("visits_30", 8) },
    { key: "regular", words: { en: "Regular", fr: "Réguliers" }, ...atLeast("visits_30", 3) },
    { key: "occasional", words: { en: "Occasional", fr: "Occasionnels" }, ...atLeast("visits_90", 1) },
    { key: "lapsed", words: { en: "Lapsed", fr: "Perdus de vue" }, ...known("visit_day") },
  ],
};

/** Share of what was paid in twelve months that had 10 % off or more; below 25 %, above 60 % (mission §5.5). */
const promotionAppetite: BehaviourFamily = {
  key: "promotion_appetite",
  words: { en: "Appetite for promotions", fr: "Appétit pour les promotions" },
  levels: [
    { key: "high", words: { en: "High", fr: "Fort" }, ...promoted(60, false) },
    { key: "medium", words: { en: "Medium", fr: "Moyen" }, ...promoted(25, true) },
    { key: "low", words: { en: "Low", fr: "Faible" }, ...promoted(0, true) },
  ],
};

/** The families that follow from what contacts do. The one place to add one. */
export const BEHAVIOUR_FAMILIES: readonly BehaviourFamily[] = [engagement, emailActivity, browsing, promotionAppetite];

/** The level that a contact's row comes to; null where it comes to none. */
export function levelOf({ levels }: BehaviourFamily, row: Behaviour, terms: LevelTerms): string | null {
  return levels.find(({ holds }) => holds(row, terms))?.key ?? null;
}

/** Rows `contact, segment, cause` of a family. */
export function levelsSql({ key, levels, cause }: BehaviourFamily, terms: LevelTerms): string {
  const cases = levels.map((level) => `WHEN ${level.sql(terms)} THEN '${level.key}'`);
  const why = cause?.(terms) ?? null;
  const standing = why === null ? "" : ` LEFT JOIN segment_members m ON m.family = '${key}' AND m.contact = b.contact`;
  return `SELECT b.contact, CASE ${cases.join(" ")} END AS segment, ${why ?? "NULL"} AS cause FROM contact_behaviour b${standing}`;
}
