import { readdirSync, readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import type { ConsentLine } from "../../../src/contacts/consent";
import { consentKeyOf, foldConsents } from "../../../src/contacts/consent";

const read = (name: string): string => readFileSync(`migrations/${name}`, "utf8");

it("a consent ledger of the first release keeps its lines, their order and who stated them", () => {
  const db = new DatabaseSync(":memory:");
  const names = readdirSync("migrations").sort();
  for (const name of names.filter((one) => one < "0005")) db.exec(read(name));
  const insert = db.prepare(
    "INSERT INTO consent_events (contact, event_id, channel, purpose, action, at, recorded_at, source, way) " +
      "VALUES (?, ?, 'email', 'marketing', ?, ?, ?, ?, ?)",
  );
  insert.run(1, "b", "withdraw", 20, 30, "one-click unsubscribe", "internal");
  insert.run(1, "a", "grant", 10, 10, "form", "secret");
  insert.run(1, "c", "grant", 40, 50, "counter", "internal");
  insert.run(2, "d", "claim", 5, 5, "footer", "write");
  insert.run(2, "e", "confirm", 5, 9, "verified address", "token");
  insert.run(3, "f", "grant", 1, 9, "list", "import");
  db.exec(read("0005_consent.sql"));
  const rows = db
    .prepare(
      "SELECT contact, seq, position, channel, purpose, action, at, way FROM consent_events ORDER BY contact, position",
    )
    .all() as unknown as (Omit<ConsentLine, "key"> & {
    contact: number;
    channel: string;
    purpose: string;
    way: string;
  })[];
  expect(rows.map(({ contact, action, way }) => `${contact} ${action} ${way}`)).toEqual([
    "1 grant server",
    "1 withdraw one_click",
    "1 grant admin",
    "2 claim browser",
    "2 confirm browser",
    "3 grant import",
  ]);
  const lines = rows.filter(({ contact }) => contact === 1);
  const folded = foldConsents(lines.map((row) => ({ ...row, key: consentKeyOf(row.channel, row.purpose) ?? "push" })));
  expect(folded).toEqual({ email: { state: "granted", at: 40 } });
});
