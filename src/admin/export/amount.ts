import { decimalsOf } from "../../shared/money";

/** Minor units as a decimal in major units, digit by digit: 1990 of EUR is 19.90. */
export function decimal(minor: number | null, currency: string): string | null {
  return minor === null ? null : pointed(minor, decimalsOf(currency));
}

/** A unit price in ten-thousandths of the major unit, with as many decimals as it needs and those of its currency. */
export function unitPrice(price: number, currency: string): string {
  const least = decimalsOf(currency);
  const text = pointed(price, 4);
  const cut = text.replace(/0+$/, "");
  const [whole = "0", fraction = ""] = cut.split(".");
  const shown = fraction.padEnd(least, "0");
  return shown === "" ? whole : `${whole}.${shown}`;
}

function pointed(units: number, decimals: number): string {
  const sign = units < 0 ? "-" : "";
  const digits = String(Math.abs(units)).padStart(decimals + 1, "0");
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
