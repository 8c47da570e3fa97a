import * as z from "zod";
import { POINTS_CHANGED } from "../../commerce/loyalty-news";
import { block } from "../block";

const params = z.strictObject({
  points: z.number().int().min(1).max(1_000_000),
  reason: z.string().min(1).max(200).optional(),
});

/**
 * What an award says once it has come round often enough. A number that it passes or a tier that it comes near is passed
 * once, and behind the last tier there is none: what begins with that comes to an end.
 */
const MANY = 1e15;
const EVENTUALLY = { before: MANY, spent: 0 };

export const awardPoints = block({
  category: "action",
  title: { en: "Award points", fr: "Attribuer des points" },
  icon: "★",
  params,
  outputs: ["next"],
  example: { points: 100, reason: "Birthday" },
  describe: ({ points }, language) =>
    language === "fr" ? `Attribue ${points} points de fidélité.` : `Awards ${points} loyalty points.`,
  traits: ({ points }) => ({
    emits: {
      event: POINTS_CHANGED,
      properties: { ...EVENTUALLY, points: MANY + points, earned: points },
      andMore: ["tier"],
    },
  }),
  enter: ({ points, reason }) => ({
    do: "act",
    act: { kind: "award.points", details: { points, reason } },
    after: { do: "go", output: "next" },
  }),
});
