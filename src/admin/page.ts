import * as z from "zod";
import { Fault } from "../shared/fault";
import { base64url, base64urlBytes, keyedBytes, sameText } from "../shared/mac";

const MOST = 200;
const DEFAULT = 50;

/** What every list takes. A larger limit counts as the largest. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).optional().openapi({ maximum: MOST, default: DEFAULT }),
  cursor: z.string().max(1_000).optional().openapi({ description: "`next_cursor` of the page before." }),
};

/** The shape of a list. */
export function listOf<Schema extends z.ZodType>(item: Schema) {
  return z.object({ data: z.array(item), next_cursor: z.string().nullable() });
}

type Part = string | number;

/** Reads and writes the cursors of one list: signed, so that nobody makes one up or takes one of another list. */
export class Pager<Row> {
  constructor(
    private readonly secret: string,
    /** Path of the list, ids included. */
    private readonly list: string,
    private readonly query: { readonly limit?: number | undefined; readonly cursor?: string | undefined },
    private readonly place: (row: Row) => readonly Part[],
  ) {}

  get limit(): number {
    return Math.min(this.query.limit ?? DEFAULT, MOST);
  }

  /** The place behind which the page starts, or null for the first one. */
  get after(): readonly Part[] | null {
    const { cursor } = this.query;
    if (cursor === undefined) return null;
    const [text = "", given] = cursor.split(".");
    if (!sameText(given ?? "", this.sign(text))) {
      const errors = [{ pointer: "/cursor", detail: "is not a cursor of this list" }];
      throw new Fault("invalid-input", "The cursor was not made by this list.", errors);
    }
    return JSON.parse(new TextDecoder().decode(base64urlBytes(text))) as Part[];
  }

  /** The cursor that goes on behind a row. */
  cursor(row: Row): string {
    return this.cursorAt(this.place(row));
  }

  cursorAt(place: readonly Part[]): string {
    const bytes = new TextEncoder().encode(JSON.stringify(place));
    const text = base64url(bytes);
    return `${text}.${this.sign(text)}`;
  }

  /** A page out of rows that were asked for one more than its limit. */
  page<Item>(rows: readonly Row[], show: (row: Row) => Item): { data: Item[]; next_cursor: string | null } {
    const shown = rows.slice(0, this.limit);
    const last = rows.length > this.limit ? shown.at(-1) : undefined;
    return { data: shown.map(show), next_cursor: last === undefined ? null : this.cursor(last) };
  }

  /** A page out of all rows of a list, which their place names one by one. */
  pageOfAll(rows: readonly Row[]): { data: Row[]; next_cursor: string | null } {
    const nameOf = (row: Row): string => this.place(row).join();
    const after = this.after?.join() ?? "";
    const left = rows.filter((row) => nameOf(row) > after);
    const sorted = left.toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
    return this.page(sorted, (row) => row);
  }

  private sign(text: string): string {
    return base64url(keyedBytes(this.secret, `cursor.${this.list}.${text}`, 12));
  }
}
