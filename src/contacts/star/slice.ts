import type { ContactRecord } from "../../events/projection";
import type { Views, Visit } from "./visit";

/** What the ledger keeps in memory of a contact's star: the open visit, and which tables hold rows of the contact. */
export interface StarSlice {
  /** The contact itself; 0 until its first event. */
  contact: number;
  visit: Visit | null;
  /** Corrected time of the latest thing done, epoch ms. */
  lastAt: number;
  /** Keys of tables, so that rows follow a visitor who becomes known without a look into every table. */
  tables: readonly string[];
  /** Differs from the database's. Never stored. */
  changed: boolean;
}

/** The same as the column `star` of a contact's row holds it. */
type Packed = readonly [visit: readonly unknown[] | null, tables: readonly string[]];

export function emptyStar(): StarSlice {
  return { contact: 0, visit: null, lastAt: 0, tables: [], changed: false };
}

/** The star slice of a record; undefined where nobody has made one. */
export function starOf(record: ContactRecord): StarSlice | undefined {
  return record.slices["star"] as StarSlice | undefined;
}

/** What the column holds: null where there is nothing to keep. */
export function packStar(star: StarSlice | undefined): Packed | null {
  if (!star || (star.visit === null && star.tables.length === 0)) return null;
  const { visit } = star;
  return [visit && [visit.start, visit.channel, visit.pages, visit.landing, visit.views], star.tables];
}

export function unpackStar(contact: number, text: string | null, seenAt: number): StarSlice {
  const [visit, tables] = text === null ? [null, []] : (JSON.parse(text) as Packed);
  return { contact, visit: visit && unpackVisit(visit), lastAt: seenAt, tables, changed: false };
}

function unpackVisit([start, channel, pages, landing, views]: readonly unknown[]): Visit {
  return {
    start: Number(start),
    channel: channel === "app" ? "app" : "web",
    pages: Number(pages),
    landing: landing as string | null,
    views: views as Views,
  };
}
