import type { Services } from "../services";
import { Leaving } from "../services/leaving";
import { MINUTE } from "../shared/clock";
import type { FieldError } from "../shared/fault";
import { Fault } from "../shared/fault";
import { readToken, signToken } from "../shared/token";
import type { ExportFormat, FilePlan } from "./export/file";
import { FORMATS, fileStream } from "./export/file";
import type { ExportList } from "./export/list";
import { exportNames, findList } from "./export/lists";
import type { ExportOptions, ExportRow } from "./export/store";
import { endExport, findExport, noteExport, takeExport } from "./export/store";

/** How long a link lives. */
const LIFE = 15 * MINUTE;
/** An import takes as many. */
const MOST_COLUMNS = 300;

/** An export as somebody asks for it. */
interface Asked {
  readonly name: string;
  readonly format: ExportFormat;
  readonly options: ExportOptions;
}

function refused(...errors: FieldError[]): Fault {
  return new Fault("invalid-input", "This cannot be exported as it is: see `errors`.", errors);
}

/** The list behind a name; throws invalid-input with what there is. `pointer` leads to the name. */
async function listOf(services: Services, name: string, pointer: string): Promise<ExportList> {
  const list = await findList(services, name);
  if (list) return list;
  const names = await exportNames(services);
  throw refused({ pointer, detail: `is none of ${names.join(", ")}` });
}

/** Checks what is asked of a list; throws invalid-input with the places. */
function check(list: ExportList, { from, to, status }: ExportOptions): void {
  const stated = Object.entries({ from, to, status }).filter(([, value]) => value !== undefined);
  const unknown = stated.filter(([name]) => !list.filters.some((filter) => filter === name));
  const errors = unknown.map(([name]) => ({ pointer: `/filter/${name}`, detail: "is no filter of this list" }));
  if (status !== undefined && list.statuses && !list.statuses.includes(status)) {
    errors.push({ pointer: "/filter/status", detail: `is none of ${list.statuses.join(", ")}` });
  }
  if (errors.length > 0) throw refused(...errors);
}

/** The columns of a file: those that are asked for, or all that are usual. */
async function columnsOf(
  db: D1Database,
  list: ExportList,
  asked: readonly string[] | undefined,
): Promise<readonly string[]> {
  const more = (await list.more?.(db)) ?? [];
  const usual = [...list.columns, ...more];
  const known = new Set([...usual, ...list.extra]);
  const errors = (asked ?? []).flatMap((column, index) =>
    known.has(column) ? [] : [{ pointer: `/columns/${index}`, detail: "is no column of this list" }],
  );
  if (errors.length > 0) throw refused(...errors);
  if ((asked ?? usual).length > MOST_COLUMNS) {
    throw refused({
      pointer: "/columns",
      detail: `is missing: there are more than ${MOST_COLUMNS}, choose among them`,
    });
  }
  return asked ?? usual;
}

/** An export that was noted, and the token that opens it. */
export interface NotedExport {
  readonly id: string;
  readonly token: string;
  /** Epoch ms. */
  readonly expiresAt: number;
}

/** Notes an export for an admin and signs its link. Throws invalid-input where there is no such list, filter or column. */
export async function askExport(
  services: Services,
  key: string,
  id: string,
  { name, format, options }: Asked,
  pointer = "/kind",
): Promise<NotedExport> {
  const { DB } = services.env;
  const list = await listOf(services, name, pointer);
  check(list, options);
  await columnsOf(DB, list, options.columns);
  const createdAt = services.clock.now();
  await noteExport(DB, { id, key, name, format, options, createdAt, expiresAt: createdAt + LIFE });
  // A repeat of the request gets the link of the first.
  const noted = await findExport(DB, id);
  if (!noted) throw new Error(`export ${id} was not noted`);
  const token = signToken(services.config.LINK_SECRET, "export", [id, key, noted.expiresAt]);
  return { id, token, expiresAt: noted.expiresAt };
}

/**
 * The file behind a link, for the admin who asked for it, once. Throws not-found in the same words for every link that
 * opens nothing. `peek` answers without the file and leaves the link as it is.
 */
export async function openExport(services: Services, key: string, token: string, peek: boolean): Promise<Response> {
  const { DB } = services.env;
  const [id, owner, expiresAt] = readToken(services.config.LINK_SECRET, "export", token) ?? [];
  const now = services.clock.now();
  const row = id === undefined || owner !== key || !(Number(expiresAt) > now) ? null : await findExport(DB, id);
  const open = row !== null && row.openedAt === null && (peek || (await takeExport(DB, row.id, key, now)));
  if (!row || !open) {
    throw new Fault(
      "not-found",
      "This link opens nothing: it opens once, within 15 minutes, for whoever asked. Ask again.",
    );
  }
  const headers = headersOf(row, now);
  if (peek) return new Response(null, { headers });
  return new Response(
    fileStream(DB, await planOf(services, row, now), (rows, how) =>
      endExport(DB, row.id, rows, how, services.clock.now()),
    ),
    { headers },
  );
}

async function planOf(services: Services, { name, format, options }: ExportRow, now: number): Promise<FilePlan> {
  const list = await listOf(services, name, "/kind");
  const { columns, bom = false, status, from, to } = options;
  const wish = { status, from, to, now };
  const leaving = new Leaving(services);
  return {
    list,
    columns: await columnsOf(services.env.DB, list, columns),
    format,
    bom,
    wish,
    leaving: () => leaving.now(),
  };
}

function headersOf({ name, format }: ExportRow, now: number): Headers {
  const { type, extension } = FORMATS[format];
  const file = `${name.replaceAll(/[^\w-]/g, "")}-${new Date(now).toISOString().slice(0, 10)}.${extension}`;
  return new Headers({
    "Content-Type": type,
    "Content-Disposition": `attachment; filename="${file}"`,
    "Cache-Control": "no-store, private",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
  });
}
