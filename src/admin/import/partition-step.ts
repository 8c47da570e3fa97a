import { joined } from "../../shared/bytes";
import { textNumber } from "../../shared/ids";
import { bucketsKey } from "./files";
import type { ImportKind, ReadLine } from "./kind";
import { isCancellation, isLeftOut, rowMapping } from "./mapping";
import { packLine } from "./order-group";
import type { OrderItem } from "./order-item";
import type { Step } from "./plan";
import { bucketsOf } from "./plan";
import type { Row } from "./row";
import { rowsOf } from "./rows";
import type { LineNote } from "./store";
import { bucketsWrite, piecesOf } from "./store";
import type { Work } from "./work";

export type LineKind = Extract<ImportKind, { readonly write: "orders" }>;

/**
 * Spreads the lines of a piece over buckets by their order, so that the lines of one order meet wherever they stand; those
 * that take something back, by their customer. One object holds the piece's share of every bucket.
 */
export async function partitionPiece(
  work: Work,
  kind: LineKind,
  step: Extract<Step, { phase: "read" }>,
): Promise<void> {
  const { env } = work.services;
  const pieces = await piecesOf(env.DB, work.id);
  const piece = pieces[step.piece];
  const isLast = step.piece + 1 >= pieces.length;
  const next: Step = isLast
    ? { phase: "orders", bucket: 0, counted: false }
    : { phase: "read", piece: step.piece + 1, row: 0 };
  if (!piece) return work.note({ step: next });
  const partition = new Partition(work, kind);
  for await (const rows of rowsOf(work, step.piece, piece.line)) for (const row of rows) partition.take(row);
  const { bytes, begins } = partition.packed();
  await env.ARCHIVE.put(bucketsKey(work.id, step.piece), bytes);
  const { rows, ignored, rejected, untied } = partition;
  await work.note({ step: next }, { rows, ignored, rejected, untied }, [
    bucketsWrite(env.DB, work.id, step.piece, begins),
  ]);
}

class Partition {
  rows = 0;
  ignored = 0;
  readonly rejected: LineNote[] = [];
  readonly untied: LineNote[] = [];
  private readonly count: number;
  /** Of orders, and behind them of customers. */
  private readonly buckets: string[][];
  private readonly map: ReturnType<typeof rowMapping>;
  private readonly context: Parameters<LineKind["read"]>[1];

  constructor(
    work: Work,
    private readonly kind: LineKind,
  ) {
    const { plan, createdAt } = work.row;
    this.count = bucketsOf(plan);
    this.buckets = Array.from({ length: 2 * this.count }, () => []);
    this.mapping = plan.mapping;
    this.map = rowMapping(plan.mapping, kind);
    const currency = plan.mapping?.currency ?? work.services.config.SHOP_CURRENCY;
    this.context = { id: "", receivedAt: createdAt, attested: plan.attested, currency };
  }

  private readonly mapping: Work["row"]["plan"]["mapping"];

  take(row: Row): void {
    this.rows++;
    if ("fault" in row) {
      this.rejected.push({ line: row.line, reason: row.fault });
      return;
    }
    const mapped = this.map(row.value);
    const isBack = isCancellation(this.mapping, row.value, mapped);
    if (isLeftOut(this.mapping, row.value, mapped)) {
      this.ignored++;
      return;
    }
    const read = this.kind.read(mapped, this.context);
    if (!read.ok) this.rejected.push({ line: row.line, reason: read.reason });
    else this.put(row.line, read, isBack);
  }

  private put(line: number, { item }: Extract<ReadLine<OrderItem>, { ok: true }>, isBack: boolean): void {
    if (!isBack) this.buckets[textNumber(item.order) % this.count]?.push(packLine(line, item));
    else if (item.user === null) this.untied.push({ line, reason: "is of no customer" });
    else this.buckets[this.count + (textNumber(item.user) % this.count)]?.push(packLine(line, item));
  }

  /** All buckets, one behind the other, and the byte that each begins on, with the end of the last. */
  packed(): { bytes: Uint8Array; begins: readonly number[] } {
    const encoder = new TextEncoder();
    const texts = this.buckets.map((lines) => encoder.encode(lines.map((line) => `${line}\n`).join("")));
    const begins = [0];
    for (const text of texts) begins.push((begins.at(-1) ?? 0) + text.length);
    return { bytes: joined(texts), begins };
  }
}
