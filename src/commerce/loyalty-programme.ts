import * as z from "zod";
import { parsePeriod } from "../shared/period";

const key = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, "must be lower-case letters, digits and _");
const name = z.string().min(1).max(120);
const period = z
  .string()
  .max(20)
  .refine((text) => parsePeriod(text) !== null, "is not a period such as P12M or P30D");
const wholePoints = z.number().int().min(0).max(1_000_000);

const rule = z.strictObject({
  key,
  name,
  /** `order`, or the name of an event of the shop's server or our own. */
  on: z.string().min(1).max(255),
  /** For an order: points for each unit of its net value. For anything else: points each time. */
  points: z.number().min(0).max(1_000_000),
  /** From when an order counts. */
  when: z.enum(["confirmed", "delivered"]).default("confirmed"),
  limit: z
    .strictObject({
      /** A day of UTC. */
      per_day: z.number().int().min(1).max(1_000).optional(),
      total: z.number().int().min(1).max(1_000_000).optional(),
    })
    .default({}),
  badge: z.strictObject({ key, name, count: z.number().int().min(1).max(100_000).default(1) }).optional(),
});

const tier = z.strictObject({ key, name, points: wholePoints.min(1), window: period });

const reward = z
  .strictObject({ points: wholePoints.min(1).optional(), offer: key.optional() })
  .refine(({ points, offer }) => (points === undefined) !== (offer === undefined), "is either points or an offer");

const referral = z.strictObject({
  reward,
  friend_offer: key.optional(),
  /** The return window: nothing is rewarded before it and one day more are over. */
  return_window: period.default("P30D"),
  /** Net value of the friend's first order, minor units of the shop's currency. */
  min_order: z.number().int().min(0).max(1_000_000_000).default(0),
});

/** The loyalty programme of the shop. */
export const programmeInput = z
  .strictObject({
    enabled: z.boolean().default(true),
    /** How long points can be spent; null for ever. */
    validity: period.nullable().default("P12M"),
    /** Orders that were placed before this time earn nothing. */
    starts_at: z.iso
      .datetime({ offset: true, error: "is not an ISO 8601 time with its zone" })
      .nullable()
      .default(null),
    rules: z.array(rule).max(50).default([]),
    tiers: z.array(tier).max(10).default([]),
    referral: referral.nullable().default(null),
  })
  .superRefine(({ rules, tiers }, context) => {
    for (const [list, items] of Object.entries({ rules, tiers })) {
      const known = new Set<string>();
      items.forEach((item, index) => {
        if (known.has(item.key))
          context.addIssue({ code: "custom", path: [list, index, "key"], message: "is used twice" });
        known.add(item.key);
      });
    }
    rules.forEach((each, index) => {
      if (each.on === "order" || Number.isInteger(each.points)) return;
      context.addIssue({ code: "custom", path: ["rules", index, "points"], message: "must be whole points" });
    });
  });

export type Programme = z.output<typeof programmeInput>;
export type EarningRule = z.output<typeof rule>;
export type Tier = z.output<typeof tier>;
