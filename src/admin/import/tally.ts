import type { ImportRow, LineNote, Tally } from "./store";

const LISTED = 1_000;
const REASON = 300;

/** What a piece of work adds to an import's counts. Lists are of lines, as they come. */
export interface Count {
  readonly rows?: number;
  readonly accepted?: number;
  readonly duplicates?: number;
  readonly ignored?: number;
  readonly suppressed?: number;
  readonly tied?: number;
  readonly rejected?: readonly LineNote[];
  readonly warnings?: readonly LineNote[];
  readonly untied?: readonly LineNote[];
}

/** The import's counts with some more; of each list the first thousand are kept. */
export function counted(row: ImportRow, count: Count): Tally {
  const { rejected = [], warnings = [], untied = [] } = count;
  return {
    rows: row.rows + (count.rows ?? 0),
    accepted: row.accepted + (count.accepted ?? 0),
    duplicates: row.duplicates + (count.duplicates ?? 0),
    ignored: row.ignored + (count.ignored ?? 0),
    suppressed: row.suppressed + (count.suppressed ?? 0),
    tied: row.tied + (count.tied ?? 0),
    rejectedCount: row.rejectedCount + rejected.length,
    rejected: listed(row.rejected, rejected),
    warnings: listed(row.warnings, warnings),
    untiedCount: row.untiedCount + untied.length,
    untied: listed(row.untied, untied),
  };
}

/** The same list where nothing is added, so that it is not written again. */
function listed(known: readonly LineNote[], more: readonly LineNote[]): readonly LineNote[] {
  const room = LISTED - known.length;
  if (more.length === 0 || room <= 0) return known;
  return [...known, ...more.slice(0, room).map(({ line, reason }) => ({ line, reason: reason.slice(0, REASON) }))];
}
