/** The parameter by which the shop's own pages learn of which message's link a visitor came. */
export const MID = "mid";

/** The `mid` of an address that somebody came by, or of the path of one; null where it has none. */
export function midIn(address: string): string | null {
  const base = "https://shop.invalid";
  return URL.canParse(address, base) ? new URL(address, base).searchParams.get(MID) : null;
}
