/** A page of a list that was read with one row more than the page holds, and where the next page begins, if there is one. */
export function cutPage<Row, Place>(
  rows: readonly Row[],
  size: number,
  placeOf: (last: Row) => Place,
): { readonly shown: readonly Row[]; readonly next: Place | null } {
  const shown = rows.slice(0, size);
  const last = rows.length > size ? shown.at(-1) : undefined;
  return { shown, next: last === undefined ? null : placeOf(last) };
}
