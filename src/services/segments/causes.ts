import type { Touched } from "../../events/touched";
import type { Difference } from "../../segments/member-store";
import { selectSaid } from "../../segments/member-store";
import type { Progress } from "../../segments/progress-store";
import type { Cause, Look } from "../../segments/transition";
import { isSilent } from "../../segments/transition";
import { DAY, MINUTE } from "../../shared/clock";
import type { LiveFamily } from "./families";

/** Moments are asked about together that lie as near to each other, or farther apart where it would be too many statements. */
const GRID = 10 * MINUTE;
const COARSEST = DAY;
const MOST_ASKED = 90;

/** What is known of the look at contacts. */
export interface Glance {
  /** Epoch ms. */
  readonly at: number;
  readonly lookOf: (contact: number) => Look;
  /** What happened to contacts, where something did. */
  readonly touched?: Touched;
  /** Since when families may have moved of which those that look at them have not heard; `at` where it is left out. */
  readonly since?: number;
}

/** A contact about which a family and its row do not agree, and why that is. */
export interface Case {
  readonly family: LiveFamily;
  readonly difference: Difference;
  readonly look: Look;
  /** Where it is known beside the look. */
  readonly cause: Cause | null;
}

/** A case that time alone may explain: if the family said the same as before still at `from`, and this already at `until`. */
interface Doubt extends Case {
  readonly span: { readonly from: number; readonly until: number } | null;
}

/**
 * Finds out why families say otherwise than rows do: see `src/README.md`. Contacts whose change the follower has not looked
 * at yet are left to it.
 */
export async function causesOf(
  db: D1Database,
  glance: Glance,
  progress: Progress,
  found: readonly (readonly [LiveFamily, Difference])[],
): Promise<Case[]> {
  const { doubts, asked } = doubtsOf(glance, progress, found, GRID);
  const said = await readSaid(db, asked);
  return doubts.map((doubt) => {
    const { family, difference, span } = doubt;
    if (!span) return doubt;
    const by = (at: number): string | null =>
      at === glance.at ? difference.to : (said.get(nameOf(family, at))?.get(difference.contact) ?? null);
    const isTime = by(span.from) === saidLast(difference) && by(span.until) === difference.to;
    return isTime ? { ...doubt, look: "time" } : doubt;
  });
}

function doubtsOf(
  glance: Glance,
  progress: Progress,
  found: readonly (readonly [LiveFamily, Difference])[],
  grid: number,
): { readonly doubts: readonly Doubt[]; readonly asked: Asked } {
  const doubts = found.flatMap(([family, difference]) => doubtOf(glance, progress, family, difference, grid) ?? []);
  const asked = askedOf(glance.at, doubts);
  const isFew = asked.size <= MOST_ASKED || grid >= COARSEST;
  return isFew ? { doubts, asked } : doubtsOf(glance, progress, found, grid * 2);
}

function doubtOf(
  glance: Glance,
  progress: Progress,
  family: LiveFamily,
  difference: Difference,
  grid: number,
): Doubt | null {
  const { contact, seq, to } = difference;
  const { pass, passAfter } = family.state;
  const known = { family, difference, cause: null, span: null };
  if (!difference.counts) return { ...known, look: "night" };
  if (pass !== null && contact > passAfter) return { ...known, look: pass };
  const look = glance.lookOf(contact);
  const isEvent = look === "act" || look === "import";
  if (!isEvent && seq > progress.followed) return null;
  const looked = lastLook(progress, family, difference);
  const first = isEvent ? firstTime(glance, contact, looked) : (glance.since ?? null);
  const cause = causeBefore(difference, first ?? glance.at) ?? difference.cause;
  if (cause !== null && isSilent(cause)) return { ...known, look: cause };
  // What was loaded is no act, whatever the family makes of it.
  if (cause === "act" && look === "import") return { ...known, look };
  if (cause !== null) return { ...known, look: look === "import" ? "act" : look, cause };
  if (!isEvent) return { ...known, look };
  // As it was seen before, and waits: nothing new.
  if (to === saidLast(difference)) return { ...known, look: "time" };
  return { ...known, look, span: spanOf(glance, progress, looked, first, grid) };
}

/** What the family said at the last look. */
function saidLast({ standing }: Difference): string | null {
  return standing?.fall ? standing.fall.to : (standing?.segment ?? null);
}

/** The last moment at which the contact was surely looked at in this family. */
function lastLook(progress: Progress, { state }: LiveFamily, { contact, standing, movedAt }: Difference): number {
  const { nightAt, nightBefore, nightAfter } = progress;
  const night = nightAfter === null || contact <= nightAfter ? nightAt : nightBefore;
  const fall = standing?.fall;
  return Math.max(night, state.passAt, standing?.since ?? 0, fall?.since ?? 0, fall?.night ?? 0, movedAt ?? 0);
}

/**
 * The first moment since the last look that what happened speaks of, null where it speaks of none; the last look itself
 * where it could be any.
 */
function firstTime({ touched, at }: Glance, contact: number, looked: number): number | null {
  const { times } = touched?.get(contact) ?? { times: null };
  if (times === null) return looked;
  const since = times.filter((time) => time > looked);
  return since.length === 0 ? null : Math.min(at, ...since);
}

/** Why a family moved that this one looks at. One silent move is enough for silence: who can tell which it was? */
function causeBefore({ before }: Difference, since: number): Cause | null {
  const causes = before.flatMap(([cause, at]) => (at >= since ? [cause] : []));
  const first = (test: (cause: Cause) => boolean): Cause | undefined => causes.find(test);
  return (
    first(isSilent) ?? first((one) => one === "population_shift") ?? first((one) => one === "act") ?? causes[0] ?? null
  );
}

/** From the last look to the moment before what happened, where there is anything between. */
function spanOf(
  { at }: Glance,
  { nightAt, nightBefore }: Progress,
  looked: number,
  first: number | null,
  grid: number,
): Doubt["span"] {
  const until = first === null ? at : Math.floor((first - 1) / grid) * grid;
  // Most were last looked at by a night; the others move a little towards each other.
  const from = looked === nightAt || looked === nightBefore ? looked : Math.ceil(looked / grid) * grid;
  return from < until ? { from, until } : null;
}

const nameOf = ({ key }: LiveFamily, at: number): string => `${key} ${at}`;

/** Contacts by the family and the moment that are asked about them. */
type Asked = ReadonlyMap<string, { readonly family: LiveFamily; readonly at: number; readonly contacts: number[] }>;

/** What is to be asked about other moments than `now`. */
function askedOf(now: number, doubts: readonly Doubt[]): Asked {
  const asked = new Map<string, { family: LiveFamily; at: number; contacts: number[] }>();
  for (const { family, difference, span } of doubts) {
    for (const at of span ? new Set([span.from, span.until]) : []) {
      if (at === now) continue;
      const one = asked.get(nameOf(family, at)) ?? { family, at, contacts: [] };
      one.contacts.push(difference.contact);
      asked.set(nameOf(family, at), one);
    }
  }
  return asked;
}

/** What families say of contacts, by family and moment, then by contact. */
async function readSaid(
  db: D1Database,
  asked: Asked,
): Promise<ReadonlyMap<string, ReadonlyMap<number, string | null>>> {
  if (asked.size === 0) return new Map();
  const read = await db.batch<{ contact: number; segment: string | null }>(
    [...asked.values()].map(({ family, at, contacts }) => selectSaid(db, family, contacts, at)),
  );
  return new Map(
    [...asked.keys()].map((name, index) => [
      name,
      new Map(read[index]?.results.map(({ contact, segment }) => [contact, segment])),
    ]),
  );
}
