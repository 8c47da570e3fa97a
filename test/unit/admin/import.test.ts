import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contacts } from "../../../src/admin/import/contacts";
import { csvReader, readHeader } from "../../../src/admin/import/csv";
import type { Layout, Piece } from "../../../src/admin/import/cut";
import { bitsBehind, Cutter, pieceReader } from "../../../src/admin/import/cut";
import { events } from "../../../src/admin/import/events";
import { ndjsonReader } from "../../../src/admin/import/ndjson";
import type { Row, RowReader } from "../../../src/admin/import/row";

/** All rows of a text that comes in pieces of these lengths. */
function rowsOf(reader: RowReader, text: string, cuts: readonly number[] = []): Row[] {
  const rows: Row[] = [];
  let from = 0;
  for (const cut of cuts) {
    rows.push(...reader.push(text.slice(from, from + cut)));
    from += cut;
  }
  return [...rows, ...reader.push(text.slice(from)), ...reader.end()];
}

function csv(text: string, cuts: readonly number[] = []): Row[] {
  const header = readHeader(text, true);
  return header ? rowsOf(csvReader(header, 1 + header.lines), text.slice(header.length), cuts) : [];
}

function quoted(value: string): string {
  return /[",;\t|\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

describe("CSV", () => {
  it("reads quotes, commas in them and line breaks in them, and counts lines", () => {
    expect(csv('a,b\n1,"x, y"\n2,"say ""hi"""\n3,"two\nlines"\n4,z')).toEqual([
      { line: 2, value: { a: "1", b: "x, y" } },
      { line: 3, value: { a: "2", b: 'say "hi"' } },
      { line: 4, value: { a: "3", b: "two\nlines" } },
      { line: 6, value: { a: "4", b: "z" } },
    ]);
  });

  it.each([";", "\t", "|"])("finds out that fields are parted by %j", (delimiter) => {
    expect(csv(`a${delimiter}b\r\n1${delimiter}2\r\n`)).toEqual([{ line: 2, value: { a: "1", b: "2" } }]);
  });

  it("leaves out what is empty, and lines that are", () => {
    expect(csv("a,b,\n\n1,,x\n  \n")).toEqual([{ line: 3, value: { a: "1" } }]);
    expect(csv("")).toEqual([]);
    expect(csv("a,b\n")).toEqual([]);
  });

  it("reports a line of the wrong length and goes on behind it", () => {
    expect(csv("a,b\n1\n2,3\n4,5,6\n")).toEqual([
      { line: 2, fault: "has 1 fields where the header has 2" },
      { line: 3, value: { a: "2", b: "3" } },
      { line: 4, fault: "has 3 fields where the header has 2" },
    ]);
  });

  it("loses one line to a quote that is not closed, wherever it stands", () => {
    for (const rest of ["", "3,ok\n", '3,"fine"\n4,ok\n']) {
      const rows = csv(`a,b\n1,x\n2,"open\n${rest}`);
      expect(rows.filter((row) => "fault" in row).map(({ line }) => line)).toEqual([3]);
      expect(rows.filter((row) => "value" in row)).toHaveLength(1 + rest.split("\n").length - 1);
    }
  });

  it("refuses a header with a column twice, or with too many", () => {
    expect(() => csv("a,a\n1,2")).toThrow("twice");
    // Otherwise all of it were its header, and the file done without a word.
    expect(() => csv("a,b\r1,2\r3,4\r")).toThrow("old Macs");
    expect(() => csv(`${Array.from({ length: 301 }, (_, index) => `c${index}`).join(",")}\n`)).toThrow("300 columns");
  });

  it("skips a line that never ends, and no more", () => {
    const rows = csv(`a,b\n1,${"x".repeat(200_000)}\n2,3\n`, [70_000, 70_000]);
    expect(rows).toEqual([
      { line: 2, fault: "is longer than 64 KB" },
      { line: 3, value: { a: "2", b: "3" } },
    ]);
  });

  it("does not let a header reach a prototype", () => {
    const [row] = csv("__proto__,a\nx,1\n");
    expect(row && "value" in row && Object.keys(row.value)).toEqual(["__proto__", "a"]);
    expect(({} as { x?: string }).x).toBeUndefined();
  });

  it("reads any table back as it was written, however it is cut", () => {
    const cell = fc
      .string({ maxLength: 12 })
      .map((text) => text.replaceAll("\r", "").trim())
      // What an export of ours guards against formulas is taken out of its guard: test/unit/admin/export.test.ts.
      .map((text) => text.replaceAll(/'+(?=[=+\-@＝＋－＠])/g, "").replace(/^['\s]+/, ""));
    const table = fc.array(fc.tuple(cell, cell, cell), { maxLength: 8 });
    fc.assert(
      fc.property(table, fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 12 }), (cells, cuts) => {
        const lines = cells.map(([a, b, c]) => ["k", a, b, c].map(quoted).join(","));
        const rows = csv(`k,a,b,c\n${lines.join("\n")}\n`, cuts);
        const values = rows.map((row) => ("value" in row ? row.value : row.fault));
        const wanted = cells.map(([a, b, c]) =>
          Object.fromEntries(Object.entries({ k: "k", a, b, c }).filter(([, v]) => v !== "")),
        );
        expect(values).toEqual(wanted);
      }),
    );
  });
});

