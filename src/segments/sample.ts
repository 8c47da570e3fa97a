/** 2^31 - 1, a prime: the product of two numbers below it fits into the 64 bits of SQLite's integers. */
const PRIME = 2_147_483_647;
const FACTOR = 48_271;

/** A number of a text, so that each sample is one of its own. */
function seedNumber(seed: string): number {
  let hash = 0;
  for (const letter of seed) hash = (hash * 131 + (letter.codePointAt(0) ?? 0)) % PRIME;
  return hash;
}

/**
 * A place from 0 to 2^31 - 2 for a contact's row, by a seed. The fifth power is a permutation of the numbers below this
 * prime, so places are even, and near rows have places far from each other.
 */
export function placeOf(row: number, seed: string): number {
  const prime = BigInt(PRIME);
  const start = (BigInt(row) * BigInt(FACTOR) + BigInt(seedNumber(seed))) % prime;
  const square = (start * start) % prime;
  return Number((((square * square) % prime) * start) % prime);
}

/** The same as SQL; `row` is an expression for the row id. */
export function placeSql(row: string, seed: string): string {
  const start = `((${row} * ${FACTOR} + ${seedNumber(seed)}) % ${PRIME})`;
  const square = `((${start} * ${start}) % ${PRIME})`;
  return `((((${square} * ${square}) % ${PRIME}) * ${start}) % ${PRIME})`;
}

/** The first place behind so many percent of all, in hundredths of a percent. */
export function placesOf(percent: number): number {
  return Math.floor((PRIME * Math.round(percent * 100)) / 10_000);
}
