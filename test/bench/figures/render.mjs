import { runPlain } from "./plain-node.mjs";

/** Letters of the library rendered one after the other: published before, parsed once. */
export function runRender() {
  return runPlain("render-entry.ts", 10_000, (size) => {
    if (size < 5_000) throw new Error("the letter is not whole");
  });
}
