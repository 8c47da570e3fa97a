import { erasedWith } from "../../contacts/stored-table";
import type { LiveFamily } from "../../services/segments/families";
import { timeText } from "../api";
import type { ExportList } from "./list";
import { Bound, pageOf } from "./list";

/** What the list of a segment's members is called: behind this stands its key. */
export const SEGMENT_LIST = "segment.";

interface Row {
  readonly contact: number;
  readonly since: number;
  readonly [column: string]: string | number | null;
}

const WHO = "external_id email phone first_name last_name language country".split(" ");

/** The members of a segment, or of a family with the segment that each is in, as they are in the import of contacts. */
export function segmentList({ key, name }: LiveFamily): ExportList {
  return {
    title: { en: `Segment: ${name}`, fr: `Segment : ${name}` },
    columns: [...WHO, "segment", "since"],
    extra: [],
    filters: ["from", "to"],
    async page(db, after, wish, limit) {
      const bound = new Bound();
      const conditions = [
        `m.family = ${bound.put(key)}`,
        bound.behind(["m.contact"], after),
        bound.within("m.since", wish),
        `m.contact NOT IN (${erasedWith(bound.put(JSON.stringify(wish.without)))})`,
      ];
      const sql =
        `SELECT m.contact, m.segment, m.since, ${WHO.map((column) => `c.${column}`).join(", ")} FROM segment_members m ` +
        `JOIN contacts c ON c.id = m.contact WHERE ${conditions.join(" AND ")} ORDER BY m.contact LIMIT ${bound.put(limit)}`;
      return pageOf(
        await bound.all<Row>(db, sql),
        limit,
        ({ contact }) => [contact],
        ({ contact: _contact, since, ...row }) => [{ ...row, since: timeText(since) }],
      );
    },
  };
}
