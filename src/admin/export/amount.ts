import { decimalsOf, decimalText, unitPriceText } from "../../shared/money";

/** Minor units as a decimal in major units: 1990 of EUR is 19.90. */
export function decimal(minor: number | null, currency: string): string | null {
  return minor === null ? null : decimalText(minor, currency);
}

/** A unit price in ten-thousandths of the major unit, with as many decimals as it needs and those of its currency. */
export function unitPrice(price: number, currency: string): string {
  const [whole = "0", fraction = ""] = unitPriceText(price).split(".");
  const shown = fraction.padEnd(decimalsOf(currency), "0");
  return shown === "" ? whole : `${whole}.${shown}`;
}
