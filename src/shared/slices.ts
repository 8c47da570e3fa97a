/**
 * Characters of one text that a database is handed: D1 and the objects' own take two megabytes as one value, and a
 * character may be three bytes.
 */
export const TEXT_SIZE = 600_000;

/** Items in their order, cut into slices of `most` at most by their sizes; an item that is larger stands alone. */
export function slices<Item>(items: readonly Item[], sizeOf: (item: Item) => number, most = TEXT_SIZE): Item[][] {
  const cut: Item[][] = [];
  let left = 0;
  for (const item of items) {
    const size = sizeOf(item);
    if (size > left || cut.length === 0) {
      cut.push([]);
      left = most;
    }
    cut.at(-1)?.push(item);
    left -= size;
  }
  return cut;
}
