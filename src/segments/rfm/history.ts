/** What a segment or a cell comes to. Money in minor units of the shop's currency. */
export interface Share {
  readonly contacts: number;
  readonly orders: number;
  readonly revenue: number;
}

interface Written extends Share {
  readonly segment: string;
  readonly cell: number;
  readonly day: string;
}

/** The matrix of one day. */
export interface DayOfMatrix {
  readonly day: string;
  readonly cells: readonly (Share & { readonly segment: string; readonly cell: number })[];
}

/**
 * The matrix of every day from `from` on that something was written on, and of `from` itself where something was before:
 * what is not written anew stays as it was. Rows are in the order of their days.
 */
export function matrixByDay(rows: readonly Written[], from: string): DayOfMatrix[] {
  const cells = new Map<string, Written>();
  const shown = (day: string): DayOfMatrix => ({
    day,
    cells: [...cells.values()].filter(({ contacts }) => contacts > 0).map(({ day: _day, ...cell }) => cell),
  });
  const days: DayOfMatrix[] = [];
  for (const [day, changed] of Map.groupBy(rows, (row) => row.day)) {
    if (day > from && days.length === 0 && cells.size > 0) days.push(shown(from));
    for (const row of changed) cells.set(`${row.segment} ${row.cell}`, row);
    if (day >= from) days.push(shown(day));
  }
  if (days.length === 0 && cells.size > 0) days.push(shown(from));
  return days;
}

/** Shares added up by a key. */
export function addUp<Key>(rows: readonly Share[], keyOf: (index: number) => Key): Map<Key, Share> {
  const sums = new Map<Key, Share>();
  for (const [index, row] of rows.entries()) {
    const key = keyOf(index);
    const sum = sums.get(key) ?? { contacts: 0, orders: 0, revenue: 0 };
    sums.set(key, {
      contacts: sum.contacts + row.contacts,
      orders: sum.orders + row.orders,
      revenue: sum.revenue + row.revenue,
    });
  }
  return sums;
}
