import { isbot } from "isbot";
import { DAY, SECOND } from "../shared/clock";

/**
 * Why an act counts as a machine's. `head`, `agent`, `prefetch`: by the request itself. `proxy`: a mail provider that
 * loads pictures for its users (Apple, Gmail, Yahoo). `early`: before a person could have seen the message. `trap`: the
 * link that nobody sees was followed as well. `network`: from where mail is looked through and nobody reads. `burst`: more links at once than anybody opens.
 */
export type Sign = "head" | "agent" | "network" | "prefetch" | "proxy" | "early" | "trap" | "burst";

/** What was followed or loaded of a message before: the first time of each place. Epoch ms. */
export interface Hit {
  readonly place: string;
  readonly at: number;
  /** Null for a person's. */
  readonly machine: Sign | null;
}

/** One request for a link or picture of a message. */
export interface Act {
  readonly place: string;
  readonly at: number;
  readonly method: string;
  readonly agent: string | null;
  /** What the request says of its own purpose. */
  readonly purpose: string;
  /** Whose network the request comes from; null where nobody says. */
  readonly network: string | null;
}

/** What an act is judged by beside itself. */
export interface Known {
  /** When the message was delivered, or given to its provider; epoch ms. */
  readonly deliveredAt: number;
  readonly hits: readonly Hit[];
  /** How many links the message has. */
  readonly links: number;
}

export const OPEN = "open";
/** The link that nobody sees. */
export const TRAPPED = "trap";

/** Sooner after its delivery nobody has read a message. */
export const EARLY = 5 * SECOND;
/** A provider that tells of a delivery any later tells of no click's. */
const LATEST_WORD = DAY;
/**
 * So long around it the trap speaks for everything: who was caught does not spoil what a person does later. Scenarios wait
 * longer than that before anything moves by a click (`SETTLED_AFTER`, `scenarios/signal.ts`); a test holds the two together.
 */
export const TAINT = 60 * SECOND;
const BURST = 10 * SECOND;
const FLASH = 3 * SECOND;
/** Pages that somebody opens one beside the other, at the most, within a flash. */
const OPENED_BESIDE = 2;

// Apple's privacy proxy gives this name and nothing more; the others name themselves.
const PROXY = /^Mozilla\/5\.0$|GoogleImageProxy|YahooMailProxy/i;
// Houses that look through mail and do nothing else: those through whose proxies people browse as well are not among them.
const SCANNERS =
  /\b(?:proofpoint|mimecast|barracuda networks|messagelabs|ironport|hornetsecurity|vade ?secure|retarus)\b/i;
const PREFETCH = /prefetch|prerender|preview/i;

/** Why an act is no person's; null where nothing speaks against one. */
export function signOf(act: Act, known: Known): Sign | null {
  if (act.method === "HEAD" || isAskedFirst(act, known.hits)) return "head";
  if (act.place === OPEN && PROXY.test(act.agent ?? "")) return "proxy";
  if (!act.agent || isbot(act.agent)) return "agent";
  if (SCANNERS.test(act.network ?? "")) return "network";
  if (PREFETCH.test(act.purpose)) return "prefetch";
  if (act.at - known.deliveredAt < EARLY) return "early";
  if (act.place === TRAPPED) return "trap";
  if (act.place === OPEN) return null;
  return foundIn([...known.hits, { place: act.place, at: act.at, machine: null }], act.at, known.links)?.sign ?? null;
}

/** Whoever asks for the head of a page before its body is a program, at the second time as at the first. */
function isAskedFirst({ place, at }: Act, hits: readonly Hit[]): boolean {
  return hits.some((hit) => hit.place === place && hit.machine === "head" && Math.abs(hit.at - at) <= TAINT);
}

/** What was found out about the acts of a time. */
export interface Finding {
  readonly sign: Sign;
  /** From then until then, epoch ms, nobody has clicked. */
  readonly from: number;
  readonly until: number;
}

/** What the provider's word, that a message was delivered just then, says about what was followed of it. */
export function foundEarly(hits: readonly Hit[], deliveredAt: number): Finding | null {
  const found = { sign: "early", from: deliveredAt - LATEST_WORD, until: deliveredAt + EARLY - 1 } as const;
  return hits.some((hit) => isTaken(hit, found)) ? found : null;
}

/** A person's act that turns out to be none. */
export function isTaken({ machine, at }: Hit, { from, until }: Finding): boolean {
  return machine === null && at >= from && at <= until;
}

/** Whether what was followed around a moment shows that a machine went through the message; `hits` holds all of it. */
export function foundIn(hits: readonly Hit[], at: number, links: number): Finding | null {
  const trap = hits.find((hit) => hit.place === TRAPPED && Math.abs(hit.at - at) <= TAINT);
  if (trap) return { sign: "trap", from: trap.at - TAINT, until: trap.at + TAINT };
  const clicks = hits.filter(({ place }) => place !== OPEN && place !== TRAPPED);
  const within = (time: number): number =>
    new Set(clicks.filter((hit) => Math.abs(hit.at - at) <= time).map(({ place }) => place)).size;
  const isAll = links > 1 && within(BURST) >= links;
  if (!isAll && within(FLASH) <= OPENED_BESIDE) return null;
  return { sign: "burst", from: at - BURST, until: at + BURST };
}
