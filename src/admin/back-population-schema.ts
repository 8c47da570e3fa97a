import { z } from "@hono/zod-openapi";

/** Over how long, and how many a day, those are let in who were past a scenario's beginning when it is switched on. */
export const backPopulation = z
  .strictObject({
    days: z.coerce.number().int().min(1).max(90).default(7),
    daily_cap: z.coerce.number().int().min(1).max(40_000).optional().openapi({
      description:
        "Contacts a day at most; left out, 5 % of the messages of an average day, or 100 where that is less.",
    }),
    within_days: z.coerce.number().int().min(1).max(366).default(30).openapi({
      description: "What began longer ago is let lie. Of a target there is nothing to look back at.",
    }),
  })
  .openapi("BackPopulation", {
    description:
      "Lets those in, once, who were past the beginning when the scenario was first switched on: open carts that were left, " +
      "members of the segment, who matches the target, whose events the journal holds: as the start’s conditions, the filter and " +
      "the re-entry policy have it, imported history included. 422 for any other start.",
  });

export type BackPopulation = z.output<typeof backPopulation>;
