import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import type { Prepared } from "./prepare";

const lyingIn = (name: string): string => join(inject("prepared"), name);

/** What a server of this run is started with: see prepare.ts. */
export function readPrepared(): Prepared {
  const plan = JSON.parse(readFileSync(lyingIn("plan.json"), "utf8")) as object;
  return { code: readFileSync(lyingIn("worker.mjs"), "utf8"), plan };
}

/** A state folder with a new, migrated database, to be copied. */
export const preparedState = (): string => lyingIn("state");
