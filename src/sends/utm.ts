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
  if (!URL.canParse(destination) || !URL.canParse(shopUrl)) return destination;
  const url = new URL(destination);
  const host = new URL(shopUrl).hostname;
  if (url.hostname !== host && !url.hostname.endsWith(`.${host.replace(/^www\./, "")}`)) return destination;
  const missing = Object.entries<string>({ ...utm }).filter(([name]) => !url.searchParams.has(`utm_${name}`));
  if (missing.length === 0) return destination;
  const added = missing.map(([name, value]) => `utm_${name}=${encodeURIComponent(value)}`).join("&");
  // Put in by hand: the parser would write the shop's own parameters in another way.
  const [address = "", ...fragment] = destination.split("#");
  const open = /[?&]$/.test(address) ? "" : "&";
  const mark = address.includes("?") ? open : "?";
  return [address + mark + added, ...fragment].join("#");
}
