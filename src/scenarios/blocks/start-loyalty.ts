import * as z from "zod";
import { NEAR_TIER, POINTS_CHANGED, TIER_CHANGED } from "../../commerce/loyalty-news";
import type { Language, Words } from "../../shared/language";
import type { Trigger } from "../block";
import { block } from "../block";
import type { Where } from "../where";

const tier = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, "is not the key of a tier")
  .optional();
const points = z.number().int().min(1).max(10_000_000);

const params = z.discriminatedUnion("on", [
  z.strictObject({ on: z.literal("tier_reached"), tier }),
  z.strictObject({ on: z.literal("tier_lost"), tier }),
  z.strictObject({
    on: z.literal("near_tier"),
    tier,
    /** What is missing to the tier, in percent of its points. */
    within_percent: z.number().min(1).max(90).default(10),
  }),
  /** At once, by one thing that happened. */
  z.strictObject({ on: z.literal("points_earned"), at_least: points.default(1) }),
  z.strictObject({ on: z.literal("points_spent"), at_least: points.default(1) }),
  /** The account passes this number upwards. */
  z.strictObject({ on: z.literal("points_reached"), at_least: points }),
]);

type Params = z.output<typeof params>;
type On = Params["on"];

const is = (property: string, value: string | undefined): Where =>
  value === undefined ? [] : [{ property, as: "text", op: "is", value }];
const number = (property: string, op: string, value: number): Where => [{ property, as: "number", op, value }];

/** What each start listens for, and what makes a run unique where the movement itself does not. */
const STARTS: {
  readonly [Kind in On]: (params: Extract<Params, { on: Kind }>) => Extract<Trigger, { kind: "event" }>;
} = {
  tier_reached: ({ tier: to }) => {
    return { kind: "event", event: TIER_CHANGED, where: [...is("direction", "up"), ...is("to", to)] };
  },
  tier_lost: ({ tier: from }) => {
    return { kind: "event", event: TIER_CHANGED, where: [...is("direction", "down"), ...is("from", from)] };
  },
  near_tier: ({ tier: next, within_percent: within }) => {
    const where = [...is("next_tier", next), ...number("missing_percent", "lte", within)];
    // Once a year for each tier, however often points come and go.
    return { kind: "event", event: POINTS_CHANGED, where, key: NEAR_TIER };
  },
  points_earned: ({ at_least: least }) => {
    return { kind: "event", event: POINTS_CHANGED, where: number("earned", "gte", least) };
  },
  points_spent: ({ at_least: least }) => {
    return { kind: "event", event: POINTS_CHANGED, where: number("spent", "gte", least) };
  },
  points_reached: ({ at_least: least }) => {
    const where = [...number("before", "lt", least), ...number("points", "gte", least)];
    return { kind: "event", event: POINTS_CHANGED, where };
  },
};

function tierWords(key: string | undefined, language: Language): string {
  if (key === undefined) return language === "fr" ? "un palier" : "a tier";
  return language === "fr" ? `le palier « ${key} »` : `the tier “${key}”`;
}

const SENTENCES: { readonly [Kind in On]: (params: Extract<Params, { on: Kind }>) => Words } = {
  tier_reached: ({ tier: key }) => ({
    en: `Starts when the contact rises to ${tierWords(key, "en")}.`,
    fr: `Démarre quand le contact monte à ${tierWords(key, "fr")}.`,
  }),
  tier_lost: ({ tier: key }) => ({
    en: `Starts when the contact loses ${tierWords(key, "en")}.`,
    fr: `Démarre quand le contact perd ${tierWords(key, "fr")}.`,
  }),
  near_tier: ({ tier: key, within_percent: within }) => ({
    en: `Starts when at most ${within}% of the points of ${tierWords(key, "en")} are missing.`,
    fr: `Démarre quand il manque au plus ${within} % des points pour ${tierWords(key, "fr")}.`,
  }),
  points_earned: ({ at_least: least }) => ({
    en: `Starts when the contact earns at least ${least} points at once.`,
    fr: `Démarre quand le contact gagne au moins ${least} points en une fois.`,
  }),
  points_spent: ({ at_least: least }) => ({
    en: `Starts when the contact spends at least ${least} points at once.`,
    fr: `Démarre quand le contact dépense au moins ${least} points en une fois.`,
  }),
  points_reached: ({ at_least: least }) => ({
    en: `Starts when the contact’s account reaches ${least} points.`,
    fr: `Démarre quand le compte du contact atteint ${least} points.`,
  }),
};

export const startLoyalty = block({
  category: "start",
  title: { en: "When points or a tier change", fr: "Quand les points ou le palier changent" },
  icon: "★",
  params,
  outputs: ["next"],
  example: { on: "near_tier", tier: "gold", within_percent: 10 },
  describe: (asked, language) => SENTENCES[asked.on](asked as never)[language],
  traits: () => ({}),
  trigger: (asked) => STARTS[asked.on](asked as never),
  enter: () => ({ do: "go", output: "next" }),
});
