/** What a shop's statistics read in the address of a visit. None of it is about a person. */
export interface Utm {
  readonly source: string;
  readonly medium: string;
  readonly campaign: string;
  readonly content: string;
}

/**
 * A destination with these parameters, where it is a page of the shop (its host, or one below it). What it has of them
 * already stays: somebody meant it.
 */
export function withUtm(destination: string, utm: Utm, shopUrl: string): string {
  if (!isOfShop(destination, shopUrl)) return destination;
  const named = Object.entries<string>({ ...utm }).map(([name, value]) => [`utm_${name}`, value]);
  return withParameters(destination, Object.fromEntries(named) as Record<string, string>);
}

/** True for a page of the shop: of its host, or of one below it. */
export function isOfShop(destination: string, shopUrl: string): boolean {
  if (!URL.canParse(destination) || !URL.canParse(shopUrl)) return false;
  const { hostname } = new URL(destination);
  const host = new URL(shopUrl).hostname;
  return hostname === host || hostname.endsWith(`.${host.replace(/^www\./, "")}`);
}

/** An address with parameters; what it has of them already stays. */
export function withParameters(destination: string, parameters: Readonly<Record<string, string>>): string {
  const known = new URL(destination).searchParams;
  const missing = Object.entries(parameters).filter(([name]) => !known.has(name));
  if (missing.length === 0) return destination;
  const added = missing.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
  // Put in by hand: the parser would write the shop's own parameters in another way.
  const [address = "", ...fragment] = destination.split("#");
  const open = /[?&]$/.test(address) ? "" : "&";
  const mark = address.includes("?") ? open : "?";
  return [address + mark + added, ...fragment].join("#");
}
