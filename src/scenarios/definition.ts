import * as z from "zod";
import type { Rule } from "../segments/rule";
import { ruleInput } from "../segments/rule";
import { parseDuration } from "../shared/duration";

export const durationInput = z
  .string()
  .refine((text) => parseDuration(text) !== null, "is not an ISO 8601 duration such as PT4H or P14D");

/** One block of a graph as it is stored. `next` names the block behind each output. */
export interface BlockNode {
  readonly type: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly next: Readonly<Record<string, string>>;
}

/** What can end a run from outside. `order` with a product of the cart is the goal; any other order interrupts. */
export const STOPS = ["order", "emptied", "order_cancelled", "withdrawal"] as const;
export type Stop = (typeof STOPS)[number];

/** A scenario version: everything a run needs to know. */
export interface ScenarioDefinition {
  readonly name: string;
  readonly description: string;
  readonly class: "marketing" | "transactional";
  /** 0 to 100; the higher wins when messages compete. */
  readonly priority: number;
  /** Share of contacts that enter and are never written to, 0 to 0.5. */
  readonly holdout: number;
  /** A message that would leave later than this after its time is dropped. */
  readonly max_lateness: string;
  readonly stop_on: readonly Stop[];
  readonly reentry: {
    /** `once`: one run in a contact's life. `by_key`: one for each cart, order, … */
    readonly policy: "once" | "by_key";
    /** No new run within this time of the scenario's last message to the contact. */
    readonly after_message?: string | undefined;
    readonly max_runs?: { readonly count: number; readonly within: string } | undefined;
  };
  /** Who may enter, asked at the moment of entry. */
  readonly filter: Rule;
  readonly start: string;
  readonly blocks: Readonly<Record<string, BlockNode>>;
}

const blockName = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, "must be lower-case letters, digits and _");

const blockNode = z.strictObject({
  type: z.string().max(60),
  params: z.record(z.string(), z.unknown()).default({}),
  next: z.record(z.string(), blockName).default({}),
});

/** The JSON of a scenario, with what may be left out filled in. Blocks' own parameters are checked by `checkGraph`. */
export const definitionInput = z.strictObject({
  name: z.string().min(1).max(120),
  description: z.string().max(2_000).default(""),
  class: z.enum(["marketing", "transactional"]).default("marketing"),
  priority: z.number().int().min(0).max(100).default(50),
  holdout: z.number().min(0).max(0.5).default(0),
  max_lateness: durationInput.default("P1D"),
  stop_on: z.array(z.enum(STOPS)).default([]),
  reentry: z
    .strictObject({
      policy: z.enum(["once", "by_key"]),
      after_message: durationInput.optional(),
      max_runs: z.strictObject({ count: z.number().int().min(1).max(1_000), within: durationInput }).optional(),
    })
    .default({ policy: "by_key" }),
  filter: ruleInput.default({ all: [] }),
  start: blockName,
  blocks: z
    .record(blockName, blockNode)
    .refine((blocks) => Object.keys(blocks).length <= 100, "has more than 100 blocks"),
}) satisfies z.ZodType<ScenarioDefinition>;
