import { pieceReader } from "./cut";
import { pieceKey, readTextObject } from "./files";
import { rowFiller } from "./mapping";
import type { Row } from "./row";
import type { Work } from "./work";

/** So much text is read at once: its records are all in memory together. */
const BIT = 65_536;

/** The records of a piece, a few at a time. What a row leaves empty for the one above is filled from there. */
export async function* rowsOf(work: Work, piece: number, line: number): AsyncGenerator<readonly Row[]> {
  const { mapping } = work.row.plan;
  const fill = rowFiller(mapping);
  const filled = (row: Row): Row => ("fault" in row ? row : { ...row, value: fill(row.value) });
  // The row above the first stands in the piece before.
  if (mapping?.fill && piece > 0) for await (const rows of readRows(work, piece - 1, 1)) rows.forEach(filled);
  for await (const rows of readRows(work, piece, line)) yield mapping?.fill ? rows.map(filled) : rows;
}

async function* readRows(work: Work, piece: number, line: number): AsyncGenerator<readonly Row[]> {
  const { layout } = work.row.plan;
  if (!layout) throw new Error(`import ${work.id} has no layout`);
  const text = await readTextObject(work.services.env.ARCHIVE, pieceKey(work.id, piece));
  const reader = pieceReader(layout, line);
  for (let from = 0; from < text.length; from += BIT) yield reader.push(text.slice(from, from + BIT));
  yield reader.end();
}