describe("a file cut into pieces", () => {
  /** Rows of the pieces that a text is cut into, each read by itself. */
  const inPieces = (
    layout: Layout,
    line: number,
    text: string,
    bits: readonly number[],
    size: number,
  ): [Row[], number] => {
    const cutter = new Cutter(layout, line, size);
    const pieces: (Piece | null)[] = [];
    let from = 0;
    for (const bit of bits) {
      pieces.push(cutter.push(text.slice(from, from + bit)));
      from += bit;
    }
    pieces.push(cutter.push(text.slice(from)), cutter.end());
    const found = pieces.filter((piece) => piece !== null);
    const rows = found.flatMap((piece) => rowsOf(pieceReader(layout, piece.line), piece.text));
    return [rows, found.reduce((sum, piece) => sum + piece.rows, 0)];
  };
  const bits = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 30 });

  it("says what it says as a whole, with the same lines, whatever is quoted or left open", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", " ", "\r"), maxLength: 6 });
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 20 }), bits, fc.integer({ min: 1, max: 30 }), (cells, cuts, size) => {
        const text = cells.join("");
        const layout = { format: "csv", delimiter: ",", header: ["a", "b"] } as const;
        const whole = rowsOf(csvReader(layout, 2), text);
        expect(inPieces(layout, 2, text, cuts, size)).toEqual([whole, whole.length]);
      }),
      { numRuns: 300 },
    );
  });

  it("does so with a line that never ends, and as NDJSON", () => {
    const layout = { format: "csv", delimiter: ",", header: ["a", "b"] } as const;
    const text = `1,2\n"${"x".repeat(70_000)}\n${'3,"4"\n'.repeat(30_000)}`;
    const whole = rowsOf(csvReader(layout, 2), text);
    expect(whole).toHaveLength(30_002);
    expect(inPieces(layout, 2, text, [10, 40_000, 60_000, 70_000], 50_000)).toEqual([whole, whole.length]);
    const lines = `{"a":1}\n\n${"x".repeat(200_000)}\n{"a":2}`;
    const read = rowsOf(ndjsonReader(), lines);
    expect(inPieces({ format: "ndjson" }, 1, lines, [9, 70_000, 70_000], 5)).toEqual([read, 3]);
  });
});

describe("a file that is cut bit by bit", () => {
  const csvLayout = { format: "csv", delimiter: ",", header: ["a", "b"] } as const;

  async function* stream(text: string, sizes: readonly number[]): AsyncGenerator<string> {
    let from = 0;
    for (let turn = 0; from < text.length; turn++) {
      const size = sizes[turn % sizes.length] ?? 1;
      yield text.slice(from, from + size);
      from += size;
    }
  }

  /** The pieces of a text behind a place of it, whatever it comes in. */
  async function piecesOf(text: string, sizes: readonly number[], from = 0, line = 2): Promise<Piece[]> {
    const cutter = new Cutter(csvLayout, line, 12);
    const pieces: Piece[] = [];
    for await (const bit of bitsBehind(stream(text, sizes), from, 7)) {
      const piece = cutter.push(bit);
      if (piece) pieces.push(piece);
    }
    const last = cutter.end();
    return last ? [...pieces, last] : pieces;
  }

  it("makes the same pieces however it comes, and from whichever piece it is cut on", async () => {
    const cell = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r"), maxLength: 9 });
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { maxLength: 30 }), sizes, sizes, async (cells, some, others) => {
        const text = cells.join("");
        const pieces = await piecesOf(text, some);
        expect(pieces.map(({ text: part }) => part).join("")).toBe(text);
        let behind = 0;
        for (const [index, { line, characters }] of pieces.entries()) {
          expect(await piecesOf(text, others, behind, line)).toEqual(pieces.slice(index));
          behind += characters;
        }
      }),
    );
  });

  it.each([
    ["CSV", csvLayout, "1,2"],
    ["NDJSON", { format: "ndjson" }, '{"a":"1"}'],
  ] as const)("holds no more of a line of %s that never ends than says that it is too long", (_, layout, good) => {
    const cutter = new Cutter(layout, 2);
    const bits = [`${good}\n`, ...Array.from({ length: 60 }, () => "x".repeat(200_000)), `x\n${good}\n`];
    const cut = bits.flatMap((bit) => cutter.push(bit) ?? []);
    const pieces = [...cut, cutter.end()].flatMap((piece) => piece ?? []);
    expect(pieces.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThan(500_000);
    expect(pieces.reduce((sum, { characters }) => sum + characters, 0)).toBe(bits.join("").length);
    expect(pieces.reduce((sum, { rows }) => sum + rows, 0)).toBe(3);
    const rows = pieces.flatMap((piece) => rowsOf(pieceReader(layout, piece.line), piece.text));
    expect(rows).toMatchObject([{ line: 2, value: {} }, { line: 3, fault: "is longer than 64 KB" }, { line: 4 }]);
  });

  it("leaves out the record in which it breaks off, and what came before stays", async () => {
    async function* broken() {
      yield "1,2.50\n2,1";
      throw new Error("broke off");
    }
    const came: string[] = [];
    const reading = async () => {
      for await (const bit of bitsBehind(broken(), 2)) came.push(bit);
    };
    await expect(reading()).rejects.toThrow("broke off");
    expect(came).toEqual(["2.50\n2,1"]);
    const cutter = new Cutter(csvLayout, 2);
    cutter.push("1,2.50\n2,1");
    expect(cutter.torn()).toEqual({ line: 2, rows: 1, text: "1,2.50\n", characters: 7 });
    expect(cutter.line).toBe(3);
  });
});

