import type { Cell } from "../../contacts/star/column";
import { kindOf } from "../../contacts/star/column";
import { putRow } from "../../contacts/star/rows";
import { rowStatements, selectOwners } from "../../contacts/star/store";
import type { Column, StarTable } from "../../contacts/star/table";
import { readValues, tableKey } from "../../contacts/star/table";
import type { LedgerEvent } from "../../events/event";
import { RowBuffer } from "../../events/projection";
import { checkTree } from "../../events/tree";
import type { Services } from "../../services";
import { parseMajor } from "../../shared/money";
import { Cells } from "./cells";
import type { ImportItem, ImportKind, LineContext, WrittenItems } from "./kind";
import { rowKind } from "./kind";
import { namedPerson, personOf } from "./person";
import { knownPeople, tellLedger } from "./tell";

interface RowItem {
  readonly id: string;
  readonly cells: readonly Cell[];
  /** Epoch ms. */
  readonly at: number;
  /** Null for a row that hangs on nobody. */
  readonly event: LedgerEvent | null;
}

type Item = ImportItem<RowItem>;

/** The rows of a table of the star or of the shop's own, each stated as a whole under its own id. */
export function tableRows(table: StarTable): ImportKind {
  const ofType = (...types: Column["type"][]): string[] =>
    Object.entries(table.columns).flatMap(([name, { type }]) => (types.includes(type) ? [name] : []));
  const columns = columnsOf(table);
  return rowKind<RowItem>({
    title: table.title,
    columns,
    formats: ["csv", "ndjson"],
    times: [...ofType("time"), "updated_at"],
    days: ofType("date"),
    numbers: ofType("integer", "number", "money"),
    read(value, context) {
      const tree = checkTree(value);
      if (tree) return { ok: false, reason: `${tree.pointer} ${tree.detail}` };
      const cells = new Cells(value);
      cells.leaveOut(columns);
      const item = rowItem(table, value, cells, context);
      return cells.fault === null ? { ok: true, item, warnings: cells.warnings } : { ok: false, reason: cells.fault };
    },
    write: (services, items) => write(services, table, items),
  });
}

function columnsOf(table: StarTable): string[] {
  const money = Object.entries(table.columns).flatMap(([name, { type }]) =>
    type === "money" ? [`${name}_currency`, "currency"] : [],
  );
  const link = table.contact === "none" ? [] : ["external_id", "email"];
  return [...new Set(["id", ...link, ...Object.keys(table.columns), ...money, "updated_at"])];
}

function rowItem(
  table: StarTable,
  value: Readonly<Record<string, unknown>>,
  cells: Cells,
  context: LineContext,
): RowItem {
  const id = cells.required("id", 500);
  const at = cells.past("updated_at", context.receivedAt) ?? context.receivedAt;
  const stated = Object.entries(table.columns).flatMap(([name, column]) => {
    const read = readCell(name, column, value, cells, context.currency);
    return read === null ? [] : [[name, read] as const];
  });
  const values = Object.fromEntries(stated);
  const read = readValues(table, values, null);
  const wrong = read.errors[0];
  if (wrong) cells.refuse(`${wrong.pointer.slice(1)} ${wrong.detail}`);
  const person = personFor(table, cells);
  const about = { id: context.id, type: "internal", name: "row.upserted", at, trust: "import" } as const;
  const event = person && { ...about, ...person, properties: { ...values, table: tableKey(table), id } };
  return { id, cells: read.cells, at, event };
}

function personFor(table: StarTable, cells: Cells): Pick<LedgerEvent, "user" | "email"> | null {
  if (table.contact === "none") return null;
  if (table.contact === "required") return namedPerson(cells);
  const person = personOf(cells);
  if (person.user !== undefined || person.email !== undefined) return person;
  if (cells.text("email") !== null) cells.refuse("email is not an address");
  return null;
}

/** A cell as its column's type takes it: a file writes everything as text. What does not fit stays, to be refused. */
function readCell(
  name: string,
  { type }: Column,
  value: Readonly<Record<string, unknown>>,
  cells: Cells,
  fallback: string,
): unknown {
  const given = value[name];
  if (given === undefined || given === null || given === "") return null;
  if (type === "boolean") return cells.yes(name);
  if (type === "json") return cells.json(name);
  if (type === "time") return cells.time(name);
  if (type !== "money" || typeof given === "object") return typeof given === "string" ? given.trim() : given;
  const currency = cells.currency(`${name}_currency`, cells.currency("currency", fallback));
  const amount = parseMajor(given, currency);
  if (amount === null) cells.refuse(`${name} is not ${kindOf(type).wanted}, or a decimal number in major units`);
  return { amount, currency };
}

async function write(services: Services, table: StarTable, items: readonly Item[]): Promise<WrittenItems> {
  const people = await knownPeople(
    services,
    items.flatMap(({ item }) => item.event ?? []),
  );
  const foreign = await foreignRows(services, table, items, people);
  const left = items.filter(({ line }) => !foreign.has(line));
  const buffer = new RowBuffer();
  const direct = left.flatMap(({ item }) => (item.event === null ? [item] : []));
  for (const { id, cells, at } of direct) {
    putRow(buffer, table, { id, contact: null, cells, source: "import", at, whole: true });
  }
  const statements = rowStatements(services.env.DB, table, buffer);
  if (statements.length > 0) await services.env.DB.batch(statements);
  const told = left.flatMap(({ line, item }) => (item.event === null ? [] : [{ line, event: item.event }]));
  const written = await tellLedger(services, told, people);
  const rejected = [...foreign].map((line) => ({ line, reason: "id is that of another contact's row" }));
  return {
    accepted: direct.length + written.accepted,
    duplicates: 0,
    rejected: [...rejected, ...written.rejected],
  };
}

/** Lines about a row that another contact holds: it stays there. */
async function foreignRows(
  { env }: Services,
  table: StarTable,
  items: readonly Item[],
  people: ReadonlyMap<string, number>,
): Promise<ReadonlySet<number>> {
  if (table.contact === "none" || table.unique === "contact") return new Set();
  const ids = items.map(({ item }) => item.id);
  const { results } = await selectOwners(env.DB, table, ids).all<{ id: string; contact: number | null }>();
  const owners = new Map<string, number | string>(
    results.flatMap(({ id, contact }) => (contact === null ? [] : [[id, contact] as const])),
  );
  const foreign = items.filter(({ item: { id, event } }) => {
    const own = event && (people.get(event.id) ?? event.user ?? event.email ?? null);
    const owner = owners.get(id) ?? own;
    if (owner !== null) owners.set(id, owner);
    return owner !== own;
  });
  return new Set(foreign.map(({ line }) => line));
}
