import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { pieceKey } from "../../src/admin/import/files";
import { rowsOf } from "../../src/admin/import/rows";
import type { Work } from "../../src/admin/import/work";
import type { Env } from "../../src/services/env";

const { ARCHIVE } = env as unknown as Env;

/** An import whose file was cut into these pieces. */
async function cut(id: string, pieces: readonly string[], fill: object | undefined): Promise<Work> {
  for (const [index, text] of pieces.entries()) await ARCHIVE.put(pieceKey(id, index), text);
  const layout = { format: "csv", delimiter: ",", header: ["Name", "Id", "Item"] };
  return {
    id,
    row: { plan: { layout, mapping: { columns: {}, fill } } },
    services: { env: { ARCHIVE } },
  } as unknown as Work;
}

async function values(work: Work, piece: number): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const rows of rowsOf(work, piece, 10)) for (const row of rows) all.push("value" in row ? row.value : row);
  return all;
}

test("a row is filled from the one above, where the file was cut between them too", async () => {
  const pieces = ["#1,77,a\n#1,,b\n", "#1,,c\n#2,,d\n#2,88,e\n#2,,f\n"];
  const work = await cut("imp_filled", pieces, { by: "Name", columns: ["Id"] });
  expect(await values(work, 1)).toEqual([
    { Name: "#1", Id: "77", Item: "c" },
    { Name: "#2", Item: "d" },
    { Name: "#2", Id: "88", Item: "e" },
    { Name: "#2", Id: "88", Item: "f" },
  ]);
  const plain = await cut("imp_plain", pieces, undefined);
  expect((await values(plain, 1))[0]).toEqual({ Name: "#1", Item: "c" });
});
