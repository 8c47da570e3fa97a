import { HOUR } from "../shared/clock";

/** Why a contact moved. Only `act` and `decay` are told as events: nobody is written to because others moved. */
export const CAUSES = ["first", "act", "decay", "population_shift", "import", "rule"] as const;
export type Cause = (typeof CAUSES)[number];

/** What the event is called that tells of a move: `family`, `from`, `to` and `cause`. */
export const SEGMENT_CHANGED = "segment.changed";

/**
 * What made us look: a pass over everybody (first, rule, night), something that was loaded, or something that happened;
 * `time` where what was loaded or happened does not explain what is seen.
 */
export type Look = "first" | "rule" | "import" | "act" | "time" | "night";

/** Where a contact stands in a family. Times are epoch ms. */
export interface Standing {
  readonly segment: string;
  readonly since: number;
  readonly fall: Fall | null;
}

/** A fall that waits to be seen again: where to (null is out of the family), since when, and why. */
export interface Fall {
  readonly to: string | null;
  readonly since: number;
  readonly cause: Cause;
  /** When a night saw it first; null where none has yet. */
  readonly night: number | null;
}

/** What a family says of a contact now. */
export interface Evaluation {
  readonly to: string | null;
  /** Why, where the family itself knows. */
  readonly cause: Cause | null;
  readonly look: Look;
  readonly at: number;
}

export interface Move {
  readonly from: string | null;
  readonly to: string | null;
  readonly cause: Cause;
}

/** What becomes of a standing; null in its place is none, a move is left out where the contact stays. */
export interface Verdict {
  readonly standing: Standing | null;
  readonly move: Move | null;
}

/** Between the night that sees a fall first and the one that believes it; nights may be 23 hours apart. */
const FALL_WAIT = 20 * HOUR;

/** What holds at once, both ways, and is never told. */
export function isSilent(look: Look | Cause): look is "first" | "rule" | "import" {
  return look === "first" || look === "rule" || look === "import";
}

/**
 * What an evaluation changes; null for nothing. Who rises moves at once. Who falls does so when a second night sees it,
 * and nothing in between contradicted; out of the family by an act of their own, at once: who has ordered is no longer one
 * who has not. What is computed first, loaded, or defined anew holds at once, both ways. A fall by time is the nights' to see.
 *
 * @param ranks the family's segments, best first; none of them is below the last
 */
export function judge(
  ranks: readonly string[],
  standing: Standing | null,
  { to, cause, look, at }: Evaluation,
): Verdict | null {
  const from = standing?.segment ?? null;
  if (to === from) return standing?.fall ? { standing: { ...standing, fall: null }, move: null } : null;
  if (isSilent(look)) return moved(from, to, look, at);
  const why = cause ?? (look === "act" ? "act" : "decay");
  if (standing === null || rankOf(ranks, to) < rankOf(ranks, from)) return moved(from, to, why, at);
  if (look === "act" && why === "act" && to === null) return moved(from, to, why, at);
  return fallen(standing, { to, cause, look, at }, why);
}

function fallen(standing: Standing, { to, cause, look, at }: Evaluation, why: Cause): Verdict | null {
  const { fall, segment } = standing;
  const isNight = look === "night";
  if (look === "time" || (fall && !isNight)) return null;
  if (!fall || fall.night === null) {
    const noted = { ...(fall ?? { to, since: at, cause: why }), night: isNight ? at : null };
    return { standing: { ...standing, fall: noted }, move: null };
  }
  return at - fall.night < FALL_WAIT ? null : moved(segment, to, cause ?? fall.cause, at);
}

function moved(from: string | null, to: string | null, cause: Cause, at: number): Verdict {
  return { standing: to === null ? null : { segment: to, since: at, fall: null }, move: { from, to, cause } };
}

function rankOf(ranks: readonly string[], segment: string | null): number {
  const rank = segment === null ? -1 : ranks.indexOf(segment);
  // A segment that the definition no longer has is as low as none.
  return rank < 0 ? ranks.length : rank;
}

/** A move that is to be told, or was. `at` is the move that gave it its name, `due` when it may be told, epoch ms. */
export interface News extends Move {
  readonly at: number;
  readonly due: number;
  readonly toldAt: number | null;
}

const TOLD: ReadonlySet<Cause> = new Set(["act", "decay"]);
/** A contact of whom something was told is left alone for as long, in this family. */
export const DEBOUNCE = 24 * HOUR;

/**
 * What there is to tell after a move: what waits and what moved become one, from where the one began to where the other
 * ended; back where it began there is nothing to tell. What was told stays as it is where there is nothing new. What waits
 * goes along with a move of which nothing is told: the contact did leave where it began. New rules end it.
 *
 * @param last what waits, or was told last
 */
export function newsAfter(last: News | null, move: Move, at: number): News | null {
  const waits = last !== null && last.toldAt === null;
  const from = waits ? last.from : move.from;
  const isTold = TOLD.has(move.cause);
  if (from === move.to || (waits && isRule(move.cause))) return waits ? restOf(last, at) : last;
  if (!isTold) return waits ? { ...last, to: move.to, at } : last;
  const due = waits ? last.due : Math.max(at, (last?.toldAt ?? Number.NEGATIVE_INFINITY) + DEBOUNCE);
  return { from, to: move.to, cause: move.cause, at, due, toldAt: null };
}

function isRule(cause: Cause): boolean {
  return cause === "first" || cause === "rule";
}

/** What is left of what waited and is true no more: for how long the next one waits. */
function restOf(waiting: News, at: number): News | null {
  return waiting.due > at ? { ...waiting, toldAt: waiting.due - DEBOUNCE } : null;
}
