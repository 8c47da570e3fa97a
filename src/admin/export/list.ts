import type { Words } from "../../shared/language";

/** Where a list goes on: the key of the last row that was read. */
export type Place = readonly (string | number)[];

/** What of a list is wanted. Times are epoch ms; `to` is not in it any more. */
export interface ExportFilter {
  readonly status?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** What a page is read with. */
export interface ExportWish extends ExportFilter {
  /** What is in force at this time, epoch ms. */
  readonly now: number;
  /** Contacts beside those that are emptied who are on no page: they go with an erasure that is under way. */
  readonly without: readonly number[];
}

/** One page of rows, read as the database is at this moment. */
export interface ExportPage {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** Null behind the last row. */
  readonly next: Place | null;
}

/** Something that can be exported. Rows of somebody whose erasure was accepted are on no page. */
export interface ExportList {
  readonly title: Words;
  /** Columns of the file, in order: those of the import of the same name, where there is one. */
  readonly columns: readonly string[];
  /** Columns that are left out unless they are asked for. */
  readonly extra: readonly string[];
  /** Columns that follow from what is stored. They stand behind the others. */
  readonly more?: (db: D1Database) => Promise<readonly string[]>;
  readonly filters: readonly (keyof ExportFilter)[];
  /** Statuses that can be asked for, where the list has any. */
  readonly statuses?: readonly string[];
  readonly page: (db: D1Database, after: Place | null, wish: ExportWish, limit: number) => Promise<ExportPage>;
}

/** Turns rows that were asked for by keyset into a page. */
export function pageOf<Row>(
  found: readonly Row[],
  limit: number,
  place: (row: Row) => Place,
  show: (row: Row) => readonly Readonly<Record<string, unknown>>[],
): ExportPage {
  const last = found.length < limit ? undefined : found.at(-1);
  return { rows: found.flatMap(show), next: last === undefined ? null : place(last) };
}

/** Values of a statement by the numbers of its parameters. */
export class Bound {
  private readonly values: (string | number)[] = [];

  /** The rows that a statement with these values finds. */
  async all<Row>(db: D1Database, sql: string): Promise<Row[]> {
    return (
      await db
        .prepare(sql)
        .bind(...this.values)
        .all<Row>()
    ).results;
  }

  put(value: string | number): string {
    return `?${this.values.push(value)}`;
  }

  /** The condition that a row comes behind a place, by the columns of its key. */
  behind(keys: readonly string[], after: Place | null): string {
    if (after === null) return "true";
    return `(${keys.join(", ")}) > (${after.map((part) => this.put(part)).join(", ")})`;
  }

  /** The condition that a time lies within the filter. */
  within(column: string, { from, to }: ExportFilter): string {
    const parts = [
      ...(from === undefined ? [] : [`${column} >= ${this.put(from)}`]),
      ...(to === undefined ? [] : [`${column} < ${this.put(to)}`]),
    ];
    return parts.length > 0 ? parts.join(" AND ") : "true";
  }
}
