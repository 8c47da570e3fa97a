import { normaliseEmail } from "../contacts/address";
import { deleteRow, putRow } from "../contacts/star/rows";
import { rowStatements, selectOwners } from "../contacts/star/store";
import type { StarTable } from "../contacts/star/table";
import { plain, readValues, tableKey } from "../contacts/star/table";
import { readHeads, selectIdentities } from "../contacts/store";
import type { LedgerEvent, Properties } from "../events/event";
import { ownEvent } from "../events/event";
import { RowBuffer } from "../events/projection";
import { checkTree } from "../events/tree";
import type { Services } from "../services";
import type { FieldError } from "../shared/fault";
import { Fault } from "../shared/fault";
import { contactRow, derivedId } from "../shared/ids";

type Input = Readonly<Record<string, unknown>>;

const LINKS = ["contact_id", "external_id", "email"] as const;
const MOST_ERRORS = 50;

/** A row of a request after its own columns were read. */
interface ReadRow {
  readonly index: number;
  readonly id: string;
  readonly values: Properties;
  readonly cells: ReturnType<typeof readValues>["cells"];
  /** What names the contact, or null. */
  readonly link: { readonly field: (typeof LINKS)[number]; readonly value: string } | null;
}

/** Writes rows: each as a whole, under its own id, all or none. What is as stated already is not written. */
export async function putRows(services: Services, table: StarTable, inputs: readonly Input[]): Promise<void> {
  const errors: FieldError[] = [];
  const read = inputs.map((input, index) => readRow(table, input, index, errors));
  const taken = new Set<string>();
  for (const { id, index } of read) {
    if (id !== "" && taken.has(id) && table.unique === "shop") {
      errors.push({ pointer: `/rows/${index}/id`, detail: "is the id of another row of this request" });
    }
    taken.add(id);
  }
  refuse(errors, "invalid-input", "The rows do not fit their table: see `errors`.");
  const contacts = await contactsOf(services, read, errors);
  refuse(errors, "invalid-input", "Some rows name nobody: see `errors`.");
  await checkOwners(services, table, read, contacts, errors);
  refuse(errors, "conflict", "Some rows are somebody else's: see `errors`.");
  await write(services, table, read, contacts);
}

function readRow(table: StarTable, input: Input, index: number, errors: FieldError[]): ReadRow {
  const at = `/rows/${index}`;
  const tree = checkTree(input);
  if (tree) errors.push({ pointer: at + tree.pointer, detail: tree.detail });
  const { id: given, contact_id: _contact, external_id: _user, email: _email, ...values } = input;
  const id = plain(given);
  if (id === null) errors.push({ pointer: `${at}/id`, detail: "is no text of 1 to 500 characters" });
  const named = LINKS.filter((field) => input[field] !== undefined && input[field] !== null);
  const [field] = named;
  if (table.contact === "none" && field) errors.push({ pointer: `${at}/${field}`, detail: "is not for this table" });
  if (table.contact === "required" && !field) {
    errors.push({ pointer: `${at}/contact_id`, detail: "is missing: a row names its contact by an id or an address" });
  }
  if (named[1]) errors.push({ pointer: `${at}/${named[1]}`, detail: "is one name too many" });
  const text = field ? plain(input[field]) : null;
  if (field && text === null) errors.push({ pointer: `${at}/${field}`, detail: "is no text" });
  const { cells, errors: wrong } = readValues(table, values, null, ["rows", index]);
  errors.push(...wrong);
  return { index, id: id ?? "", values, cells, link: field && text !== null ? { field, value: text } : null };
}

function refuse(errors: readonly FieldError[], code: "invalid-input" | "conflict", detail: string): void {
  if (errors.length > 0) throw new Fault(code, detail, errors.slice(0, MOST_ERRORS));
}

