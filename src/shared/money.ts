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

/** The same where a price may be less than nothing ("-11062.06"), as some shops book what they write off. */
export function parseSignedUnitPrice(value: unknown, currency: string): number | null {
  if (typeof value !== "string" || !value.startsWith("-")) return parseUnitPrice(value, currency);
  const price = parseUnitPrice(value.slice(1), currency);
  return price === null || price === 0 ? price : -price;
}

/** A unit price in minor units, half up (away from zero), as a message shows it. */
export function minorPrice(unitPrice: number, currency: string): number {
  const price = lineTotal(Math.abs(unitPrice), 1, currency);
  return unitPrice < 0 && price > 0 ? -price : price;
}

/** What a line comes to in minor units, half up, of a unit price in ten-thousandths of the major unit. */
export function lineTotal(unitPrice: number, quantity: number, currency: string): number {
  const places = UNIT_DECIMALS - decimalsOf(currency);
  const exact = unitPrice * quantity;
  // Many times faster, and exact as long as the numbers are far from the end of what a double tells apart.
  if (Math.abs(exact) <= 1e12) return Math.floor((exact * 2 + 10 ** places) / (2 * 10 ** places));
  const divisor = 10n ** BigInt(places);
  return Number((BigInt(unitPrice) * BigInt(quantity) * 2n + divisor) / (divisor * 2n));
}

/** Minor units as a decimal in major units, as `parseMajor` reads it back. */
export function decimalText(amount: number, currency: string): string {
  return inDecimals(amount, decimalsOf(currency));
}

/** Ten-thousandths of the major unit as a decimal without needless zeros, as `parseSignedUnitPrice` reads it back. */
export function unitPriceText(unitPrice: number): string {
  return inDecimals(unitPrice, UNIT_DECIMALS).replace(/\.?0+$/, "");
}

function inDecimals(amount: number, decimals: number): string {
  if (decimals === 0) return String(amount);
  const digits = String(Math.abs(amount)).padStart(decimals + 1, "0");
  const point = digits.length - decimals;
  return `${amount < 0 ? "-" : ""}${digits.slice(0, point)}.${digits.slice(point)}`;
}

function parseDecimal(value: unknown, decimals: number, most: bigint): number | null {
  if (typeof value === "number") {
    if (!Number.isFinite(value) || Object.is(value, -0) || value < 0 || value > 1e12) return null;
    return parseDecimal(plainText(value), decimals, most);
  }
  if (typeof value !== "string") return null;
  const match = /^(\d{1,15})(?:\.(\d{1,20}))?$/.exec(value);
  if (!match) return null;
  const fraction = (match[2] ?? "").padEnd(decimals + 1, "0");
  const digits = (match[1] ?? "0") + fraction.slice(0, decimals);
  if (digits.length < 16) {
    const plain = Number(digits) + ((fraction[decimals] ?? "0") >= "5" ? 1 : 0);
    return plain <= Number(most) ? plain : null;
  }
  let units = BigInt(digits);
  if ((fraction[decimals] ?? "0") >= "5") units += 1n;
  return units <= most ? Number(units) : null;
}

function plainText(value: number): string {
  const text = String(value);
  return text.includes("e") ? value.toFixed(10) : text;
}
