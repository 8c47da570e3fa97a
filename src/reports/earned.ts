/** What one block's messages of one content came to. Money in minor units of the shop's currency. */
export interface EarnedLine {
  readonly block: string;
  readonly channel: string;
  readonly content: string;
  /** Permitted by the gate, whatever became of them. */
  readonly sends: number;
  readonly sent: number;
  /** As far as a provider tells. */
  readonly delivered: number;
  /** By a person; only of those who agree to be measured. */
  readonly opened: number;
  readonly clicked: number;
  /** Messages that a machine opened, or whose links it followed, and no person. */
  readonly machine_opened: number;
  readonly machine_clicked: number;
  /** Sales that count to them, as they stand now: what was cancelled or came back wholly is none. */
  readonly orders: number;
  /** What the shop kept of those, less what came back and shipping. */
  readonly revenue: number;
  /** What came back of orders that count, or counted, to them. */
  readonly refunded: number;
  /** Orders in a currency that has no rate: they are counted, and their money is not. */
  readonly unpriced: number;
}

export type EarnedFigures = Omit<EarnedLine, "block" | "channel" | "content">;

const NOTHING: EarnedFigures = {
  sends: 0,
  sent: 0,
  delivered: 0,
  opened: 0,
  clicked: 0,
  machine_opened: 0,
  machine_clicked: 0,
  orders: 0,
  revenue: 0,
  refunded: 0,
  unpriced: 0,
};

/** Counts of messages and of orders by block, channel and content, put together; what has no count is 0. */
export function joinEarned(counts: readonly Partial<EarnedLine>[]): readonly EarnedLine[] {
  const keyOf = ({ block, channel, content }: Partial<EarnedLine>): string => JSON.stringify([block, channel, content]);
  return [...Map.groupBy(counts, keyOf)]
    .map(([key, parts]) => {
      const [block = "", channel = "", content = ""] = JSON.parse(key) as string[];
      return { block, channel, content, ...totalOf(parts) };
    })
    .sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

/** The sum of lines. */
export function totalOf(lines: readonly Partial<EarnedFigures>[]): EarnedFigures {
  const names = Object.keys(NOTHING) as (keyof EarnedFigures)[];
  const sums = names.map((name) => [name, lines.reduce((sum, line) => sum + (line[name] ?? 0), 0)]);
  return Object.fromEntries(sums) as unknown as EarnedFigures;
}
