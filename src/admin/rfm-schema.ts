import * as z from "zod";
import { addUp } from "../segments/rfm/history";
import type { Margin } from "../segments/rfm/margin-store";
import type { MatrixRow } from "../segments/rfm/matrix";
import type { ScoreRow } from "../segments/rfm/read-store";
import { money, time, timeText } from "./api";

const score = z.number().int().min(1).max(5);
const count = z.number().int();
/** Not whole where deliveries of subscriptions count less. */
const orders = z.number();

/** What RFM says of one contact. */
export const scores = z
  .object({
    recency_days: z
      .number()
      .int()
      .openapi({ description: "Whole days of the shop's calendar since the last valid order." }),
    frequency: orders.openapi({ description: "Valid orders in the window." }),
    monetary: money,
    r: score,
    f: score,
    m: score,
    segment: z.string(),
    segment_key: z.string(),
    cause: z.string().nullable().openapi({
      description: "Why the segment changed last: first, act, decay, population_shift, import or rule.",
    }),
    changed_at: time.nullable(),
  })
  .openapi("RfmScores");

const margin = z.object({ amount: z.number().int(), currency: z.string(), orders: count }).openapi({
  description: "What was earned on the orders of which every line has a known margin, and how many those are.",
});

/** A scored contact in a list. */
export const scoredContact = scores.extend({
  id: z.string(),
  external_id: z.string().nullable(),
  margin: margin.nullable(),
});

const share = { contacts: count, orders, revenue: money };
const cell = z.object({ cell: z.string(), r: score, f: score, m: score, segment: z.string(), ...share });

/** The matrix and its segments. */
export const summary = z
  .object({
    as_of: time.nullable().openapi({ description: "Null before the first run." }),
    run: z.enum(["live", "past"]),
    status: z.enum(["done", "running", "none"]),
    method: z
      .string()
      .openapi({ description: "What the scores were found by: small bases take B or D whatever was asked for." }),
    methods: z.object({ r: z.string(), f: z.string(), m: z.string() }).nullable(),
    customers: count,
    segments: z.array(z.object({ key: z.string(), name: z.string(), ...share, margin: margin.nullable() })),
    cells: z.array(cell).openapi({ description: "Cells that somebody is in, by segment." }),
    unpriced: z.array(z.object({ currency: z.string(), orders: count })).openapi({
      description: "Orders without an exchange rate at their time: they count as orders and are no revenue.",
    }),
  })
  .openapi("Rfm");

/** Shows a score; `recency` is in days. */
export function showScores(row: ScoreRow, recency: number, currency: string): z.output<typeof scores> {
  const { orders: frequency, monetary, r, f, m, segment, name, cause, changedAt } = row;
  return {
    recency_days: recency,
    frequency,
    monetary: { amount: monetary, currency },
    r,
    f,
    m,
    segment: name,
    segment_key: segment,
    cause,
    changed_at: timeText(changedAt),
  };
}

export function showMargin(found: Margin | undefined, currency: string): z.output<typeof margin> | null {
  return found ? { amount: found.margin, currency, orders: found.orders } : null;
}

/** The cells of a matrix. */
export function showCells(
  rows: readonly MatrixRow[],
  names: ReadonlyMap<string, string>,
  currency: string,
): z.output<typeof cell>[] {
  return rows.map(({ segment, cell: number, contacts, orders: count, revenue: amount }) => ({
    cell: String(number),
    r: Math.floor(number / 100),
    f: Math.floor(number / 10) % 10,
    m: number % 10,
    segment: names.get(segment) ?? segment,
    contacts,
    orders: count,
    revenue: { amount, currency },
  }));
}

/** Every segment of a map, best first, with what its cells come to. */
export function showSegments(rows: readonly MatrixRow[], names: ReadonlyMap<string, string>, currency: string) {
  const sums = addUp(rows, (index) => rows[index]?.segment ?? "");
  return [...names].map(([key, name]) => {
    const { contacts = 0, orders: count = 0, revenue: amount = 0 } = sums.get(key) ?? {};
    return { key, name, contacts, orders: count, revenue: { amount, currency } };
  });
}
