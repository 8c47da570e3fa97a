import * as z from "zod";
import { POINTS_CHANGED } from "../../commerce/loyalty-news";
import { block } from "../block";

const params = z.strictObject({
  points: z.number().int().min(1).max(1_000_000),
  reason: z.string().min(1).max(200).optional(),
});

export const awardPoints = block({
  category: "action",
  title: { en: "Award points", fr: "Attribuer des points" },
  icon: "★",
  params,
  outputs: ["next"],
  example: { points: 100, reason: "Birthday" },
  describe: ({ points }, language) =>
    language === "fr" ? `Attribue ${points} points de fidélité.` : `Awards ${points} loyalty points.`,
  // A tier that it raises the contact to, or a number that it passes, comes once: what begins with that comes to an end.
  traits: ({ points }) => ({ emits: { event: POINTS_CHANGED, properties: { earned: points } } }),
  enter: ({ points, reason }) => ({
    do: "act",
    act: { kind: "award.points", details: { points, reason } },
    after: { do: "go", output: "next" },
  }),
});
