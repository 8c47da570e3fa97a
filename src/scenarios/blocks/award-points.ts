import * as z from "zod";
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
  traits: () => ({}),
  enter: ({ points, reason }) => ({
    do: "act",
    act: { kind: "award.points", details: { points, reason } },
    after: { do: "go", output: "next" },
  }),
});
