import type { CustomTable } from "../contacts/star/custom-store";
import { dropTable, listCustomTables, settleTable, shapeTable } from "../contacts/star/custom-store";
import { log } from "../platform/log";
import type { Services } from "../services";
import { changeSettings } from "./revision";

/** Brings a table where its row says that it is to be. Throws where that has to wait; the sweep tries again. */
export async function finishTable(services: Services, table: CustomTable): Promise<void> {
  const { DB } = services.env;
  if (table.state === "dropping") {
    // The ledger must not write into what is gone.
    await services.ledger.refresh();
    await dropTable(DB, table);
    return;
  }
  await shapeTable(DB, table.pending ?? table.definition);
  await changeSettings(services, [settleTable(DB, table)]);
}

/** Finishes what was begun and cut off. */
export async function finishTables(services: Services): Promise<void> {
  for (const table of await listCustomTables(services.env.DB)) {
    if (table.state === "ready" && table.pending === null) continue;
    try {
      await finishTable(services, table);
    } catch (error) {
      log("table not finished", { table: table.key, error: String(error) });
    }
  }
}