describe("NDJSON", () => {
  it("reads one object a line, however the text is cut, and reports what is none", () => {
    const text = '{"a":1}\r\n\n[1]\nnope\n{"a":2}';
    for (let cut = 1; cut < text.length; cut++) {
      expect(rowsOf(ndjsonReader(), text, [cut])).toEqual([
        { line: 1, value: { a: 1 } },
        { line: 3, fault: "is no JSON object" },
        { line: 4, fault: "is no valid JSON" },
        { line: 5, value: { a: 2 } },
      ]);
    }
  });

  it("skips a line that never ends, and no more", () => {
    const rows = rowsOf(ndjsonReader(), `{"a":"${"x".repeat(200_000)}"}\n{"a":1}`, [70_000, 70_000]);
    expect(rows).toEqual([
      { line: 1, fault: "is longer than 64 KB" },
      { line: 2, value: { a: 1 } },
    ]);
  });
});

const NOW = Date.parse("2026-01-05T00:00:00Z");
const context = { id: "imp_1", receivedAt: NOW, attested: null, currency: "EUR" };

describe("a line of contacts", () => {
  const read = (value: Record<string, unknown>, attested: { source: string; at: number } | null = null) => {
    const line = contacts.read(value, { ...context, attested });
    if (!line.ok) throw new Error(line.reason);
    return line;
  };

  it("is an identify call of history that has been so from the beginning", () => {
    const { item: event, warnings } = read({ external_id: 17, email: " A@Example.com ", first_name: "Ann", vip: true });
    expect(event).toEqual({
      id: "imp_1",
      type: "identify",
      name: "",
      at: 0,
      trust: "import",
      user: "17",
      traits: { email: "a@example.com", first_name: "Ann", vip: true },
    });
    expect(warnings).toEqual([]);
  });

  it("is as old as it says, and no younger than its import", () => {
    expect(read({ external_id: "1", created_at: "2025-01-01" }).item.at).toBe(Date.parse("2025-01-01"));
    expect(read({ external_id: "1", created_at: "2030-01-01" }).item.at).toBe(NOW);
    expect(read({ external_id: "1", created_at: "once" })).toMatchObject({
      item: { at: 0 },
      warnings: [expect.anything()],
    });
  });

  it("is refused without an identity, or with an address that is none", () => {
    for (const value of [
      {},
      { phone: "+33612345678" },
      { external_id: "1", email: "a@b" },
      { external_id: "x".repeat(256) },
    ]) {
      expect(contacts.read(value, context).ok).toBe(false);
    }
  });

  it("leaves out what has not the right form, and says so", () => {
    const { item: event, warnings } = read({
      email: "a@example.com",
      country: "France",
      phone: "0612345678",
      birth_date: "1/2/90",
    });
    expect(event.traits).toEqual({ email: "a@example.com" });
    expect(warnings).toHaveLength(3);
    expect(read({ email: "a@example.com", country: "fr", phone: "0612345678" }).item.traits?.["phone"]).toBe(
      "+33612345678",
    );
  });

  it("cannot state a consent by the name of a trait", () => {
    const { item: event, warnings } = read({
      external_id: "1",
      consent: { email: true },
      consent_wording: "x",
      anonymousId: "a",
    });
    expect(event.traits).toEqual({});
    expect(warnings).toHaveLength(2);
  });

  const proof = { consent_source: "form", consent_at: "2025-01-01T00:00:00Z" };
  it.each([
    ["a grant with source and date", { consent_email: "oui", ...proof }, null, { email: true }],
    ["a grant without a date", { consent_email: true, consent_source: "form" }, null, undefined],
    ["a grant without a source", { consent_email: true, consent_at: "2025-01-01" }, null, undefined],
    ["a grant of a day to come", { consent_email: true, ...proof, consent_at: "2030-01-01" }, null, undefined],
    ["a grant that the file is attested for", { consent_email: 1 }, { source: "crm", at: 5 }, { email: true }],
    ["a refusal without anything", { consent_sms: "non" }, null, { sms: false }],
    ["neither yes nor no", { consent_email: "perhaps", ...proof }, null, undefined],
    ["a grant and a refusal", { consent_email: "1", consent_sms: "0", ...proof }, null, { email: true, sms: false }],
  ])("states %s", (_what, columns, attested, consent) => {
    expect(read({ external_id: "1", ...columns }, attested).item.traits?.["consent"]).toEqual(consent);
  });

  it("dates a consent by its own line before the attestation of the file", () => {
    const attested = { source: "crm", at: 5 };
    expect(read({ external_id: "1", consent_email: 1, ...proof }, attested).item.traits).toMatchObject({
      consent_source: "form",
      consent_at: Date.parse(proof.consent_at),
    });
    expect(read({ external_id: "1", consent_email: 1 }, attested).item.traits).toMatchObject({
      consent_source: "crm",
      consent_at: 5,
    });
  });
});

