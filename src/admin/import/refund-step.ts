import type { LedgerEvent } from "../../events/event";
import { derivedId } from "../../shared/ids";
import { decimalText, unitPriceText } from "../../shared/money";
import { untilApplied } from "./history";
import type { FileLine } from "./order-group";
import { linesOf } from "./order-step";
import type { Step } from "./plan";
import { bucketsOf } from "./plan";
import { ended } from "./read-step";
import type { Tie } from "./refund";
import { tieCancellations } from "./refund";
import { boughtBy } from "./refund-store";
import type { LineNote } from "./store";
import type { Work } from "./work";

const USERS_AT_ONCE = 50;
const EVENTS_AT_ONCE = 500;

/** Makes refunds of the cancellations of one bucket's customers, once all orders of the file are in. */
export async function writeRefunds(work: Work, step: Extract<Step, { phase: "refunds" }>): Promise<void> {
  const count = bucketsOf(work.row.plan);
  const byUser = new Map<string, FileLine[]>();
  await untilApplied(work.services);
  const loaded = await linesOf(work, count + step.bucket, "customer");
  for (const line of loaded.lines) {
    const theirs = byUser.get(line.user ?? "");
    if (theirs) theirs.push(line);
    else byUser.set(line.user ?? "", [line]);
  }
  const users = [...byUser];
  const ties: Tie[] = [];
  const untied: LineNote[] = [...loaded.rejected];
  let duplicates = 0;
  for (let from = 0; from < users.length; from += USERS_AT_ONCE) {
    const some = users.slice(from, from + USERS_AT_ONCE);
    const lines = some.flatMap(([, theirs]) => theirs);
    const names = some.map(([user]) => user);
    const { bought, refunds } = await boughtBy(work.services.env.DB, names, [...new Set(lines.map(({ sku }) => sku))]);
    const found = tieCancellations(lines, bought, refunds);
    // One by one: a call takes no hundred thousand arguments.
    for (const tie of found.ties) ties.push(tie);
    for (const note of found.untied) untied.push(note);
    duplicates += found.duplicates;
  }
  if (!step.counted) {
    untied.sort((left, right) => left.line - right.line);
    await work.note(
      { step: { ...step, counted: true } },
      { tied: ties.length, accepted: ties.length, duplicates, untied },
    );
  }
  for (let from = 0; from < ties.length; from += EVENTS_AT_ONCE) {
    await work.append(ties.slice(from, from + EVENTS_AT_ONCE).map(refundEvent));
  }
  const next = step.bucket + 1;
  await work.note(next < count ? { step: { phase: "refunds", bucket: next, counted: false } } : ended(work));
}

function refundEvent({ id, bought, item, quantity, amount }: Tie): LedgerEvent {
  const { product, sku, order } = bought;
  const price = unitPriceText(Math.abs(item.unitPrice));
  return {
    id: derivedId("imp", "refund", id),
    type: "track",
    name: "Order Refunded",
    at: item.at,
    trust: "import",
    user: bought.user,
    properties: {
      order_id: order,
      refund_id: id,
      total: decimalText(amount, item.currency),
      currency: item.currency,
      products: [{ product_id: product, sku, quantity, price }],
    },
  };
}
