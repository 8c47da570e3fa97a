import { BOM, csvLine } from "./csv";
import type { ExportList, ExportPage, ExportWish, Place } from "./list";

/** Rows that are read at once: what is in memory, and how often the database is asked. */
const PAGE = 1_000;

export const FORMATS = {
  csv: { type: "text/csv; charset=utf-8; header=present", extension: "csv" },
  ndjson: { type: "application/x-ndjson", extension: "ndjson" },
} as const;

export type ExportFormat = keyof typeof FORMATS;

/** A file to be made. */
export interface FilePlan {
  readonly list: ExportList;
  readonly columns: readonly string[];
  readonly format: ExportFormat;
  readonly wish: Omit<ExportWish, "without">;
  /** Whom an erasure that is under way takes along, as of now. */
  readonly leaving: () => Promise<readonly number[]>;
  /** Begins with a byte order mark, by which a spreadsheet knows UTF-8. */
  readonly bom: boolean;
}

/** How a file ended: `done`, `cancelled` by whoever read it, or `failed`. */
export type Ending = "done" | "cancelled" | "failed";

/**
 * The file as a stream. Nothing is read before it is asked for, so that a slow reader holds one page in memory and a page
 * is as old as the moment in which it leaves. `ended` is called once, with the number of lines.
 */
export function fileStream(
  db: D1Database,
  plan: FilePlan,
  ended: (rows: number, how: Ending) => Promise<void>,
  pageRows = PAGE,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let place: Place | null = null;
  let rows = 0;
  let text = headOf(plan);
  const next = async (): Promise<boolean> => {
    const page = await readPage(db, plan, place, pageRows);
    text += page.rows.map((row) => lineOf(plan, row)).join("");
    rows += page.rows.length;
    place = page.next;
    return place !== null;
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          let goesOn = await next();
          // A page whose rows are all gone is nothing to hand over.
          while (goesOn && text === "") goesOn = await next();
          if (text !== "") controller.enqueue(encoder.encode(text));
          text = "";
          if (goesOn) return;
          await ended(rows, "done");
          controller.close();
        } catch (error) {
          await ended(rows, "failed").catch(() => undefined);
          throw error;
        }
      },
      cancel: () => ended(rows, "cancelled"),
    },
    { highWaterMark: 0 },
  );
}

/** A page without anybody whose erasure was accepted before it had been read. */
async function readPage(db: D1Database, plan: FilePlan, place: Place | null, limit: number): Promise<ExportPage> {
  for (let without = await plan.leaving(); ; ) {
    const page = await plan.list.page(db, place, { ...plan.wish, without }, limit);
    const since = await plan.leaving();
    if (since.every((contact) => without.includes(contact))) return page;
    without = since;
  }
}

function headOf({ format, columns, bom }: FilePlan): string {
  return format === "csv" ? (bom ? BOM : "") + csvLine(columns) : "";
}

function lineOf({ format, columns }: FilePlan, row: Readonly<Record<string, unknown>>): string {
  if (format === "csv") return csvLine(columns.map((column) => row[column]));
  const told = columns.flatMap((column) => (row[column] === undefined ? [] : [[column, row[column]] as const]));
  return `${JSON.stringify(Object.fromEntries(told))}\n`;
}
