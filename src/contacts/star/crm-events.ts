import type { Feed, StarTable } from "./table";
import { plain } from "./table";

const opens = (type: string): Feed => ({
  from: "server",
  read(properties, { id, at }) {
    const stated = plain(properties["ticket_id"] ?? properties["return_id"] ?? properties["case_id"]);
    const values = {
      type,
      severity: properties["severity"],
      subject: properties["subject"] ?? properties["reason"],
      order_id: plain(properties["order_id"]),
      product_id: plain(properties["product_id"]),
      opened_at: at,
    };
    return { id: stated ?? id, values, whole: true };
  },
});

const closes: Feed = {
  from: "server",
  read(properties, { at }) {
    const id = plain(properties["ticket_id"] ?? properties["return_id"] ?? properties["case_id"]);
    return id === null ? null : { id, values: { closed_at: at }, whole: false };
  },
};

/** What somebody needed help with. While one is open, the shop had better not advertise what it is about. */
export const crmEvents: StarTable = {
  name: "crm_events",
  title: { en: "Customer relations", fr: "Événements relation client" },
  description: "Tickets, complaints and returns, with when they were opened and settled.",
  family: "interaction",
  contact: "required",
  unique: "shop",
  columns: {
    type: { type: "text" },
    severity: { type: "text" },
    subject: { type: "text" },
    order_id: { type: "text" },
    product_id: { type: "text" },
    opened_at: { type: "time" },
    closed_at: { type: "time" },
  },
  feeds: {
    "ticket opened": opens("ticket"),
    "complaint received": opens("complaint"),
    "return requested": opens("return"),
    "ticket closed": closes,
    "complaint settled": closes,
    "return closed": closes,
  },
};
