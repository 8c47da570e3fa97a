import type { MessageCount, RunCount } from "./run-store";

/** The messages of one block by what became of them: `decided` is the sum of the five that follow. */
export interface BlockFunnel {
  readonly block: string;
  readonly channel: string;
  decided: number;
  sent: number;
  /** By the gate, or by the last look before the provider. */
  suppressed: number;
  failed: number;
  /** Perhaps accepted by the provider; never repeated by itself. */
  unknown: number;
  /** Held by the gate, queued or on its way. */
  pending: number;
  /** Of the messages that have not left. */
  readonly reasons: Record<string, number>;
}

/** What became of everybody who came to a scenario, and of every message. */
export interface Funnel {
  entered: number;
  running: number;
  outcomes: Record<string, number>;
  refused: Record<string, number>;
  blocks: BlockFunnel[];
}

type Fate = "sent" | "suppressed" | "failed" | "unknown" | "pending";

const FATES: Readonly<Record<string, Fate>> = {
  sent: "sent",
  suppressed: "suppressed",
  failed: "failed",
  unknown: "unknown",
  queued: "pending",
  claimed: "pending",
};

/** How a message stands: what its send came to, or what the gate said where there is none. */
function fateOf({ decision, state }: MessageCount): Fate {
  if (state !== null) return FATES[state] ?? "pending";
  return decision === "suppressed" ? "suppressed" : "pending";
}

/** Adds the counts up. Every decided message is in exactly one of the five fates. */
export function funnelOf(runs: readonly RunCount[], messages: readonly MessageCount[]): Funnel {
  const entered = runs.filter(({ outcome }) => outcome !== "refused");
  const blocks = new Map<string, BlockFunnel>();
  for (const row of messages) {
    const key = `${row.block} ${row.channel}`;
    const empty = { decided: 0, sent: 0, suppressed: 0, failed: 0, unknown: 0, pending: 0, reasons: {} };
    const known: BlockFunnel = blocks.get(key) ?? { block: row.block, channel: row.channel, ...empty };
    const fate = fateOf(row);
    known.decided += row.count;
    known[fate] += row.count;
    if (fate !== "sent") known.reasons[row.reason] = (known.reasons[row.reason] ?? 0) + row.count;
    blocks.set(key, known);
  }
  return {
    entered: sum(entered),
    running: sum(entered.filter(({ outcome }) => outcome === null)),
    outcomes: byName(
      entered.filter(({ outcome }) => outcome !== null),
      ({ outcome }) => outcome,
    ),
    refused: byName(
      runs.filter(({ outcome }) => outcome === "refused"),
      ({ reason }) => reason,
    ),
    blocks: [...blocks.values()],
  };
}

function sum(rows: readonly RunCount[]): number {
  return rows.reduce((total, row) => total + row.count, 0);
}

function byName(rows: readonly RunCount[], nameOf: (row: RunCount) => string | null): Record<string, number> {
  const totals: Record<string, number> = {};
  for (const row of rows) totals[nameOf(row) ?? ""] = (totals[nameOf(row) ?? ""] ?? 0) + row.count;
  return totals;
}
