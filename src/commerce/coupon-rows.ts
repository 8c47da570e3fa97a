import { birthdayHolds } from "../contacts/birth-date";
import { profileOf } from "../contacts/profile";
import type { ApplyContext } from "../events/projection";
import { plainString } from "./cart";
import { codesOf } from "./coupon";

/** Puts the rows of coupons that an event gives or redeems. A code that is none meets no row and leaves nothing. */
export function couponRows(context: ApplyContext): void {
  const { event } = context;
  if (event.type === "internal" && event.name === "coupon.issued") issue(context);
  if (event.type === "track" && event.name.toLowerCase() === "order completed") redeem(context);
}

function issue({ event, record, rows }: ApplyContext): void {
  const { offer, occasion, code, pool, birthday, limit, valid_from: from, valid_to: to } = event.properties ?? {};
  // Asked here as well: between the question and this line the date may have been changed.
  if (birthday === true && !birthdayHolds(profileOf(record), event.at)) return;
  const row = [code, offer, record.id, occasion, from, to, event.at];
  if (pool === true) rows.put("coupon_assignments", String(code), row);
  else rows.put("coupons", String(code), [...row, limit]);
  // One that is told of by a file may have been used by then.
  const { redeemed_order: order, redeemed_at: at } = event.properties ?? {};
  if (typeof order === "string") {
    rows.put("coupon_redemptions", String(code), [code, order, record.id, typeof at === "number" ? at : event.at]);
  }
}

function redeem({ event, record, rows }: ApplyContext): void {
  const stated = plainString(event.properties?.["coupon"]);
  const order = plainString(event.properties?.["order_id"]) ?? `ev-${event.id}`;
  for (const code of stated === null ? [] : codesOf(stated)) {
    // The first order of a group that names it, as in the table.
    if (rows.tables.get("coupon_redemptions")?.has(code)) continue;
    rows.put("coupon_redemptions", code, [code, order, record.id, event.at]);
  }
}
