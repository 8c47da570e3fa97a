import * as z from "zod";

const blockName = z.string().max(40);

/** What becomes of the runs of earlier versions when a version is published. */
export const takeOverInput = z.strictObject({
  /** The block of this version at which a run goes on, where its own has another name by now. */
  blocks: z.record(blockName, blockName).default({}),
  /** A run whose block has no like here stays with its version, or leaves the scenario with that reason. */
  unmatched: z.enum(["stay", "exit"]).default("stay"),
});

export type TakeOverChoice = z.output<typeof takeOverInput>;

export interface TakeOver extends TakeOverChoice {
  readonly version: number;
}
