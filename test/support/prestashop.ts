import type { Body } from "../../src/events/connectors/body";
import { id, needed, part, parts, text, time, whole } from "../../src/events/connectors/body";
import type { Connector, Occasion, Topic } from "../../src/events/connectors/connector";
import type { OrderStatement } from "../../src/events/connectors/tell";
import { identify, orderCompleted, orderUpdated } from "../../src/events/connectors/tell";

/** PrestaShop's own numbers of the states that an order can be in. */
const STATES: ReadonlyMap<string | null, OrderStatement["status"]> = new Map([
  ["1", "pending"],
  ["2", "confirmed"],
  ["3", "confirmed"],
  ["4", "shipped"],
  ["5", "delivered"],
  ["6", "cancelled"],
  ["7", "refunded"],
]);

/** A time in UTC, which comes as "2026-01-31 12:00:00". */
function utc(value: unknown): number | null {
  const stated = text(value);
  return stated === null ? null : time(`${stated.replace(" ", "T")}Z`);
}

function orderOf(body: Body, { sentAt, currency }: Occasion): OrderStatement {
  const placedAt = utc(body["date_add"]) ?? sentAt;
  const to = part(body["delivery"]);
  return {
    id: needed(body, "id"),
    who: { user: id(body["id_customer"]), email: text(part(body["customer"])["email"]) },
    number: text(body["reference"]),
    placedAt,
    updatedAt: utc(body["date_upd"]) ?? placedAt,
    status: STATES.get(text(body["current_state"])) ?? "confirmed",
    currency: text(body["currency"]) ?? currency,
    total: text(body["total_paid_tax_incl"]),
    shipping: text(body["total_shipping_tax_incl"]),
    tax: null,
    discount: text(body["total_discounts_tax_incl"]),
    lines: parts(part(body["associations"])["order_rows"]).map((row) => ({
      product_id: needed(row, "product_id"),
      sku: text(row["product_reference"]) ?? needed(row, "product_id"),
      name: text(row["product_name"]),
      quantity: whole(row["product_quantity"]) ?? 1,
      price: text(row["unit_price_tax_incl"]),
    })),
    address: { street: to["address1"], zip: to["postcode"], country: to["country"] },
  };
}

const placed: Topic = (body, occasion) => ({ events: [orderCompleted(occasion, orderOf(body, occasion))] });
const changed: Topic = (body, occasion) => ({ events: [orderUpdated(occasion, orderOf(body, occasion))] });

const customer: Topic = (body, occasion) => {
  const who = { user: needed(body, "id"), email: text(body["email"]) };
  const at = utc(body["date_upd"]) ?? occasion.sentAt;
  const traits = { email: who.email, first_name: text(body["firstname"]), last_name: text(body["lastname"]) };
  return { events: [identify(occasion, ["customer", who.user, String(at)], at, who, traits)] };
};

/** What a module of the shop's sends: resources of PrestaShop's web service, as JSON. */
export const prestashop: Connector = {
  name: "PrestaShop",
  description: "A module that listens to actionValidateOrder and actionOrderStatusPostUpdate",
  signature: { header: "X-PrestaShop-Signature", encoding: "hex" },
  headers: { topic: "X-PrestaShop-Topic", delivery: ["X-PrestaShop-Delivery"], shop: "X-PrestaShop-Shop" },
  topics: {
    "order.validated": placed,
    "order.state_updated": changed,
    "customer.created": customer,
    "customer.updated": customer,
  },
};
