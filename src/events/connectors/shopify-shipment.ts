import type { LedgerEvent } from "../event";
import type { Body } from "./body";
import { needed, part, parts, text, time } from "./body";
import type { Occasion, Topic } from "./connector";
import type { OrderStatement } from "./tell";
import { stateOf, track } from "./tell";

/** States of a parcel that is on its way, or was. */
const MOVING: ReadonlySet<unknown> = new Set(["in_transit", "out_for_delivery", "attempted_delivery", "delivered"]);

/** The parcels of an order that were sent. One that was cancelled or failed says nothing. */
function parcelsOf(order: Body): readonly Body[] {
  return parts(order["fulfillments"]).filter(({ status }) => status === "success");
}

/** How far an order has come that was sent as a whole. */
export function shippingOf(order: Body): "shipped" | "in_transit" | "delivered" {
  const states = parcelsOf(order).map(({ shipment_status: state }) => state);
  if (states.length > 0 && states.every((state) => state === "delivered")) return "delivered";
  return states.some((state) => MOVING.has(state)) ? "in_transit" : "shipped";
}

/** When the last of an order's parcels was told of by a field; null where none was. */
export function lastOf(order: Body, field: "created_at" | "updated_at"): number | null {
  const times = parcelsOf(order).flatMap((one) => time(one[field]) ?? []);
  return times.length > 0 ? Math.max(...times) : null;
}

function trackingOf(parcel: Body): Body {
  const fields = ["tracking_company", "tracking_number", "tracking_url"];
  return Object.fromEntries(fields.map((field) => [field, text(parcel[field])]));
}

/** That an order was sent, and that it arrived: each once, when all of it was, with the tracking of the last parcel. */
export function shipments(body: Body, order: OrderStatement, occasion: Occasion): LedgerEvent[] {
  const { id, number, who, status, updatedAt, lines } = order;
  if (status !== "shipped" && status !== "in_transit" && status !== "delivered") return [];
  const last = parcelsOf(body)
    .toSorted((one, other) => sentAt(one) - sentAt(other))
    .at(-1);
  const properties = { order_id: id, order_number: number, ...trackingOf(part(last)), products: lines };
  const at = lastOf(body, "created_at") ?? updatedAt;
  const sent = track(occasion, { name: "Order Shipped", of: ["shipped", id], at, who, properties });
  if (status !== "delivered") return [sent];
  const about = { at: order.deliveredAt ?? updatedAt, who, properties };
  return [sent, track(occasion, { name: "Order Delivered", of: ["delivered", id], ...about })];
}

function sentAt(parcel: Body): number {
  return time(parcel["created_at"]) ?? 0;
}

/** A parcel by itself: sent, under way, arrived. Whether the order is, only the order says. */
export const parcel: Topic = (body, occasion) => {
  if (body["status"] !== "success") return {};
  const shipment = needed(body, "id");
  const who = { user: null, email: text(body["email"]) };
  const sent = time(body["created_at"]) ?? occasion.sentAt;
  const at = time(body["updated_at"]) ?? sent;
  const state = text(body["shipment_status"]);
  const properties = { order_id: needed(body, "order_id"), shipment_id: shipment, ...trackingOf(body) };
  const events = [track(occasion, { name: "Shipment Sent", of: ["sent", shipment], at: sent, who, properties })];
  if (state === "delivered") {
    events.push(track(occasion, { name: "Shipment Delivered", of: ["arrived", shipment], at, who, properties }));
  } else if (MOVING.has(state)) {
    const moving = { ...properties, status: state };
    const of = ["moving", shipment, String(at), stateOf(moving)];
    events.push(track(occasion, { name: "Shipment Updated", of, at, who, properties: moving }));
  }
  return { events };
};
