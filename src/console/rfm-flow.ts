import type { FlowRow } from "../admin/segment-store";
import type { DayOfMatrix } from "../segments/rfm/history";
import { segmentShares } from "./rfm-matrix";

/** How many came from one segment to another, and why; null is none. */
export interface Move {
  readonly from: string | null;
  readonly to: string | null;
  readonly contacts: number;
  readonly causes: readonly { readonly cause: FlowRow["cause"]; readonly contacts: number }[];
}

/** Moves between two segments as one, most of them first. First computations move nobody. */
export function movesOf(rows: readonly FlowRow[]): Move[] {
  const told = rows.filter(({ cause }) => cause !== "first");
  return [...Map.groupBy(told, ({ from, to }) => JSON.stringify([from, to])).values()]
    .map((some) => ({
      from: some[0]?.from || null,
      to: some[0]?.to || null,
      contacts: some.reduce((sum, { contacts }) => sum + contacts, 0),
      causes: some.map(({ cause, contacts }) => ({ cause, contacts })),
    }))
    .sort((one, other) => other.contacts - one.contacts);
}

/** Whether a move is to a better or a worse segment of `order`, best first; neither where one of them is not in it. */
export function directionOf(
  { from, to }: Pick<Move, "from" | "to">,
  order: readonly string[],
): "up" | "down" | "other" {
  const [before, after] = [from, to].map((key) => (key === null ? -1 : order.indexOf(key)));
  if (before === undefined || after === undefined || before < 0 || after < 0) return "other";
  return after < before ? "up" : "down";
}

/** A band of an alluvial picture, between the heights where it leaves and where it comes in. */
export interface Band {
  readonly move: Move;
  readonly left: number;
  readonly right: number;
  readonly height: number;
}

/** A segment on one side of the picture. */
export interface Stop {
  readonly key: string | null;
  readonly contacts: number;
  readonly top: number;
  readonly height: number;
}

export interface Alluvial {
  readonly height: number;
  readonly left: readonly Stop[];
  readonly right: readonly Stop[];
  readonly bands: readonly Band[];
}

/** Room for the name of a segment, however few moved. */
const LEAST = 18;
const GAP = 8;

/**
 * Places moves between two columns of segments.
 *
 * @param order keys, best first; none comes last
 * @param room the height that all moves together take
 */
export function alluvialOf(moves: readonly Move[], order: readonly string[], room: number): Alluvial {
  const whole = moves.reduce((sum, { contacts }) => sum + contacts, 0);
  const scale = room / Math.max(1, whole);
  const rank = (key: string | null): number =>
    key === null || !order.includes(key) ? order.length : order.indexOf(key);
  const left = stopsOf(moves, "from", rank, scale);
  const right = stopsOf(moves, "to", rank, scale);
  const used = { from: new Map<string | null, number>(), to: new Map<string | null, number>() };
  const place = (side: "from" | "to", stops: readonly Stop[], { [side]: key, contacts }: Move): number => {
    const before = used[side].get(key) ?? 0;
    used[side].set(key, before + contacts * scale);
    return (stops.find((stop) => stop.key === key)?.top ?? 0) + before;
  };
  const bands = moves
    .toSorted((one, other) => rank(one.from) - rank(other.from) || rank(one.to) - rank(other.to))
    .map((move) => ({
      move,
      left: place("from", left, move),
      right: place("to", right, move),
      height: move.contacts * scale,
    }));
  const bottom = (stops: readonly Stop[]): number => Math.max(0, ...stops.map(({ top, height }) => top + height));
  return { height: Math.max(bottom(left), bottom(right)), left, right, bands };
}

function stopsOf(
  moves: readonly Move[],
  side: "from" | "to",
  rank: (key: string | null) => number,
  scale: number,
): Stop[] {
  const groups = Map.groupBy(moves, (move) => move[side]);
  let top = 0;
  return [...groups]
    .sort(([one], [other]) => rank(one) - rank(other))
    .map(([key, some]) => {
      const contacts = some.reduce((sum, move) => sum + move.contacts, 0);
      const height = Math.max(LEAST, contacts * scale);
      const stop = { key, contacts, top, height };
      top += height + GAP;
      return stop;
    });
}

/** The size of a segment from day to day (the shop's calendar, `2026-11-22`), on days on which the matrix changed. */
export interface SizeLine {
  readonly key: string;
  readonly points: readonly { readonly day: string; readonly contacts: number }[];
}

export function sizeLines(days: readonly DayOfMatrix[], names: ReadonlyMap<string, string>): SizeLine[] {
  const shares = days.map(({ day, cells }) => ({ day, sums: segmentShares(cells, names) }));
  const keys = new Set([...names.keys(), ...shares.flatMap(({ sums }) => [...sums.keys()])]);
  return [...keys].map((key) => ({
    key,
    points: shares.map(({ day, sums }) => ({ day, contacts: sums.get(key)?.contacts ?? 0 })),
  }));
}
