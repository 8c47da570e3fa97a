import { Fault } from "../../shared/fault";
import { readHeader } from "./csv";
import type { Piece } from "./cut";
import { bitsBehind, Cutter } from "./cut";
import { pieceKey, readParts } from "./files";
import type { ImportKind } from "./kind";
import type { Mapping } from "./mapping";
import type { Plan, Step } from "./plan";
import { partsOf, pieceWrite } from "./store";
import { readText, UnreadableFile } from "./text";
import type { Work } from "./work";

/** Blank characters that a file may begin with. */
const MOST_BLANK = 1_000_000;
/** Pieces that are stored before it is noted how far the file is cut. */
const NOTED = 8;

/** Looks at a file's beginning. Throws a Fault where it can tell already that the file is of no use. */
export async function layoutOf(
  text: AsyncGenerator<string>,
  kind: ImportKind,
  mapping: Mapping | null,
): Promise<Required<Pick<Plan, "layout" | "from">>> {
  try {
    const { layout, from } = await beginningOf(text);
    if (!kind.formats.includes(layout.format)) {
      throw new Fault("unprocessable", `This kind is read as ${kind.formats.join(" or ")}.`);
    }
    if (layout.format === "csv") {
      const { header } = layout;
      const named = (column: string): readonly string[] => [mapping?.columns[column] ?? column].flat();
      const missing = (kind.required ?? []).flatMap((column) => {
        const theirs = named(column);
        return theirs.some((one) => header.includes(one)) ? [] : [theirs.join(" or ")];
      });
      if (missing.length > 0) throw new Fault("unprocessable", `The header lacks ${missing.join(", ")}.`);
    }
    return { layout, from };
  } catch (error) {
    if (error instanceof UnreadableFile) throw new Fault("unprocessable", `The file cannot be read: ${error.message}.`);
    throw error;
  }
}

async function beginningOf(text: AsyncGenerator<string>): Promise<Required<Pick<Plan, "layout" | "from">>> {
  let begin = "";
  for (let ended = false; !ended; ) {
    const bit = await text.next();
    ended = bit.done === true;
    begin += bit.done ? "" : bit.value;
    if (begin.length > MOST_BLANK && begin.trim() === "") throw new UnreadableFile("it begins with nothing but blanks");
    if (begin.trimStart().startsWith("{")) return { layout: { format: "ndjson" }, from: { line: 1, characters: 0 } };
    const found = begin.trim() === "" ? null : readHeader(begin, ended);
    if (found) {
      const { header, delimiter, lines, length } = found;
      return { layout: { format: "csv", header, delimiter }, from: { line: 1 + lines, characters: length } };
    }
  }
  throw new Fault("invalid-input", "The file is empty. Send CSV or NDJSON.");
}

/** Cuts what was uploaded into pieces of text between records, so that every later step can begin where it likes. */
export async function cutFile(work: Work, step: Extract<Step, { phase: "cut" }>): Promise<void> {
  const { env } = work.services;
  const { layout } = work.row.plan;
  if (!layout) throw new Error(`import ${work.id} has no layout`);
  const text = readText(readParts(env.ARCHIVE, work.id, await partsOf(env.DB, work.id)));
  const cutter = new Cutter(layout, step.line);
  const pieces = new Pieces(work, step);
  try {
    for await (const bit of bitsBehind(text, step.characters)) {
      const piece = cutter.push(bit);
      if (piece && !(await pieces.take(piece))) return;
    }
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    pieces.fault = `${error.message}; it was read up to line ${cutter.line - 1}`;
  }
  const last = pieces.fault === undefined ? cutter.end() : cutter.torn();
  if (last) await pieces.take(last);
  await pieces.close();
}

/** Stores pieces, and notes every now and then how many there are. */
class Pieces {
  fault: string | undefined;
  private count: number;
  private characters: number;
  private rows: number;
  private line: number;
  private open: D1PreparedStatement[] = [];

  constructor(
    private readonly work: Work,
    step: Extract<Step, { phase: "cut" }>,
  ) {
    this.count = step.pieces;
    this.characters = step.characters;
    this.line = step.line;
    this.rows = work.row.total ?? 0;
  }

  /** False when the time is up: what was cut is noted, and the next call goes on there. */
  async take({ line, rows, text, characters }: Piece): Promise<boolean> {
    const { id, services } = this.work;
    await this.work.hold();
    await services.env.ARCHIVE.put(pieceKey(id, this.count), text);
    this.open.push(pieceWrite(services.env.DB, id, { piece: this.count, line, rows, buckets: null }));
    this.count++;
    this.characters += characters;
    this.rows += rows;
    // Records begin on the line behind; blank ones and those in quotes count.
    this.line = line + linesIn(text);
    if (this.open.length < NOTED) return true;
    const step = { phase: "cut", line: this.line, characters: this.characters, pieces: this.count } as const;
    await this.work.note({ total: this.rows, step }, {}, this.open.splice(0));
    return !this.work.isOver();
  }

  async close(): Promise<void> {
    const { count, characters, rows, fault } = this;
    const plan = { ...this.work.row.plan, pieces: count, characters, ...(fault !== undefined && { fault }) };
    await this.work.note({ total: rows, plan, step: { phase: "read", piece: 0, row: 0 } }, {}, this.open.splice(0));
  }
}

function linesIn(text: string): number {
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}
