import { isOfShop } from "./own-address";

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
  const { source, medium, campaign, content } = utm;
  const question = [destination, source, medium, campaign, content, shopUrl].join(" ");
  const known = told.get(question);
  if (known !== undefined) return known;
  if (told.size >= MOST_TOLD) told.clear();
  const answer = tagged(destination, utm, shopUrl);
  told.set(question, answer);
  return answer;
}

/** Addresses that were tagged lately: the letters of a campaign lead to the same few, and to parse an address four times for each costs a tenth of a letter. */
const told = new Map<string, string>();
const MOST_TOLD = 500;

function tagged(destination: string, utm: Utm, shopUrl: string): string {
  if (!isOfShop(destination, shopUrl)) return destination;
  const named = Object.entries<string>({ ...utm }).map(([name, value]) => [`utm_${name}`, value]);
  return withParameters(destination, Object.fromEntries(named) as Record<string, string>);
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
