import { writeStores } from "../../commerce/catalogue-store";
import type { StoreInput } from "../store-schema";
import { storeInput, storeRow } from "../store-schema";
import { Cells } from "./cells";
import { fitted, lastOfEach } from "./fitted";
import { rowKind } from "./kind";

interface StoreItem {
  readonly store: StoreInput;
  readonly at: number;
}

const COLUMNS = ["store_id", "name", "lat", "lon", "address", "timezone", "opening_hours"];

/** A store a line, stated as a whole. */
export const stores = rowKind<StoreItem>({
  title: { en: "Stores", fr: "Magasins" },
  columns: COLUMNS,
  formats: ["csv", "ndjson"],
  numbers: ["lat", "lon"],
  read(value, { receivedAt }) {
    const cells = new Cells(value);
    const stated = {
      store_id: cells.required("store_id"),
      name: cells.required("name", 500),
      lat: cells.number("lat", -90, 90),
      lon: cells.number("lon", -180, 180),
      address: cells.text("address"),
      timezone: cells.text("timezone"),
      opening_hours: cells.json("opening_hours"),
    };
    return fitted(cells, storeInput, stated, (store) => ({ store, at: receivedAt }), COLUMNS);
  },
  async write({ env }, items) {
    const last = lastOfEach(items, ({ store }) => store.store_id);
    await writeStores(
      env.DB,
      last.map(({ item }) => storeRow(item.store, item.at)),
    );
    return { accepted: items.length, duplicates: 0, rejected: [] };
  },
});
