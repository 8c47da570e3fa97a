import type { LedgerEvent } from "../../events/event";
import { derivedId } from "../../shared/ids";
import { aboutErased, aboutNobody } from "./barred";
import type { ImportItem, ImportKind, ReadLine, WrittenItems } from "./kind";
import { isLeftOut, rowMapping } from "./mapping";
import type { Step } from "./plan";
import type { Row } from "./row";
import { rowsOf } from "./rows";
import type { LineNote } from "./store";
import { knownLines, lineWrite, piecesOf } from "./store";
import type { Count } from "./tally";
import { withdrawnGrants } from "./withdrawn";
import type { Work } from "./work";

const CHUNK_LINES = 500;
/** A chunk is one journal row, and a row of D1 holds 2 MB. */
const CHUNK_CHARACTERS = 400_000;

/** What is written of a chunk together with the note that it was. */
interface Written extends WrittenItems {
  readonly warnings?: readonly LineNote[];
  readonly suppressed?: number;
  readonly writes: readonly D1PreparedStatement[];
}

const NOTHING: Written = { accepted: 0, duplicates: 0, rejected: [], writes: [] };

export type PlainKind = Exclude<ImportKind, { readonly write: "orders" }>;

/**
 * Reads a piece and writes it, chunk by chunk. A line that goes through the ledger is remembered once its event is stored,
 * so one that comes again, in this file or another, changes nothing.
 */
export async function readPiece(work: Work, kind: PlainKind, step: Extract<Step, { phase: "read" }>): Promise<void> {
  const pieces = await piecesOf(work.services.env.DB, work.id);
  const piece = pieces[step.piece];
  const chunk = new Chunk(work, kind, step.piece, step.row);
  if (piece) {
    let skipped = 0;
    for await (const rows of rowsOf(work, step.piece, piece.line)) {
      for (const row of rows) {
        if (skipped < step.row) skipped++;
        else if ((await chunk.take(row)) === "over") return;
      }
    }
  }
  await chunk.store(step.piece + 1 < pieces.length ? { phase: "read", piece: step.piece + 1, row: 0 } : null);
}

/** Lines that are written together. */
class Chunk {
  private items: ImportItem<unknown>[] = [];
  private characters = 0;
  private rows = 0;
  private ignored = 0;
  private rejected: LineNote[] = [];
  private warnings: LineNote[] = [];
  private readonly map: (row: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

  constructor(
    private readonly work: Work,
    private readonly kind: PlainKind,
    private readonly piece: number,
    private row: number,
  ) {
    this.map = rowMapping(work.row.plan.mapping, kind);
  }

  /** `over` when the chunk that the record filled was written and the time is up. */
  async take(row: Row): Promise<"over" | "more"> {
    this.rows++;
    if ("fault" in row) this.rejected.push({ line: row.line, reason: row.fault });
    else {
      const value = this.map(row.value);
      if (isLeftOut(this.work.row.plan.mapping, row.value, value)) this.ignored++;
      else this.read(row.line, value);
    }
    if (this.rows < CHUNK_LINES && this.characters < CHUNK_CHARACTERS) return "more";
    await this.store({ phase: "read", piece: this.piece, row: this.row + this.rows });
    return this.work.isOver() ? "over" : "more";
  }

  private read(line: number, value: Readonly<Record<string, unknown>>): void {
    const { plan, kind, createdAt } = this.work.row;
    const text = JSON.stringify(value);
    // The attestation is part of what the line says: with another one it says something else.
    const id = derivedId("imp", kind, text, JSON.stringify(plan.attested));
    const currency = plan.mapping?.currency ?? this.work.services.config.SHOP_CURRENCY;
    const context = { id, receivedAt: createdAt, attested: plan.attested, currency };
    const read: ReadLine<unknown> = this.kind.read(value, context);
    if (!read.ok) {
      this.rejected.push({ line, reason: read.reason });
      return;
    }
    for (const reason of read.warnings) this.warnings.push({ line, reason });
    this.items.push({ line, id, item: read.item });
    this.characters += text.length;
  }

  private async write(): Promise<Written> {
    const { work, kind, items } = this;
    if (kind.write === "events") return throughLedger(work, items as ImportItem<LedgerEvent>[]);
    return { ...(await kind.write(work.services, items)), writes: [] };
  }

  /** Writes what was read, and that the file goes on with the next step, or is done. */
  async store(next: Step | null): Promise<void> {
    const { work, items } = this;
    const written = items.length > 0 ? await this.write() : NOTHING;
    const { accepted, duplicates, rejected, warnings = [], suppressed = 0, writes } = written;
    const count: Count = {
      rows: this.rows,
      accepted,
      duplicates,
      ignored: this.ignored,
      suppressed,
      rejected: [...this.rejected, ...rejected],
      warnings: [...this.warnings, ...warnings],
    };
    await work.note(next ? { step: next } : ended(work), count, writes);
    this.row += this.rows;
    this.rows = 0;
    this.ignored = 0;
    this.items = [];
    this.characters = 0;
    this.rejected = [];
    this.warnings = [];
  }
}

/** How an import is left when everything of its file was read and written. */
export function ended({ row, services }: Work): {
  status: "done" | "failed";
  reason: string | null;
  finishedAt: number;
  step: Step;
} {
  const reason = row.plan.fault ?? null;
  const finishedAt = services.clock.now();
  return { status: reason === null ? "done" : "failed", reason, finishedAt, step: { phase: "clean" } };
}

/** First the events; that their lines are known goes with the note. */
async function throughLedger(work: Work, items: readonly ImportItem<LedgerEvent>[]): Promise<Written> {
  const { services } = work;
  const { DB } = services.env;
  const chunk = new Map(items.map((line) => [line.id, line]));
  const known = await knownLines(DB, [...chunk.keys()]);
  const wanted = [...chunk.values()].filter(({ id }) => !known.has(id));
  const events = wanted.map(({ item }) => item);
  const erased = await aboutErased(services, events);
  const withdrawn = await withdrawnGrants(services, events);
  const fresh = wanted.filter(({ item }) => !erased.has(item.id));
  await work.append(fresh.map(({ item }) => item));
  const rejected = wanted.filter(({ item }) => erased.has(item.id)).map(({ line }) => aboutNobody(line));
  const ids = fresh.map(({ id }) => id);
  const writes = ids.length > 0 ? [lineWrite(DB, ids)] : [];
  const warnings = fresh.flatMap(({ line, item }) =>
    (withdrawn.get(item.id) ?? []).map((key) => ({ line, reason: `consent_${key} was withdrawn, and stays so` })),
  );
  const suppressed = fresh.filter(({ item }) => withdrawn.has(item.id)).length;
  const duplicates = items.length - wanted.length;
  return { accepted: fresh.length, duplicates, rejected, warnings, suppressed, writes };
}
