import type { StarTable } from "./table";
import { plain } from "./table";

/** Visits that are over. The open one stands with its contact until the next begins, so that a view costs no row. */
export const visits: StarTable = {
  name: "visits",
  title: { en: "Visits", fr: "Visites" },
  description:
    "Visits to the site, the app or a store that are over; views are [product, times, seconds since the start] of the " +
    "last 30 products. The open visit stands with its contact.",
  family: "interaction",
  contact: "required",
  unique: "contact",
  columns: {
    channel: { type: "text", required: true },
    started_at: { type: "time", required: true },
    ended_at: { type: "time" },
    pages: { type: "integer" },
    landing: { type: "text" },
    store: { type: "text" },
    views: { type: "json" },
  },
  feeds: {
    "store visited": {
      from: "server",
      read(properties, { id, at }) {
        const store = plain(properties["store_id"] ?? properties["store"]);
        const values = { channel: "store", started_at: at, ended_at: properties["ended_at"], store };
        return { id: plain(properties["visit_id"]) ?? id, values, whole: true };
      },
    },
  },
};
