const PLACES = 10;

/** A decimal text or number in units of 10^-10; null where it is neither. */
function scaled(value: unknown): bigint | null {
  const text = typeof value === "number" && Number.isFinite(value) ? value.toFixed(PLACES) : value;
  if (typeof text !== "string") return null;
  const match = /^(-?)(\d{1,15})(?:\.(\d{0,20}))?$/.exec(text.trim());
  if (!match) return null;
  const units = BigInt((match[2] ?? "0") + (match[3] ?? "").slice(0, PLACES).padEnd(PLACES, "0"));
  return match[1] === "-" ? -units : units;
}

function textOf(units: bigint): string {
  const digits = (units < 0n ? -units : units).toString().padStart(PLACES + 1, "0");
  const fraction = digits.slice(-PLACES).replace(/0+$/, "");
  const text = digits.slice(0, -PLACES) + (fraction === "" ? "" : `.${fraction}`);
  return units < 0n ? `-${text}` : text;
}

/** The exact sum of decimals ("12.30", "-0.10", 4), as text; null where one of them is no decimal. */
export function sumOf(values: readonly unknown[]): string | null {
  let sum = 0n;
  for (const value of values) {
    const units = scaled(value);
    if (units === null) return null;
    sum += units;
  }
  return textOf(sum);
}

/** A decimal with its sign turned, as text; null where it is none. */
export function negated(value: unknown): string | null {
  const units = scaled(value);
  return units === null ? null : textOf(-units);
}

/** A decimal divided by a whole number, as text, half up at the tenth place; null where that cannot be. */
export function dividedBy(value: unknown, divisor: number): string | null {
  const units = scaled(value);
  if (units === null || !Number.isInteger(divisor) || divisor <= 0) return null;
  const by = BigInt(divisor);
  const half = units < 0n ? -by : by;
  return textOf((units * 2n + half) / (by * 2n));
}

/** Whether a decimal is more than nothing. */
export function isPositive(value: unknown): boolean {
  return (scaled(value) ?? 0n) > 0n;
}
