import { runPlain } from "./plain-node.mjs";

/** One advance of a run through twenty blocks. */
export function runAdvance() {
  return runPlain("advance-entry.ts", 50_000, (blocks) => {
    if (blocks !== 19) throw new Error("the run did not come through its blocks");
  });
}
