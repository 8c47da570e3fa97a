import type { LedgerEvent } from "../../events/event";
import { jsonBytes } from "../../shared/bytes";
import { slices } from "../../shared/slices";
import { aboutErased, aboutNobody } from "./barred";
import { bucketsKey, readRange } from "./files";
import { untilApplied } from "./history";
import type { Addition } from "./order-events";
import { additionTo, eventsOf } from "./order-events";
import { BucketLines, groupOrders, unpackLine } from "./order-group";
import { knownOrders } from "./order-store";
import type { Step } from "./plan";
import { bucketsOf } from "./plan";
import { ended } from "./read-step";
import type { LineNote } from "./store";
import { piecesOf } from "./store";
import type { Work } from "./work";

/** A chunk is one journal row, and a row of D1 holds 2 MB. */
const CHUNK_BYTES = 800_000;
const ORDERS_AT_ONCE = 1_000;
const READS_AT_ONCE = 6;

/** The lines of a bucket, out of what every piece had for it. */
export async function linesOf(work: Work, bucket: number, of: "order" | "customer"): Promise<BucketLines> {
  const { env } = work.services;
  const pieces = await piecesOf(env.DB, work.id);
  const lines = new BucketLines(of);
  for (let from = 0; from < pieces.length; from += READS_AT_ONCE) {
    const texts = pieces.slice(from, from + READS_AT_ONCE).map(({ piece, buckets }) => {
      const [begin = 0, end = 0] = buckets?.slice(bucket, bucket + 2) ?? [];
      return readRange(env.ARCHIVE, bucketsKey(work.id, piece), begin, end);
    });
    for (const text of await Promise.all(texts)) {
      for (const line of text.split("\n")) if (line !== "") lines.take(unpackLine(line));
    }
  }
  return lines;
}

/** Takes the orders of one bucket in: what they come to is counted first, and then written as events. */
export async function writeOrders(work: Work, step: Extract<Step, { phase: "orders" }>): Promise<void> {
  await untilApplied(work.services);
  const loaded = await linesOf(work, step.bucket, "order");
  const { orders, rejected } = groupOrders(loaded.lines);
  const additions: Addition[] = [];
  for (let from = 0; from < orders.length; from += ORDERS_AT_ONCE) {
    const some = orders.slice(from, from + ORDERS_AT_ONCE);
    const known = await knownOrders(
      work.services.env.DB,
      some.map(({ id }) => id),
    );
    additions.push(...some.map((order) => additionTo(order, known.get(order.id) ?? null)));
  }
  const erased = await erasedOrders(work, additions);
  if (!step.counted) {
    const left = [...loaded.rejected, ...rejected, ...erasedLines(additions, erased)];
    await count(work, step, additions, left, erased);
  }
  const wanted = additions.filter(({ order, fresh }) => fresh.length > 0 && !erased.has(order.id));
  for (const some of slices(wanted.flatMap(eventsOf), jsonBytes, CHUNK_BYTES)) await work.append(some);
  await work.note(afterOrders(work, step));
}

function afterOrders(work: Work, { bucket }: Extract<Step, { phase: "orders" }>): Partial<ReturnType<typeof ended>> {
  const { plan } = work.row;
  if (bucket + 1 < bucketsOf(plan)) return { step: { phase: "orders", bucket: bucket + 1, counted: false } };
  const refunds = plan.mapping?.cancellation?.as === "refund";
  return refunds ? { step: { phase: "refunds", bucket: 0, counted: false } } : ended(work);
}

/** Orders of customers who were erased and did not come back by themselves. */
async function erasedOrders(work: Work, additions: readonly Addition[]): Promise<ReadonlySet<string>> {
  const events = additions
    .filter(({ order }) => order.user !== null)
    .map(({ order: { id, user, placedAt } }): LedgerEvent => {
      return { id, type: "track", name: "", at: placedAt, trust: "import", user: user ?? "" };
    });
  return aboutErased(work.services, events);
}

function erasedLines(additions: readonly Addition[], erased: ReadonlySet<string>): LineNote[] {
  return additions
    .filter(({ order }) => erased.has(order.id))
    .flatMap(({ order }) => order.lines)
    .map(({ item }) => aboutNobody(item.line));
}

async function count(
  work: Work,
  step: Extract<Step, { phase: "orders" }>,
  additions: readonly Addition[],
  rejected: readonly LineNote[],
  erased: ReadonlySet<string>,
): Promise<void> {
  const refused = additions.flatMap(({ order, refused: reason }) =>
    reason === undefined ? [] : order.lines.map(({ item }) => ({ line: item.line, reason })),
  );
  const taken = additions.filter(({ order, refused: reason }) => reason === undefined && !erased.has(order.id));
  const accepted = taken.reduce((sum, { fresh }) => sum + fresh.length, 0);
  const lines = taken.reduce((sum, { order }) => sum + order.lines.length, 0);
  const notes = [...rejected, ...refused].sort((left, right) => left.line - right.line);
  await work.note({ step: { ...step, counted: true } }, { accepted, duplicates: lines - accepted, rejected: notes });
}
