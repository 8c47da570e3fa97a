import type { Catalog, StoredTable } from "../contacts/stored-table";
import { PROSPECT_YEARS, UNCONFIRMED_DAYS } from "../services/hygiene";

/** One line of the register of what is stored. */
export interface RegisterEntry {
  readonly table: string;
  readonly holds: string;
  readonly why: string;
  readonly kept: string;
  readonly on_erasure: string;
  readonly place: string;
  readonly handed_to: readonly string[];
  readonly personal: boolean;
}

const FATES: Readonly<Record<StoredTable["fate"], string>> = {
  deleted: "deleted",
  rewritten: "what concerns the person is taken out",
  emptied: "emptied; the number alone stays",
  kept: "kept",
};

function kept({ keep, of }: StoredTable): string {
  if (keep === "contact") return of === "none" ? "until done" : "as long as the contact";
  if (keep === "forever") return of === "none" ? "as long as the shop" : "for ever";
  const time = keep.days % 365 === 0 ? `${keep.days / 365} years` : `${keep.days} days`;
  return keep.archived ? `${time}, then archived in R2 as long as the contact` : time;
}

/** The register: what is stored, why, for how long, where it is and goes, and what erasure does with it. */
export function registerOf(place: string, catalog: Catalog): RegisterEntry[] {
  return Object.entries(catalog).map(([table, entry]) => ({
    table,
    holds: entry.holds,
    why: entry.why,
    kept: kept(entry),
    on_erasure: entry.of === "none" ? "holds no personal data" : FATES[entry.fate],
    place,
    handed_to: entry.to,
    personal: entry.of !== "none",
  }));
}

/** What is stored outside of tables. */
export const ELSEWHERE: readonly RegisterEntry[] = [
  {
    table: "archive/",
    holds:
      "Journal, decisions, messages and runs that are older than their table keeps them, and a monthly copy of consents (gzip NDJSON)",
    why: "Rehearsals over past seasons; access; proof of consent",
    kept: "as long as the contact",
    on_erasure: "what concerns the person is taken out",
    place: "R2",
    handed_to: [],
    personal: true,
  },
  {
    table: "erasures/",
    holds: "Keyed hashes of what erased people were known by",
    why: "A database that is restored erases them again",
    kept: "as long as the shop",
    on_erasure: "kept",
    place: "R2",
    handed_to: [],
    personal: false,
  },
  {
    table: "queues",
    holds: "Ids of messages to send",
    why: "To send them",
    kept: "at most 4 days",
    on_erasure: "holds no personal data",
    place: "Queues",
    handed_to: [],
    personal: false,
  },
  {
    table: "logs",
    holds: "Ids, counts and codes",
    why: "To find faults",
    kept: "as the account's log retention says",
    on_erasure: "holds no personal data",
    place: "Workers Logs",
    handed_to: [],
    personal: false,
  },
];

/** The register as a page of the documentation. */
export function registerMarkdown(entries: readonly RegisterEntry[]): string {
  const head = ["Table", "Holds", "Why", "Kept", "On erasure", "Handed to"];
  const places = [...new Set(entries.map(({ place }) => place))];
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const sections = places.flatMap((place) => [
    `## ${place}`,
    "",
    row(head),
    row(head.map(() => "---")),
    ...entries
      .filter((entry) => entry.place === place)
      .map((entry) =>
        row([
          `\`${entry.table}\``,
          entry.holds,
          entry.why,
          entry.kept,
          entry.on_erasure,
          entry.handed_to.join(", ") || "nobody",
        ]),
      ),
    "",
  ]);
  return [
    "# Register of what is stored",
    "",
    "Generated from the catalog of tables (`src/services/stored-tables.ts`) by `npm run register`; do not edit it.",
    "Everything is stored with Cloudflare, in the shop's own account. D1, objects and R2 are placed in the EU; Queues and",
    "the execution of Workers are not bound to a region, so queues and logs hold ids only. Contacts without a click, a",
    `visit, an order or a new consent for ${PROSPECT_YEARS} years are emptied once a month, claims that nobody confirmed after ${UNCONFIRMED_DAYS} days.`,
    "Deleted rows of D1 can be restored for 30 days by Cloudflare's Time Travel; a restore repeats every erasure. Free pages",
    "of a database file may hold residue until they are used again.",
    "",
    ...sections,
  ].join("\n");
}
