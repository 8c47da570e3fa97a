const ZERO_DECIMALS = new Set([
  "BIF",
  "CLP",
  "DJF",
  "GNF",
  "ISK",
  "JPY",
  "KMF",
  "KRW",
  "PYG",
  "RWF",
  "UGX",
  "UYI",
  "VND",
  "VUV",
  "XAF",
  "XOF",
  "XPF",
]);
const THREE_DECIMALS = new Set(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]);

/** How many decimals a currency has (ISO 4217). */
export function decimalsOf(currency: string): number {
  if (ZERO_DECIMALS.has(currency)) return 0;
  return THREE_DECIMALS.has(currency) ? 3 : 2;
}

const MAXIMUM = 1_000_000_000n;
const UNIT_DECIMALS = 4;

/**
 * Minor units of a decimal amount in major units ("19.90", 19.9), digit by digit, half up.
 * Null when it is not a plain decimal from 0 to 10^9 minor units: signs, exponents, infinities, -0.
 */
export function parseMajor(value: unknown, currency: string): number | null {
  return parseDecimal(value, decimalsOf(currency), MAXIMUM);
}

/** A unit price in ten-thousandths of the major unit, read in the same way: finer than what can be paid. */
export function parseUnitPrice(value: unknown, currency: string): number | null {
  return parseDecimal(value, UNIT_DECIMALS, MAXIMUM * 10n ** BigInt(UNIT_DECIMALS - decimalsOf(currency)));
}

/** What a line comes to in minor units, half up, of a unit price in ten-thousandths of the major unit. */
export function lineTotal(unitPrice: number, quantity: number, currency: string): number {
  const divisor = 10n ** BigInt(UNIT_DECIMALS - decimalsOf(currency));
  return Number((BigInt(unitPrice) * BigInt(quantity) * 2n + divisor) / (divisor * 2n));
}

function parseDecimal(value: unknown, decimals: number, most: bigint): number | null {
  if (typeof value === "number") {
    if (!Number.isFinite(value) || Object.is(value, -0) || value < 0 || value > 1e12) return null;
    return parseDecimal(decimalText(value), decimals, most);
  }
  if (typeof value !== "string") return null;
  const match = /^(\d{1,15})(?:\.(\d{1,20}))?$/.exec(value);
  if (!match) return null;
  const fraction = (match[2] ?? "").padEnd(decimals + 1, "0");
  let units = BigInt((match[1] ?? "0") + fraction.slice(0, decimals));
  if ((fraction[decimals] ?? "0") >= "5") units += 1n;
  return units <= most ? Number(units) : null;
}

function decimalText(value: number): string {
  const text = String(value);
  return text.includes("e") ? value.toFixed(10) : text;
}
