/** Points that were earned at once and run out at once. Times are epoch ms. */
export interface Lot {
  /** That of the movement which made it. */
  readonly id: string;
  /** As earned. */
  readonly points: number;
  readonly left: number;
  /** Taken back because the order was cancelled or refunded. */
  readonly returned: number;
  readonly earnedAt: number;
  /** Null for points that never run out. */
  readonly expiresAt: number | null;
  /** What earned it, where an order did. */
  readonly order: string | null;
  /** Net value of the order when it earned, minor units. */
  readonly base: number;
  /** Row of the contact that the lot came to, where that was merged into this one. */
  readonly origin?: number | undefined;
}

/** What a withdrawal from lots did. `missing` could not be taken: an account never goes below zero. */
export interface Taken {
  readonly lots: readonly Lot[];
  readonly taken: number;
  readonly missing: number;
}

/** Points that can be spent at `at`: an account is its lots. */
export function pointsOf(lots: readonly Lot[], at: number): number {
  return lots.reduce((sum, lot) => sum + (isLive(lot, at) ? lot.left : 0), 0);
}

function isLive(lot: Lot, at: number): boolean {
  return lot.left > 0 && (lot.expiresAt === null || lot.expiresAt > at);
}

/** Takes points from the lots that are not run out at `at`, first in, first out. */
export function spend(lots: readonly Lot[], points: number, at: number): Taken {
  let open = points;
  const left = new Map<Lot, number>();
  for (const lot of firstIn(lots)) {
    if (open === 0) break;
    if (!isLive(lot, at)) continue;
    const taken = Math.min(lot.left, open);
    left.set(lot, lot.left - taken);
    open -= taken;
  }
  return { lots: withLeft(lots, left), taken: points - open, missing: open };
}

/**
 * Takes points of one lot back: from itself first, and what was spent of it from the other live lots, so that nobody
 * keeps by spending what a returned order earned.
 */
export function takeBack(lots: readonly Lot[], lot: Lot, points: number, at: number): Taken {
  const own = lots.find((one) => lotKey(one) === lotKey(lot));
  if (!own) return { lots, taken: 0, missing: points };
  const first = Math.min(own.left, points);
  const after = { ...own, left: own.left - first, returned: own.returned + points };
  const rest = spend(
    lots.map((one) => (one === own ? after : one)),
    points - first,
    at,
  );
  return { ...rest, taken: first + rest.taken };
}

/** What tells a lot from every other of an account: people who were merged may have lots of one id. */
export function lotKey({ id, origin }: Lot): string {
  return `${origin ?? ""}|${id}`;
}

/** How many points of a lot have to go now that its order is worth `net` (minor units), pro rata, rounded down. */
export function owedBack(lot: Lot, net: number): number {
  const kept = lot.base > 0 ? Math.floor((lot.points * Math.max(0, Math.min(net, lot.base))) / lot.base) : 0;
  return Math.max(0, lot.points - lot.returned - kept);
}

function firstIn(lots: readonly Lot[]): Lot[] {
  return [...lots].sort((one, other) => one.earnedAt - other.earnedAt || (one.id < other.id ? -1 : 1));
}

function withLeft(lots: readonly Lot[], left: ReadonlyMap<Lot, number>): readonly Lot[] {
  return lots.map((lot) => {
    const now = left.get(lot);
    return now === undefined ? lot : { ...lot, left: now };
  });
}
