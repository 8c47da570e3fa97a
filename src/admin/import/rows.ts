import { pieceReader } from "./cut";
import { pieceKey, readTextObject } from "./files";
import type { Row } from "./row";
import type { Work } from "./work";

/** So much text is read at once: its records are all in memory together. */
const BIT = 65_536;

/** The records of a piece, a few at a time. */
export async function* rowsOf(work: Work, piece: number, line: number): AsyncGenerator<readonly Row[]> {
  const { layout } = work.row.plan;
  if (!layout) throw new Error(`import ${work.id} has no layout`);
  const text = await readTextObject(work.services.env.ARCHIVE, pieceKey(work.id, piece));
  const reader = pieceReader(layout, line);
  for (let from = 0; from < text.length; from += BIT) yield reader.push(text.slice(from, from + BIT));
  yield reader.end();
}
