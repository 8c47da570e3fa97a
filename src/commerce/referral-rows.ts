import type { ApplyContext } from "../events/projection";
import { readCode } from "../shared/code";
import { addPeriod } from "../shared/period";
import { plainString } from "./cart";
import type { Programme } from "./loyalty-programme";
import { isValid, netOf, orderIdentity } from "./order";
import type { ReferralFlag, ReferralState } from "./referral";
import { advocateOf, householdOf, referralCode } from "./referral";
import { commerceOf } from "./slice";

/** A referral as its row is put. `friend` is 0 for the link itself, which one advocate has and many may follow. */
interface Put {
  readonly code: string;
  readonly friend: number;
  readonly advocate: number;
  readonly state: ReferralState;
  readonly flags?: readonly ReferralFlag[];
  readonly order?: string | null;
  /** When it is to be looked at again, epoch ms. */
  readonly due?: number | null;
}

type Change = (context: ApplyContext, secret: string, programme: Programme, shopCurrency: string) => void;

/** What the shop's server says of referrals, by lower-case name. */
const STATED: ReadonlyMap<string, Change> = new Map(
  Object.entries<Change>({
    "referral shared": share,
    "referral clicked"(context, secret) {
      const known = referred(context, secret);
      if (known && known.advocate !== context.record.id) {
        put(context, { ...known, friend: context.record.id, state: "clicked" });
      }
    },
    "order completed": ordered,
    "order updated": recall,
    "order cancelled": recall,
    "order refunded": recall,
  }),
);

/** Our own events. */
const OWN: ReadonlyMap<string, Change> = new Map(
  Object.entries<Change>({
    "referral.shared": share,
    "referral.clicked"(context, secret) {
      const advocate = context.record.id;
      put(context, { code: referralCode(secret, advocate), friend: 0, advocate, state: "clicked" });
    },
    "referral.reviewed": settle,
    "referral.rewarded": settle,
    "referral.reversed": settle,
  }),
);

/** Puts the rows of referrals that an event moves on. */
export function referralRows(context: ApplyContext, programme: Programme, secret: string, shopCurrency: string): void {
  if (programme.referral === null) return;
  const { event } = context;
  const change = event.type === "internal" ? OWN.get(event.name) : STATED.get(event.name.toLowerCase());
  change?.(context, secret, programme, shopCurrency);
}

function share(context: ApplyContext, secret: string): void {
  const advocate = context.record.id;
  put(context, { code: referralCode(secret, advocate), friend: 0, advocate, state: "shared" });
}

function referred({ event }: ApplyContext, secret: string): { code: string; advocate: number } | null {
  const text = plainString(event.properties?.["referral_code"]);
  const advocate = text === null ? null : advocateOf(secret, text);
  return text === null || advocate === null ? null : { code: readCode(text), advocate };
}

function ordered(context: ApplyContext, secret: string, programme: Programme, shopCurrency: string): void {
  const { event, record, rows } = context;
  const household = householdOf(secret, event.properties?.["shipping_address"]);
  if (household !== null) rows.put("contact_households", `${record.id}|${household}`, [record.id, household]);
  const known = referred(context, secret);
  if (!known || programme.referral === null) return;
  const id = plainString(event.properties?.["order_id"]) ?? `ev-${event.id}`;
  const { orders } = commerceOf(record);
  const order = orders.find((each) => each.id === id);
  if (!order) return;
  const flags: ReferralFlag[] = [];
  if (known.advocate === record.id) flags.push("same_contact");
  if (orders.some((each) => each.id !== id && isValid(each))) flags.push("existing_customer");
  const enough = order.currency === shopCurrency && isValid(order) && netOf(order) >= programme.referral.min_order;
  if (!enough) flags.push("below_minimum");
  const state = flags.length > 0 ? "rejected" : "ordered";
  // What only the database knows is looked at by the next sweep.
  put(context, { ...known, friend: record.id, state, flags, order: id, due: flags.length > 0 ? null : event.at });
}

/** Has the reward for an order looked at again that stands no longer, where one was given. */
function recall({ event, record, rows, ownerOf }: ApplyContext): void {
  const id = plainString(event.properties?.["order_id"]);
  if (id === null) return;
  const owner = commerceOf(record).orders.some((each) => each.id === id) ? record : ownerOf(orderIdentity(id))?.record;
  const order = owner && commerceOf(owner).orders.find((each) => each.id === id);
  if (order && !isValid(order)) rows.put("referral_recalls", id, [order.origin ?? owner.id, id, event.at]);
}

/** What the review of a referral came to. */
function settle(context: ApplyContext): void {
  const { code, friend, advocate, state, flags, order, due } = context.event.properties as unknown as Put;
  put(context, { code, friend, advocate, state, flags: flags ?? [], order: order ?? null, due: due ?? null });
}

function put({ rows, event }: ApplyContext, { code, friend, advocate, state, flags = [], order, due }: Put): void {
  const row = [code, friend, advocate, state, JSON.stringify(flags), order ?? null, event.at, due ?? null];
  rows.put("referrals", `${code}|${friend}`, row);
}

/** When a referral's reward may be given: a day after the return window of an order of `at` (epoch ms). */
export function rewardDue(at: number, returnWindow: string): number {
  return addPeriod(addPeriod(at, returnWindow), "P1D");
}
