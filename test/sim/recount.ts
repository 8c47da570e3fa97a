import { pointsOf } from "../../src/commerce/loyalty";
import type { Loyalty } from "../../src/commerce/loyalty-booking";
import { metricsOf } from "../../src/commerce/order";
import type { ConsentKey, ConsentLine } from "../../src/contacts/consent";
import { consentKeyOf, foldConsents } from "../../src/contacts/consent";
import { isEmptied, profileOf } from "../../src/contacts/profile";
import type { ContactRecord } from "../../src/events/projection";
import { ORDERS_SQL, type OrderRow } from "../support/figures-rows";
import type { Lives } from "./lives";
import type { System } from "./system";

/** Every promise about what is stored of people that was broken, in words. Empty is good. */
export function recount(system: System, lives: Lives, records: readonly ContactRecord[], now: number): string[] {
  return [
    ...figures(system, lives),
    ...points(system, lives, records, now),
    ...consents(system, records),
    ...traces(system, lives),
    ...unfinished(system),
    ...lives.faults,
  ];
}

function differs(what: string, is: unknown, should: unknown): string[] {
  const [left, right] = [JSON.stringify(is), JSON.stringify(should)];
  return left === right ? [] : [`${what}: ${left} instead of ${right}`];
}

interface MetricsRow {
  readonly contact: number;
  readonly orders: number;
  readonly net: number;
  readonly first: number | null;
  readonly last: number | null;
}

/** Sums are what a count of the rows gives, and the rows are what a plain list has. */
function figures({ database }: System, lives: Lives): string[] {
  const rows = database.all<OrderRow>(ORDERS_SQL);
  const sums = database.all<MetricsRow>(
    "SELECT contact, orders, net_total AS net, first_order_at AS first, last_order_at AS last FROM contact_metrics",
  );
  const faults = database.all<{ id: number }>("SELECT id FROM contacts").flatMap(({ id }) => {
    const own = rows.filter(({ contact }) => lives.head(contact) === id);
    const counted = metricsOf(
      own.map((row) => ({ ...row, shown: [], refunds: [], changedAt: 0 })),
      "EUR",
    );
    const sum = sums.find(({ contact }) => contact === id);
    const should = [counted.orders, counted.netTotal, counted.firstOrderAt, counted.lastOrderAt];
    return differs(`figures of ${id}`, sum ? [sum.orders, sum.net, sum.first, sum.last] : [0, 0, null, null], should);
  });
  const stored = rows.map(({ id, total, refunded, status }) => [id, total, refunded, status === "cancelled"]);
  const plain = [...lives.plain.orders].map(([id, one]) => [id, one.total * 100, one.refunded * 100, one.cancelled]);
  return [...faults, ...differs("orders", stored.sort(), plain.sort())];
}

/** Accounts are what a row of single points has, and every change of them is a movement. */
function points({ database }: System, lives: Lives, records: readonly ContactRecord[], now: number): string[] {
  const faults = records.flatMap((record) => {
    if (profileOf(record).mergedInto !== null) return [];
    const { lots } = record.slices["loyalty"] as Loyalty;
    return differs(`points of ${record.id}`, pointsOf(lots, now), lives.plain.spendable(record.id, now).length);
  });
  const [sum] = database.all<{ lots: number; moved: number }>(
    "SELECT (SELECT coalesce(sum(points_left), 0) FROM loyalty_lots) AS lots, " +
      "(SELECT coalesce(sum(points), 0) FROM loyalty_movements) AS moved",
  );
  // While two were one, one may have spent what the other had earned: with the other, their part of the sum is gone.
  if (lives.erased.size > 0) return faults;
  return [...faults, ...differs("points in lots", sum?.lots, sum?.moved)];
}

interface ConsentRow extends ConsentLine {
  readonly contact: number;
  readonly channel: string;
  readonly purpose: string;
}

/** What somebody agrees to is the last word of their own lines. */
function consents({ database }: System, records: readonly ContactRecord[]): string[] {
  const lines = database
    .all<ConsentRow>("SELECT contact, seq, position, channel, purpose, action, at FROM consent_events")
    .map((line) => ({ ...line, key: consentKeyOf(line.channel, line.purpose) as ConsentKey }));
  const sorted = (all: object): [string, unknown][] => Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1));
  return records.flatMap((record) => {
    const own = lines.filter(({ contact }) => contact === record.id);
    const should = sorted(foldConsents(own));
    return differs(`consents of ${record.id}`, sorted(profileOf(record).consents), should);
  });
}

const OF_A_CONTACT = ["contact", "winner", "loser", "advocate", "friend", "redeemed_by"];
/** That somebody asked to be erased, and when, is proof that it was done. */
const KEPT = new Set(["privacy_requests"]);

/** Nothing of who was erased stands in any table, object or archive: no text of theirs, and no row of their number. */
function traces({ database, disks, archive }: System, lives: Lives): string[] {
  const { gone, erased } = lives;
  const places: [string, string][] = archive.texts().map(([key, text]) => [`R2 ${key}`, `${key} ${text}`]);
  const faults: string[] = [];
  const tablesOf = ({ all }: { all: <Row>(sql: string) => Row[] }) =>
    all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
  const files = [["D1", database] as const, ...[...disks].map(([name, { file }]) => [name, file] as const)];
  for (const [where, file] of files) {
    const all = <Row>(sql: string): Row[] => file.all<Row>(sql);
    for (const { name } of tablesOf({ all })) {
      const rows = all<Record<string, unknown>>(`SELECT * FROM ${name}`);
      if (name !== "sends") places.push([`${where} ${name}`, JSON.stringify(rows)]);
      const columns = where !== "D1" && name === "contact" ? ["id"] : OF_A_CONTACT;
      const left = rows.filter((row) => columns.some((column) => erased.has(Number(row[column] ?? 0))));
      if (left.length > 0 && !KEPT.has(name)) faults.push(`${left.length} rows of the erased in ${where} ${name}`);
    }
  }
  const sends = database.all<{ contact: number; created_at: number }>("SELECT * FROM sends");
  for (const { mark, owners } of gone) {
    // A message to whoever was taken for the same person is that one's, and printed what both were known by.
    const others = sends.filter(({ contact, created_at: at }) => !lives.wereOne(contact, owners, at));
    if (JSON.stringify(others).includes(mark)) faults.push(`${mark} still stands in D1 sends`);
    for (const [place, text] of places) if (text.includes(mark)) faults.push(`${mark} still stands in ${place}`);
  }
  return faults;
}

function unfinished({ database, disks }: System): string[] {
  const count = (sql: string): number => database.all<{ n: number }>(`SELECT count(*) AS n FROM ${sql}`)[0]?.n ?? 0;
  const open = ["merges WHERE step <> 'done'", "erased_contacts", "erasures", "side_journal", "rejected_events"];
  const faults = open.flatMap((what) => (count(what) === 0 ? [] : [`${count(what)} left in ${what}`]));
  for (const [name, { file }] of disks) {
    const tables = file.all("SELECT 1 FROM sqlite_master WHERE name = 'outbox'");
    if (tables.length > 0 && file.all("SELECT 1 FROM outbox").length > 0) faults.push(`${name} owes something`);
  }
  return faults;
}

/** Everybody whose row is not empty. */
export function living(records: readonly ContactRecord[]): ContactRecord[] {
  return records.filter((record) => !isEmptied(profileOf(record)));
}
