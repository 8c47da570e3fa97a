import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** The folder of real data. It is no part of the repository; tests on it are skipped, and say so, where it is missing. */
const folder = process.env["RELANCE_DATA"] ?? join(import.meta.dirname, "../../../shared/data");

export const hasData = existsSync(folder);
if (!hasData) console.warn(`no data folder at ${folder}: tests on real data are skipped (set RELANCE_DATA)`);

/** A file of the data folder as text; `.gz` is unpacked. */
export function readData(file: string): string {
  const bytes = readFileSync(join(folder, file));
  return (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
}