describe("a line of events", () => {
  const order = { type: "track", event: "Order Completed", userId: "1", timestamp: "2024-01-01T00:00:00Z" };

  it("keeps its own time and vouches for what was bought", () => {
    const line = events.read({ ...order, properties: { total: "9.90" } }, context);
    expect(line).toMatchObject({ ok: true, item: { id: "imp_1", trust: "import", at: Date.parse(order.timestamp) } });
  });

  it("is refused as it would be at the door", () => {
    for (const value of [
      {},
      { ...order, userId: null },
      { ...order, properties: { total: "-1" } },
      { ...order, event: "$x" },
    ]) {
      expect(events.read(value, context).ok).toBe(false);
    }
    expect(events.read({ ...order, properties: { note: "x".repeat(40_000) } }, context).ok).toBe(false);
  });

  it.each([
    ["is of a day to come", "2099-01-01T00:00:00Z", "timestamp lies in the future"],
    ["cannot be read", "yesterday", "timestamp is not a time"],
    ["may be of two days", "03/04/2024", "timestamp is not a time"],
  ])("is refused where its time %s", (_what, timestamp, reason) => {
    expect(events.read({ ...order, timestamp }, context)).toMatchObject({ reason: expect.stringContaining(reason) });
    const original = { ...order, timestamp: undefined, originalTimestamp: timestamp };
    expect(events.read(original, context).ok).toBe(false);
  });

  it("without a time is of its import", () => {
    expect(events.read({ ...order, timestamp: null }, context)).toMatchObject({ item: { at: NOW } });
  });

  it("agrees to nothing for anybody without source and date, or an attestation; a refusal counts", () => {
    const traits = { first_name: "Ann", consent: { email: true, profiling: true, sms: false } };
    const identify = { type: "identify", userId: "1", timestamp: "2024-01-01T00:00:00Z" };
    const read = (more: object, attested: { source: string; at: number } | null = null) =>
      events.read({ ...identify, traits: { ...traits, ...more } }, { ...context, attested });
    expect(read({ consent_source: "form" })).toMatchObject({
      item: { traits: { first_name: "Ann", consent: { sms: false } } },
      warnings: [
        expect.stringContaining("consent_email counts as none"),
        expect.stringContaining("consent_profiling counts as none"),
      ],
    });
    const proof = { consent_source: "form", consent_at: "2024-01-01", consent_wording: "Letters?" };
    expect(read(proof)).toMatchObject({
      item: { traits: { ...traits, ...proof, consent_at: Date.parse("2024-01-01") } },
      warnings: [],
    });
    expect(read({}, { source: "crm", at: 5 })).toMatchObject({
      item: { traits: { ...traits, consent_source: "crm", consent_at: 5 } },
    });
    // RudderStack has them in another place.
    const elsewhere = events.read({ ...identify, context: { traits } }, context);
    expect(elsewhere).toMatchObject({ item: { traits: { consent: { sms: false } } } });
  });
});
