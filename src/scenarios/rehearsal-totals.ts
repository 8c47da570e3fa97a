/** Counts by name. */
export type Counts = Record<string, number>;

/** What short messages come to: `price` in minor units of `currency` times 1,000, so that parts of a cent add up. */
export interface SmsTotals {
  messages: number;
  segments: number;
  milli: number;
  byCountry: Record<string, { messages: number; segments: number; milli: number }>;
}

/** How the scenario meets others that are live. */
export interface OverlapTotals {
  /** Messages of this scenario within a day of one that another sends to the same contact, and such contacts. */
  messages: number;
  contacts: number;
  /** The same by the other scenario's id. */
  by: Record<string, { messages: number; contacts: number }>;
  /** Entries that a run of another scenario of the group kept out, runs that gave way to one, and runs of others that gave way. */
  kept_out: number;
  gave_way: number;
  took_over: number;
}

export interface RehearsalTotals {
  /** Inactivity timers that opened, fired, and were closed by an order or an emptied cart. */
  opened: number;
  fired: number;
  converted: number;
  emptied: number;
  pending: number;
  entered: number;
  refused: Counts;
  outcomes: Counts;
  /** Messages by channel and day (UTC). */
  messages: Record<string, Counts>;
  /** What the gate held or suppressed, by reason. */
  withheld: Counts;
  /** The same by channel and day (UTC). */
  withheld_days: Record<string, Counts>;
  /** What runs would have had done beside messages, by kind: nothing of it was. */
  acts: Counts;
  sms: SmsTotals;
  overlap: OverlapTotals;
}

/** The totals of nothing. */
export function noTotals(): RehearsalTotals {
  return {
    opened: 0,
    fired: 0,
    converted: 0,
    emptied: 0,
    pending: 0,
    entered: 0,
    refused: {},
    outcomes: {},
    messages: {},
    withheld: {},
    withheld_days: {},
    acts: {},
    sms: { messages: 0, segments: 0, milli: 0, byCountry: {} },
    overlap: { messages: 0, contacts: 0, by: {}, kept_out: 0, gave_way: 0, took_over: 0 },
  };
}

/** One more of a kind. */
export function count(counts: Counts, key: string, by = 1): void {
  counts[key] = (counts[key] ?? 0) + by;
}

type Tree = { [name: string]: number | Tree };

/** Adds counts of the same form, place by place: what parts come to together. Names stand in the order of the alphabet. */
export function addUp<Form extends object>(one: Form, other: Form): Form {
  return added(one as Tree, other as Tree) as Form;
}

function added(one: Tree, other: Tree): Tree {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
  return Object.fromEntries(
    names.map((name): [string, number | Tree] => {
      const [left, right] = [one[name], other[name]];
      if (typeof left === "object" || typeof right === "object") {
        return [name, added((left ?? {}) as Tree, (right ?? {}) as Tree)];
      }
      return [name, (left ?? 0) + (right ?? 0)];
    }),
  );
}
