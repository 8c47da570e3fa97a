import * as z from "zod";
import { REACHING } from "../../scenarios/reach";
import type { Rule } from "../../segments/rule";
import { ruleInput } from "../../segments/rule";
import { HOUR, MINUTE } from "../../shared/clock";
import { parseDuration } from "../../shared/duration";
import { timeOfDay } from "../../shared/opening";

/** No message leaves sooner after somebody has confirmed a campaign: time to see the mistake. */
export const HOLD = 10 * MINUTE;

const key = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$/, "is not a key");
const contentKey = z.string().regex(/^[a-z0-9][a-z0-9_]{0,79}$/, "is not the key of a content");
const duration = (least: number, most: number) =>
  z.string().refine(
    (text) => {
      const ms = parseDuration(text);
      return ms !== null && ms >= least && ms <= most;
    },
    `is not a duration of ${least / MINUTE} minutes to ${most / HOUR} hours, such as PT4H`,
  );

const moment = z.iso.datetime({ offset: true });

/** When it leaves: left out, as soon as the hold is over. */
const schedule = z.discriminatedUnion("mode", [
  z.strictObject({ mode: z.literal("at"), at: moment }),
  /** At an hour of a day by each contact's own clock. */
  z.strictObject({ mode: z.literal("local"), date: z.iso.date(), time: timeOfDay }),
  /** Within a day of `at`, at the hour at which each contact reads; `usual` where it is not known. */
  z.strictObject({ mode: z.literal("peak"), at: moment.optional(), usual: timeOfDay.default("10:00") }),
]);
export type Schedule = z.output<typeof schedule>;

/** Other contents to try on a share of the audience; the rest gets the one that wins. */
const contest = z.strictObject({
  contents: z.array(contentKey).min(1).max(3),
  /** Of the audience, all contents together. */
  share: z.number().min(0.01).max(0.5).default(0.2),
  metric: z.enum(["clicks", "orders"]).default("clicks"),
  /** Until the best one is taken whatever the figures say. */
  limit: duration(10 * MINUTE, 72 * HOUR).default("PT4H"),
});

/** A first small share, then more, each only while few bounce or complain. */
const ramp = z.strictObject({
  steps: z
    .array(z.number().gt(0).lt(1))
    .min(1)
    .max(6)
    .default([0.01, 0.1])
    .refine((steps) => steps.every((step, index) => step > (steps[index - 1] ?? 0)), "does not grow"),
  every: duration(MINUTE, 72 * HOUR).default("PT10M"),
  /** Shares of what was sent at which the campaign pauses itself. */
  bounces: z.number().gt(0).max(1).default(0.03),
  complaints: z.number().gt(0).max(1).default(0.003),
});
export type Ramp = z.output<typeof ramp>;

/** The fields of a campaign. */
export const campaignShape = {
  name: z.string().trim().min(1).max(120).optional(),
  segment: key.optional(),
  /** The partition that the segment is a part of. */
  family: key.optional(),
  rule: ruleInput.optional(),
  /** Profiles without a sign of life for three years as well. */
  everybody: z.boolean().default(false),
  content: contentKey,
  channel: z.enum(REACHING),
  /** `service`: opening hours, terms of delivery. Nothing that sells. */
  class: z.enum(["marketing", "service"]).default("marketing"),
  schedule: schedule.optional(),
  test: contest.optional(),
  /** Left out, an audience of a thousand or more begins with 1 %; false leaves that out. */
  ramp: z.union([ramp, z.literal(false)]).optional(),
  /** Share that is measured and not written to. */
  holdout: z.number().min(0).max(0.5).default(0),
};

type Asked = z.output<z.ZodObject<typeof campaignShape>>;

/** What no field says by itself: one of `segment` and `rule` says who, and more. */
export function checkCampaign(asked: Asked, context: z.core.$RefinementCtx): void {
  const { segment, family, rule, class: kind, holdout, content, test } = asked;
  const fault = (path: string, message: string) =>
    context.issues.push({ code: "custom", path: [path], message, input: asked });
  if ((segment === undefined) === (rule === undefined)) fault("segment", "goes alone or gives way to a rule");
  if (family !== undefined && segment === undefined) fault("family", "goes with a segment");
  if (kind === "service" && holdout > 0) fault("holdout", "a notice is for everybody whom it concerns");
  const contents = [content, ...(test?.contents ?? [])];
  if (new Set(contents).size < contents.length) fault("test", "tries one content twice");
}

/** What somebody asks for. */
export const campaignInput = z.strictObject(campaignShape).superRefine(checkCampaign);

export type CampaignDefinition = z.output<typeof campaignInput>;

/** Audiences from this size on begin with 1 % unless somebody says otherwise (case H11). */
const RAMPED_FROM = 1_000;

/** By which steps it grows; null where all leave at once. */
export function rampOf({ ramp: asked }: CampaignDefinition, audience: number): Ramp | null {
  if (asked === false) return null;
  return asked ?? (audience >= RAMPED_FROM ? ramp.parse({}) : null);
}

/** The contents that are tried, by the key of their arm: `a` is the campaign's own. */
export function armsOf({ content, test }: CampaignDefinition): Readonly<Record<string, string>> {
  const contents = [content, ...(test?.contents ?? [])];
  return Object.fromEntries(contents.map((one, index) => ["abcd"[index] ?? "", one]));
}

/** Who it is for, as a rule. */
export function audienceRule({ segment, family, rule }: CampaignDefinition): Rule {
  if (rule) return rule;
  return { type: "segment", segment: segment ?? "", ...(family === undefined ? {} : { family }) };
}
