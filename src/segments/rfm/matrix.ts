import { cellIndex } from "./cell";
import type { Days } from "./days";
import type { RfmMap } from "./map";
import type { Axis } from "./methods";
import type { Rulers } from "./rulers";
import { momentsOf, scoresAt, zeroOf } from "./rulers";
import { segmentOf } from "./segment";

/** The figures of everybody, each in the same order: last order (epoch ms), orders, money in minor units. */
export type FiguresOfAll = Readonly<Record<Axis, Float64Array>>;

/** One cell of the matrix: money in minor units of the shop's currency. */
export interface MatrixRow {
  readonly segment: string;
  /** `r * 100 + f * 10 + m`. */
  readonly cell: number;
  readonly contacts: number;
  readonly orders: number;
  readonly revenue: number;
}

/** The matrix that figures come to by bounds: what the database would add up of the scores, in a third of the time. */
export function matrixOf(figures: FiguresOfAll, rulers: Rulers, map: RfmMap, days: Days, today: number): MatrixRow[] {
  const moments = momentsOf(rulers.r, zeroOf(rulers, today), days);
  const rows: { segment: string; cell: number; contacts: number; orders: number; revenue: number }[] = [];
  for (let index = 0; index < figures.r.length; index++) {
    const orders = figures.f[index] ?? 0;
    const monetary = figures.m[index] ?? 0;
    const scores = scoresAt(rulers, moments, figures.r[index] ?? 0, orders, monetary);
    // Whoever ordered once may be in another segment of the same cell.
    const place = cellIndex(scores) * 2 + (orders <= 1 ? 1 : 0);
    let row = rows[place];
    if (!row) {
      const { r, f, m } = scores;
      const segment = segmentOf(map, scores, orders, rulers.plan.most);
      row = { segment, cell: r * 100 + f * 10 + m, contacts: 0, orders: 0, revenue: 0 };
      rows[place] = row;
    }
    row.contacts += 1;
    row.orders += orders;
    row.revenue += monetary;
  }
  return joined(Object.values(rows));
}

/** Rows of one segment and cell as one. */
function joined(rows: readonly MatrixRow[]): MatrixRow[] {
  const all = new Map<string, MatrixRow>();
  for (const row of rows) {
    const key = `${row.segment} ${row.cell}`;
    const { contacts = 0, orders = 0, revenue = 0 } = all.get(key) ?? {};
    all.set(key, {
      ...row,
      contacts: contacts + row.contacts,
      orders: orders + row.orders,
      revenue: revenue + row.revenue,
    });
  }
  return [...all.values()];
}
