import { plainString } from "../commerce/cart";
import { codesOf } from "../commerce/coupon";
import { commerceOf } from "../commerce/slice";
import type { LedgerEvent } from "../events/event";
import { isFromServer } from "../events/event";
import type { ApplyContext, MergeContext, Projection } from "../events/projection";
import { DISOWNED } from "../scenarios/stimulus";
import { DAY } from "../shared/clock";
import { EARLY } from "./machine";
import type { Touch } from "./mid";

/** What a person does about a message, by the event of ours that tells of it. */
const ACTS: Readonly<Record<string, string>> = {
  "message.delivered": "delivered",
  "message.opened": "opened",
  "message.clicked": "clicked",
  // What the provider says, which knows no machine from a person, is kept apart.
  "message.provider_opened": "provider_opened",
  "message.provider_clicked": "provider_clicked",
  "message.delayed": "delayed",
  "message.failed": "failed",
  "message.suppressed": "suppressed",
  "message.bounced": "bounced",
  "message.complained": "complained",
};
/** A machine's act: it is kept, and starts and extends nothing. */
export const SCANNED = "message.scanned";

/** An order that somebody brings along by a merge counts where no window could have closed before. */
const RECENT = 90 * DAY;

/**
 * Rows of what happens to messages that left, and of the orders that they brought. Keeps nothing in memory. `touchOf` reads
 * the `mid` of an order.
 */
export const actsProjection = (touchOf: (mid: string) => Touch | null): Projection<null> => ({
  empty: () => null,
  copy: () => null,
  absorb: () => undefined,
  apply(_slice, context: ApplyContext) {
    if (context.event.type === "internal") takeAct(context);
    else takeOrder(context, touchOf);
  },
  // A guest who turns out to be somebody who had clicked.
  merge(_winner, _loser, { winner }: MergeContext) {
    // Those that came from another contact are the winner's by now.
    const brought = commerceOf(winner.record).orders.filter(({ origin }) => origin !== undefined);
    for (const { id, placedAt, origin } of brought) {
      if (placedAt > winner.event.at - RECENT) winner.rows.put("attributions", id, [id, origin, placedAt, "[]"]);
    }
    return null;
  },
});

function takeAct({ event, record, rows }: ApplyContext): void {
  const { send, link, place, sign, from, until } = event.properties ?? {};
  if (typeof send !== "string") return;
  // The message's own contact, which may have been merged since.
  const contact = event.contact ?? record.id;
  const disown = (since: unknown, to: unknown, why: unknown): void => {
    for (const table of DISOWNING) rows.put(table, `${contact}|${send}|${String(to)}`, [contact, send, since, to, why]);
  };
  if (event.name === SCANNED)
    rows.put("message_hits", `${contact}|${send}|${String(place)}`, [contact, send, place, event.at, sign]);
  if (event.name === DISOWNED) disown(from, until, sign);
  if (!Object.hasOwn(ACTS, event.name) || (event.bot === true && event.name !== "message.delivered")) return;
  const kind = ACTS[event.name] ?? "";
  rows.put("message_acts", `${contact}|${send}|${kind}`, [contact, send, kind, event.at]);
  if (kind === "delivered") {
    // A provider may tell so late that somebody has acted on it meanwhile.
    disown(event.at - DAY, event.at + EARLY - 1, "early");
    return;
  }
  const at = kind === "opened" ? "open" : `${typeof link === "number" || typeof link === "string" ? link : 0}`;
  rows.put("message_hits", `${contact}|${send}|${at}`, [contact, send, at, event.at, null]);
}

/** What is undone where somebody's acts turn out to be a machine's, in this order. */
const DISOWNING = [
  "disowned_hits",
  "disowned_acts",
  "disowned_left",
  "disowned_orders",
  "disowned_touches",
  "disowned_clicks",
  "disowned_last",
] as const;

/** Has an order that is new looked up among the messages of whoever it belongs to. */
function takeOrder({ event, record, rows }: ApplyContext, touchOf: (mid: string) => Touch | null): void {
  const id = idOf(event);
  if (id === null || !rows.tables.get("orders")?.has(id)) return;
  const order = commerceOf(record).orders.find((one) => one.id === id);
  const stated = plainString(event.properties?.["coupon"]);
  const codes = stated === null ? [] : codesOf(stated);
  if (!order) return;
  const mid = plainString(event.properties?.["mid"]);
  const touch = mid === null ? null : touchOf(mid);
  const touched = touch ? [touch.contact, touch.send, touch.at] : [];
  rows.put("attributions", id, [id, record.id, order.placedAt, JSON.stringify(codes), ...touched]);
}

function idOf(event: LedgerEvent): string | null {
  if (event.type !== "track" || !isFromServer(event) || !/^order /i.test(event.name)) return null;
  return plainString(event.properties?.["order_id"]) ?? `ev-${event.id}`;
}
