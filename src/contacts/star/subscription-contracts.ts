import type { Feed, StarTable } from "./table";
import { plain } from "./table";

const states = (state: string, whole: boolean): Feed => ({
  from: "server",
  read(properties, { at }) {
    const id = plain(properties["subscription_id"]);
    if (id === null) return null;
    const values = {
      sku: plain(properties["sku"]) ?? plain(properties["product_id"]),
      state: state === "" ? plain(properties["state"] ?? properties["status"]) : state,
      next_renewal_at: properties["next_renewal_at"],
      interval_days: properties["interval_days"],
      price: properties["price"],
      started_at: whole ? at : undefined,
      ended_at: state === "ended" ? at : undefined,
    };
    return { id, values, whole };
  },
});

/** What somebody gets again and again: a subscription that runs. */
export const subscriptionContracts: StarTable = {
  name: "subscription_contracts",
  title: { en: "Active subscriptions", fr: "Abonnements en cours" },
  description: "Deliveries that renew themselves, with their next date.",
  family: "interaction",
  contact: "required",
  unique: "shop",
  columns: {
    sku: { type: "text" },
    state: { type: "text" },
    next_renewal_at: { type: "time" },
    interval_days: { type: "integer" },
    price: { type: "money" },
    started_at: { type: "time" },
    ended_at: { type: "time" },
  },
  feeds: {
    "subscription started": states("active", true),
    "subscription renewed": states("active", false),
    "subscription updated": states("", false),
    "subscription paused": states("paused", false),
    "subscription cancelled": states("ended", false),
    "subscription ended": states("ended", false),
  },
};