/** The contact of each row by its index; null where a row names none. */
async function contactsOf(
  services: Services,
  rows: readonly ReadRow[],
  errors: FieldError[],
): Promise<ReadonlyMap<number, number | null>> {
  const identity = ({ link }: ReadRow): string | null => {
    if (link?.field === "external_id") return `u:${link.value}`;
    const email = link?.field === "email" ? normaliseEmail(link.value) : null;
    return email === null ? null : `e:${email}`;
  };
  const { DB } = services.env;
  const wanted = rows.flatMap((row) => identity(row) ?? []);
  const { results } = await selectIdentities(DB, JSON.stringify(wanted)).all<{ identity: string; contact: number }>();
  const known = new Map(results.map(({ identity: name, contact }) => [name, contact]));
  const stated = rows.flatMap(({ link }) => (link?.field === "contact_id" ? (contactRow(link.value) ?? []) : []));
  // A row of somebody who was taken over is the other's.
  const owner = await readHeads(DB, [...new Set([...stated, ...known.values()])]);
  const contacts = new Map<number, number | null>();
  for (const row of rows) {
    const { link, index } = row;
    const id = link?.field === "contact_id" ? contactRow(link.value) : known.get(identity(row) ?? "");
    const contact = id === null || id === undefined ? undefined : owner.get(id);
    if (link && contact === undefined) {
      errors.push({ pointer: `/rows/${index}/${link.field}`, detail: "names no contact" });
    }
    contacts.set(index, contact ?? null);
  }
  return contacts;
}

/** A row that another contact holds stays there. */
async function checkOwners(
  services: Services,
  table: StarTable,
  rows: readonly ReadRow[],
  contacts: ReadonlyMap<number, number | null>,
  errors: FieldError[],
): Promise<void> {
  if (table.contact === "none" || table.unique === "contact") return;
  const ids = rows.map(({ id }) => id);
  const { results } = await selectOwners(services.env.DB, table, ids).all<{ id: string; contact: number | null }>();
  const owners = new Map(results.map(({ id, contact }) => [id, contact]));
  for (const { id, index } of rows) {
    const owner = owners.get(id) ?? null;
    if (owner === null || owner === contacts.get(index)) continue;
    errors.push({ pointer: `/rows/${index}/id`, detail: "is a row of another contact" });
  }
}

async function write(
  services: Services,
  table: StarTable,
  rows: readonly ReadRow[],
  contacts: ReadonlyMap<number, number | null>,
): Promise<void> {
  const now = services.clock.now();
  const nonce = crypto.randomUUID();
  const buffer = new RowBuffer();
  const events = rows.flatMap(({ id, index, values, cells }): LedgerEvent[] => {
    const contact = contacts.get(index) ?? null;
    if (contact === null) {
      putRow(buffer, table, { id, contact, cells, source: "internal", at: now, whole: true });
      return [];
    }
    const properties = { ...values, table: tableKey(table), id };
    // Of the request alone: the same row may be stated again after another has been.
    return [ownEvent(derivedId("row", nonce, index), "row.upserted", now, contact, properties)];
  });
  const direct = rowStatements(services.env.DB, table, buffer);
  if (direct.length > 0) await services.env.DB.batch(direct);
  await append(services, events);
}

/** Deletes a row that somebody holds, or nobody. */
export async function removeRow(
  services: Services,
  table: StarTable,
  id: string,
  contact: number | null,
): Promise<void> {
  const now = services.clock.now();
  if (contact === null) {
    const buffer = new RowBuffer();
    deleteRow(buffer, table, null, id, now);
    await services.env.DB.batch(rowStatements(services.env.DB, table, buffer));
    return;
  }
  const properties = { table: tableKey(table), id };
  await append(services, [ownEvent(derivedId("row", crypto.randomUUID()), "row.deleted", now, contact, properties)]);
}

async function append(services: Services, events: readonly LedgerEvent[]): Promise<void> {
  if (events.length > 0) await services.say(events, "The rows could not be stored. Send them again.");
}
