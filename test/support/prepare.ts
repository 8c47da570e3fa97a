// Runs once, before the first story: what every server is started from. To bundle the product, to read its configuration
// and to migrate a new database takes three processes and nine seconds of a processor.
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    prepared: string;
  }
}

export interface Prepared {
  readonly code: string;
  readonly plan: object;
}

/** Stories and browser tests are two projects of one run: whichever comes second takes what the first has made. */
const FOLDER = "RELANCE_PREPARED";

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const known = process.env[FOLDER];
  if (known !== undefined) {
    project.provide("prepared", known);
    return undefined;
  }
  const folder = await mkdtemp(join(tmpdir(), "relance-prepared-"));
  await promisify(execFile)(process.execPath, [join(import.meta.dirname, "prepare-folder.mjs"), folder]);
  process.env[FOLDER] = folder;
  project.provide("prepared", folder);
  return () => rm(folder, { recursive: true, force: true });
}
