import type * as z from "zod";
import type { CustomTable } from "../contacts/star/custom-store";
import { findCustomTable, noteChange, noteDrop, noteTable } from "../contacts/star/custom-store";
import type { columnInput, Definition } from "../contacts/star/definition";
import { definitionInput, MOST_TABLES } from "../contacts/star/definition";
import type { StarTable } from "../contacts/star/table";
import { log } from "../platform/log";
import type { Services } from "../services";
import { saveChecked } from "../services/segments/save";
import { finishTable } from "../services/table-work";
import { Fault } from "../shared/fault";
import { pointersOf } from "../shared/pointer";
import { inWords, usesOfTable } from "./segment-uses";

/** A table that can be written and read; throws not-found. */
export async function tableOf(services: Services, key: string): Promise<StarTable> {
  const found = (await services.tables.read()).find(key);
  if (!found) throw new Fault("not-found", "No table has this key, or it is not ready yet.");
  return found;
}

/** A table that the shop defined; throws not-found. */
export async function customTableOf(services: Services, key: string): Promise<CustomTable> {
  const found = await findCustomTable(services.env.DB, key);
  if (!found) throw new Fault("not-found", "No table of the shop's own has this key.");
  return found;
}

/** Makes a table. A repeat goes on where the first was cut off; another shape under the same key is a conflict. */
export async function createTable(services: Services, definition: Definition): Promise<CustomTable> {
  const { DB } = services.env;
  await noteTable(DB, definition, services.clock.now());
  const noted = await findCustomTable(DB, definition.key);
  if (!noted) throw new Fault("unprocessable", `A shop has at most ${MOST_TABLES} tables of its own.`);
  if (noted.state === "dropping") throw new Fault("conflict", "A table of this key is being deleted. Try again.");
  if (JSON.stringify(noted.definition) !== JSON.stringify(definition)) {
    throw new Fault("conflict", "There is a table of this key with another shape.");
  }
  if (noted.state === "making") await finish(services, noted);
  return customTableOf(services, definition.key);
}

/** Adds columns. Those that are there already are left as they are. */
export async function addColumns(
  services: Services,
  key: string,
  columns: readonly z.output<typeof columnInput>[],
): Promise<CustomTable> {
  const known = await customTableOf(services, key);
  if (known.state !== "ready") throw new Fault("conflict", "The table is not ready. Try again in a moment.");
  const same = (one: object, other: object | undefined): boolean => JSON.stringify(one) === JSON.stringify(other);
  const added = columns.filter((column) => {
    return !same(
      column,
      known.definition.columns.find(({ name }) => name === column.name),
    );
  });
  if (added.length === 0 && known.pending === null) return known;
  const parsed = definitionInput.safeParse({
    ...known.definition,
    columns: [...known.definition.columns, ...added],
  });
  if (!parsed.success) {
    const before = known.definition.columns.length;
    const placeOf = (index: number): number => columns.findIndex((column) => column === added[index - before]);
    const errors = pointersOf(parsed.error).map(({ pointer, detail }) => ({
      pointer: pointer.replace(/^\/columns\/(\d+)/, (_, index) => `/columns/${placeOf(Number(index))}`),
      detail,
    }));
    throw new Fault("invalid-input", "The columns do not fit: see `errors`.", errors);
  }
  if (!(await noteChange(services.env.DB, known, parsed.data, services.clock.now()))) {
    throw new Fault("conflict", "Somebody else is changing this table. Try again.");
  }
  await finish(services, { ...known, pending: parsed.data });
  return customTableOf(services, key);
}

/** Deletes a table with all its rows. Throws conflict with where it is in use. Once the ledger has forgotten it, it goes; else the sweep sees to it. */
export async function deleteTable(services: Services, key: string): Promise<void> {
  const known = await customTableOf(services, key);
  await saveChecked(services, async () => {
    if (known.state === "dropping") return null;
    const uses = await usesOfTable(services, key);
    if (uses.length > 0) throw new Fault("conflict", `The table is in use: ${inWords(uses)}.`);
    return [noteDrop(services.env.DB, key, services.clock.now())];
  });
  await finish(services, { ...known, state: "dropping" });
}

async function finish(services: Services, table: CustomTable): Promise<void> {
  try {
    await finishTable(services, table);
  } catch (error) {
    log("table not finished", { table: table.key, error: String(error) });
    throw new Fault("unavailable", "It is noted and not done yet. Send it again; the sweep does it too.", [], 5);
  }
}
