import * as z from "zod";
import type { Rule } from "../segments/rule";
import { ruleInput } from "../segments/rule";
import { parseDuration } from "../shared/duration";
import type { Where } from "./where";
import { whereInput } from "./where";

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

/** Something that ends a run: an event that says so, a rule that holds of the contact by then, or both at once. */
export interface Ending {
  readonly event?: string | undefined;
  readonly where?: Where | undefined;
  readonly rule?: Rule | undefined;
}

/** A scenario version: everything a run needs to know. */
export interface ScenarioDefinition {
  readonly name: string;
  readonly description: string;
  readonly class: "marketing" | "transactional";
  /** 0 to 100; the higher wins when messages compete. */
  readonly priority: number;
  /** What one of its messages counts for in frequency caps; 1 where it is left out. */
  readonly weight?: number | undefined;
  /** Share of contacts that enter and are never written to, 0 to 0.5. */
  readonly holdout: number;
  /** A message that would leave later than this after its time is dropped. */
  readonly max_lateness: string;
  readonly stop_on: readonly Stop[];
  /** What the scenario is for: reached, a run ends with it. Asked of everything that happens, before anything else. */
  readonly goal?: Ending | undefined;
  /** What else ends a run, asked in the same way. */
  readonly stop_when?: readonly Ending[] | undefined;
  /** Of the scenarios that name one group, a contact is in one at a time: the one of the highest priority. */
  readonly exclusion_group?: string | undefined;
  readonly reentry: {
    /** `once`: one run in a contact's life. `by_key`: one for each cart, order, … */
    readonly policy: "once" | "by_key";
    /** What becomes of an entry while another run of the scenario goes on; left out, both go on. */
    readonly while_running?: "alongside" | "refuse" | "supersede" | undefined;
    /** No new run within this time of the end of the last one. */
    readonly after_end?: string | undefined;
    /** No new run within this time of the scenario's last message to the contact. */
    readonly after_message?: string | undefined;
    readonly max_runs?: { readonly count: number; readonly within: string } | undefined;
  };
  /** Who may enter, asked at the moment of entry. */
  readonly filter: Rule;
  readonly start: string;
  readonly blocks: Readonly<Record<string, BlockNode>>;
}

const endingInput = z
  .strictObject({
    event: z.string().min(1).max(255).optional(),
    where: whereInput.optional(),
    rule: ruleInput.optional(),
  })
  .refine(({ event, rule }) => event !== undefined || rule !== undefined, "names neither an event nor a rule")
  .refine(({ event, where }) => event !== undefined || where === undefined, "asks for properties of no event");

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
  weight: z.number().min(0).max(10).optional(),
  holdout: z.number().min(0).max(0.5).default(0),
  max_lateness: durationInput.default("P1D"),
  stop_on: z.array(z.enum(STOPS)).default([]),
  goal: endingInput.optional(),
  stop_when: z.array(endingInput).max(10).optional(),
  exclusion_group: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{0,39}$/, "must be a lower-case letter followed by letters, digits, _ and -")
    .optional(),
  reentry: z
    .strictObject({
      policy: z.enum(["once", "by_key"]),
      while_running: z.enum(["alongside", "refuse", "supersede"]).optional(),
      after_end: durationInput.optional(),
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
