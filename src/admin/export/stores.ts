import { listStores } from "../../commerce/catalogue-store";
import { timeText } from "../api";
import type { ExportList } from "./list";
import { pageOf } from "./list";

/** Stores in the columns of their import. */
export const stores: ExportList = {
  title: { en: "Stores", fr: "Magasins" },
  columns: "store_id name lat lon address timezone opening_hours".split(" "),
  extra: ["updated_at"],
  filters: [],
  async page(db, after, _wish, limit) {
    const found = await listStores(db, String(after?.[0] ?? ""), limit);
    return pageOf(
      found,
      limit,
      ({ store_id: id }) => [id],
      (row) => {
        const hours = row.opening_hours;
        return [
          {
            ...row,
            opening_hours: hours === null ? null : (JSON.parse(hours) as unknown),
            updated_at: timeText(row.updated_at),
          },
        ];
      },
    );
  },
};
