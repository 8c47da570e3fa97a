import * as z from "zod";
import type { RfmMap, SegmentShape } from "./map";
import { mapOf, segmentKey } from "./map";
import type { Preset } from "./presets";
import { PRESETS } from "./presets";

/** How each score is found: mission §6.2. `default` is A for R and M and B for F. */
export const METHODS = ["default", "A", "B", "C", "D", "E"] as const;

/** What an order can be recognised by. */
export const ORDER_FIELDS = ["channel", "store", "coupon", "currency"] as const;

const fourRising = (item: z.ZodType<number>) =>
  z
    .tuple([item, item, item, item])
    .refine((bounds) => bounds.every((bound, index) => index === 0 || bound > (bounds[index - 1] ?? 0)), {
      error: "are four numbers, each larger than the one before",
    });

const whole = z.number().int().min(0).max(1_000_000_000_000);

const thresholds = z.strictObject({
  r: fourRising(whole).default([30, 60, 90, 180]),
  f: fourRising(z.number().min(0).max(1_000_000)).default([2, 3, 4, 6]),
  m: fourRising(whole).optional(),
});

const orderCondition = z.strictObject({
  field: z.enum(ORDER_FIELDS),
  in: z.array(z.string().min(1).max(255)).min(1).max(50),
});

/** An order that has one of the values in a field. */
export type OrderCondition = z.infer<typeof orderCondition>;

const score = z.number().int().min(1).max(5);
const range = z.tuple([score, score]).refine(([from, to]) => from <= to, { error: "ends before it begins" });
const mean = z.number().min(1).max(5);

const shape = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1)
      .max(60)
      .refine((name) => /\p{L}/u.test(segmentKey(name)), { error: "has no letter" }),
    cells: z
      .array(z.string().regex(/^[1-5]{3}$/, "is no cell such as 555"))
      .min(1)
      .max(125)
      .optional(),
    r: range.optional(),
    f: range.optional(),
    m: range.optional(),
    fm: z.tuple([mean, mean]).optional(),
  })
  .refine(({ cells, r, f, m, fm }) => (cells === undefined) !== ((r ?? f ?? m ?? fm) === undefined), {
    error: "has either cells or ranges",
  });

const customMap = z.strictObject({
  segments: z
    .array(shape)
    .min(1)
    .max(30)
    .refine((shapes) => new Set(shapes.map(({ name }) => segmentKey(name))).size === shapes.length, {
      error: "have names that differ",
    }),
});

const presets = Object.keys(PRESETS) as [Preset, ...Preset[]];

/** What a shop sets of RFM. What is left out is as it comes with the product. */
export const rfmInput = z.strictObject({
  method: z.enum(METHODS).default("default"),
  map: z.union([z.enum(presets), customMap]).default("default"),
  window_months: z.number().int().min(1).max(240).default(24),
  thresholds: thresholds.prefault({}),
  merge_same_day: z.boolean().default(false),
  exclude_orders: z.array(orderCondition).max(20).default([]),
  subscriptions: z
    .strictObject({ weight: z.number().gt(0).max(1).default(0.5), orders: z.array(orderCondition).min(1).max(20) })
    .nullable()
    .default(null),
  small_bases: z.boolean().default(true),
});

/** What RFM is computed by. Money in minor units of the shop's currency, recency in days. */
export type RfmDefinition = z.output<typeof rfmInput>;

export const DEFAULT_DEFINITION: RfmDefinition = rfmInput.parse({});

/** The shapes of a map that a shop made itself; null for one that comes with the product. */
export function ownShapes({ map }: RfmDefinition): readonly SegmentShape[] | null {
  return typeof map === "string" ? null : map.segments;
}

/** The map of a definition, whose own shapes were found to be right. */
export function mapIn(definition: RfmDefinition): RfmMap {
  const shapes = ownShapes(definition);
  return shapes ? mapOf(shapes) : PRESETS[definition.map as Preset];
}

/** The bounds of money for method B: stated ones, or 50, 100, 250 and 500 of the shop's currency. */
export function moneyBounds({ thresholds: { m } }: RfmDefinition, decimals: number): readonly number[] {
  return m ?? [50, 100, 250, 500].map((major) => major * 10 ** decimals);
}
