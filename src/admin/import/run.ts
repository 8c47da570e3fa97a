import type { LedgerEvent } from "../../events/event";
import { log } from "../../platform/log";
import type { Services } from "../../services";
import { backoffMs } from "../../shared/backoff";
import { Fault } from "../../shared/fault";
import { derivedId } from "../../shared/ids";
import { aboutErased } from "./barred";
import { csvReader } from "./csv";
import type { Attestation, ImportKind } from "./kind";
import { ndjsonReader } from "./ndjson";
import type { Row } from "./row";
import type { ImportRow, LineNote } from "./store";
import { importWrite, knownLines, lineWrite } from "./store";
import { readText, UnreadableFile } from "./text";

const CHUNK_LINES = 500;
/** A chunk is one journal row, and a row of D1 holds 2 MB. */
const CHUNK_CHARACTERS = 400_000;
const LISTED = 1_000;
const ATTEMPTS = 8;

/** The first piece is asked for before anything is written: an empty or foreign file leaves no row. */
async function beginningOf(text: AsyncGenerator<string>): Promise<string> {
  try {
    const piece = await text.next();
    return piece.done ? "" : piece.value;
  } catch (error) {
    if (error instanceof UnreadableFile) throw new Fault("unprocessable", `The body cannot be read: ${error.message}.`);
    throw error;
  }
}

/** What an import is told. */
export interface ImportOrder {
  readonly id: string;
  readonly kindName: string;
  readonly kind: ImportKind;
  readonly attested: Attestation | null;
}

interface Pending {
  readonly line: number;
  readonly id: string;
  readonly event: LedgerEvent;
}

/**
 * Takes a file in, chunk by chunk, as history. A line is remembered once its event is stored, so a file that is sent
 * again after a crash goes on where it stopped, and one that is sent twice changes nothing.
 */
export class ImportRun {
  private rows = 0;
  private accepted = 0;
  private duplicates = 0;
  private rejectedCount = 0;
  private readonly rejected: LineNote[] = [];
  private readonly warnings: LineNote[] = [];
  private pending: Pending[] = [];
  private characters = 0;
  private readonly startedAt: number;

  constructor(
    private readonly services: Services,
    private readonly order: ImportOrder,
  ) {
    this.startedAt = services.clock.now();
  }

  /** Resolves when the file was read to its end or cannot be read on; the row says which. */
  async read(body: ReadableStream<Uint8Array> | null): Promise<void> {
    const text = readText(body);
    const begin = await beginningOf(text);
    const csv = !begin.trimStart().startsWith("{");
    if (!this.order.kind.formats.includes(csv ? "csv" : "ndjson")) {
      throw new Fault("unprocessable", `This kind is read as ${this.order.kind.formats.join(" or ")}.`);
    }
    await this.write("running", null);
    try {
      const reader = csv ? csvReader() : ndjsonReader();
      await this.take(reader.push(begin));
      for await (const piece of text) await this.take(reader.push(piece));
      await this.take(reader.end());
      await this.store();
      await this.write("done", null);
    } catch (error) {
      await this.fail(error);
    }
  }

  /** What stands before the place where the file breaks off is kept all the same. */
  private async fail(error: unknown): Promise<void> {
    if (error instanceof UnreadableFile) {
      await this.store();
      await this.write("failed", error.message);
      return;
    }
    log("import failed", { import: this.order.id, error: String(error).slice(0, 300) });
    await this.write("failed", "not everything could be stored; send the file again");
  }

  private async take(rows: readonly Row[]): Promise<void> {
    for (const row of rows) {
      this.rows++;
      if ("fault" in row) this.reject(row.line, row.fault);
      else this.takeLine(row.line, row.value);
      if (this.pending.length >= CHUNK_LINES || this.characters >= CHUNK_CHARACTERS) await this.store();
    }
  }

  private takeLine(line: number, value: Readonly<Record<string, unknown>>): void {
    const { kind, kindName, attested } = this.order;
    const text = JSON.stringify(value);
    // The attestation is part of what the line says: with another one it says something else.
    const id = derivedId("imp", kindName, text, JSON.stringify(attested));
    if (kind.write !== "events") throw new Error(`${kindName} is not written through the ledger`);
    const currency = this.services.config.SHOP_CURRENCY;
    const read = kind.read(value, { id, receivedAt: this.startedAt, attested, currency });
    if (!read.ok) {
      this.reject(line, read.reason);
      return;
    }
    for (const reason of read.warnings) if (this.warnings.length < LISTED) this.warnings.push({ line, reason });
    this.pending.push({ line, id, event: read.item });
    this.characters += text.length;
  }

  private reject(line: number, reason: string): void {
    this.rejectedCount++;
    if (this.rejected.length < LISTED) this.rejected.push({ line, reason: reason.slice(0, 300) });
  }

  /** Stores what is pending: first the events, then that they are stored. */
  private async store(): Promise<void> {
    const { DB } = this.services.env;
    const chunk = new Map(this.pending.map((line) => [line.id, line]));
    const known = await knownLines(DB, [...chunk.keys()]);
    const wanted = [...chunk.values()].filter(({ id }) => !known.has(id));
    const erased = await aboutErased(
      this.services,
      wanted.map(({ event }) => event),
    );
    const fresh = wanted.filter(({ id }) => !erased.has(id));
    if (fresh.length > 0) await this.append(fresh.map(({ event }) => event));
    this.accepted += fresh.length;
    this.duplicates += this.pending.length - wanted.length;
    for (const { line, id } of wanted) if (erased.has(id)) this.reject(line, "is about somebody who was erased");
    this.pending = [];
    this.characters = 0;
    await DB.batch([
      lineWrite(
        DB,
        fresh.map(({ id }) => id),
      ),
      importWrite(DB, this.row("running", null)),
    ]);
  }

  private async append(events: readonly LedgerEvent[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const { status } = await this.services.append({ receivedAt: this.startedAt, events }, null);
      if (status === "stored") return;
      if (attempt >= ATTEMPTS) throw new Error(`a chunk was not taken: ${status}`);
      await new Promise((resolve) => setTimeout(resolve, backoffMs(attempt, 50, 2_000)));
    }
  }

  private async write(status: ImportRow["status"], reason: string | null): Promise<void> {
    await importWrite(this.services.env.DB, this.row(status, reason)).run();
  }

  private row(status: ImportRow["status"], reason: string | null): ImportRow {
    const { id, kindName } = this.order;
    const { rows, accepted, duplicates, rejectedCount, rejected, warnings, startedAt } = this;
    const now = this.services.clock.now();
    const about = { id, kind: kindName, status, reason };
    const times = { createdAt: startedAt, touchedAt: now, finishedAt: status === "running" ? null : now };
    return { ...about, rows, accepted, duplicates, rejectedCount, rejected, warnings, ...times };
  }
}
