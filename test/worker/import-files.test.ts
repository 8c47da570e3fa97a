import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { contacts } from "../../src/admin/import/contacts";
import { importPrefix, rawPrefix } from "../../src/admin/import/files";
import type { ImportKind } from "../../src/admin/import/kind";
import { orderLines } from "../../src/admin/import/order-lines";
import { orders } from "../../src/admin/import/orders";
import { drainImports, sweepImports, workOn } from "../../src/admin/import/queue";
import { findImport, forgetFiles, leaveImport, partsOf, takeImport } from "../../src/admin/import/store";
import { completeParts, openParts, takePart } from "../../src/admin/import/upload";
import { Overtaken, Work } from "../../src/admin/import/work";
import { Services, servicesOf } from "../../src/services";
import type { Env } from "../../src/services/env";
import { eraseDue } from "../../src/services/erase";
import { beginErasure } from "../../src/services/erase-begin";
import { DAY } from "../../src/shared/clock";

const services = servicesOf(env as unknown as Env);
const { DB, ARCHIVE } = services.env;

async function uploading(id: string, user: string): Promise<void> {
  const plan = { attested: null, mapping: null };
  await openParts(services, { id, kindName: "contacts", kind: contacts, plan });
  await takePart(services, id, 1, new Blob([`external_id,email\n${user},${user}@example.com\n`]).stream());
}

const filesOf = async (id: string) => (await ARCHIVE.list({ prefix: importPrefix(id) })).objects.length;

test("an erasure waits until the files that came before it are gone, and no longer", async () => {
  await services.append(
    {
      receivedAt: Date.now(),
      events: [{ id: "f-1", type: "identify", name: "", at: Date.now(), trust: "secret", user: "f1" }],
    },
    null,
  );
  const contact = await DB.prepare("SELECT contact FROM identities WHERE identity = 'u:f1'").first<number>("contact");
  if (contact === null) throw new Error("nobody came in");
  await uploading("imp_wait", "f1");
  const id = await beginErasure(services, contact, Date.now());
  const done = () => DB.prepare("SELECT done_at FROM privacy_requests WHERE id = ?1").bind(id).first("done_at");
  await eraseDue(services);
  expect(await done()).toBeNull();
  // Nobody goes on with the upload: it is ended after a day, and its files with it.
  await DB.prepare("UPDATE imports SET touched_at = ?1")
    .bind(Date.now() - 2 * DAY)
    .run();
  await sweepImports(services);
  await drainImports(services);
  expect(await findImport(DB, "imp_wait")).toMatchObject({ status: "failed", step: null });
  expect(await filesOf("imp_wait")).toBe(0);
  await eraseDue(services);
  expect(await done()).not.toBeNull();
});

test("a part that storage does not give just now is no fault of the file: the import goes on where it stood", async () => {
  await uploading("imp_outage", "f2");
  await takePart(services, "imp_outage", 2, new Blob(["f3,f3@example.com\n"]).stream());
  await completeParts(services, "imp_outage");
  const [, second] = await partsOf(DB, "imp_outage");
  if (!second) throw new Error("no second part");
  const key = `${rawPrefix("imp_outage", second)}0`;
  const kept = await (await ARCHIVE.get(key))?.arrayBuffer();
  await ARCHIVE.delete(key);
  expect(await workOn(services, "imp_outage")).toBe("later");
  expect(await findImport(DB, "imp_outage")).toMatchObject({ status: "running", reason: null });
  await ARCHIVE.put(key, kept ?? "");
  await drainImports(services);
  expect(await findImport(DB, "imp_outage")).toMatchObject({ status: "done", accepted: 2 });
});

test("a part that comes too late, or breaks off, leaves nothing behind", async () => {
  await uploading("imp_late", "f6");
  async function* broken() {
    yield new Uint8Array(9_000_000);
    throw new Error("broke off");
  }
  await expect(takePart(services, "imp_late", 2, broken())).rejects.toThrow("broke off");
  expect(await filesOf("imp_late")).toBe(1);
  /** Its file is complete, read and deleted while the part is on its way. */
  async function* late() {
    yield new TextEncoder().encode("f7,f7@example.com\n");
    await completeParts(services, "imp_late");
    await drainImports(services);
  }
  await expect(takePart(services, "imp_late", 2, late())).rejects.toThrow("complete");
  expect(await findImport(DB, "imp_late")).toMatchObject({ status: "done", step: null });
  expect(await filesOf("imp_late")).toBe(0);
});

test("an import whose steps end the worker is given up, so that erasures go on; one that gets somewhere is not", async () => {
  await uploading("imp_deadly", "f4");
  await completeParts(services, "imp_deadly");
  /** Somebody takes it and is gone before anything is noted. */
  const die = async (times: number) => {
    for (let time = 0; time < times; time++) {
      expect(await takeImport(DB, "imp_deadly", `dead-${time}`)).toBe(true);
      // Who holds it for longer has not begun once more.
      expect(await takeImport(DB, "imp_deadly", `dead-${time}`)).toBe(true);
      await DB.prepare("UPDATE imports SET leased_until = 0 WHERE id = 'imp_deadly'").run();
    }
  };
  await die(7);
  expect(await workOn(services, "imp_deadly", 0)).toBe("more");
  expect(await findImport(DB, "imp_deadly")).toMatchObject({ status: "running", attempts: 0 });
  await die(8);
  expect(await workOn(services, "imp_deadly")).toBe("done");
  const reason = expect.stringContaining("send it in smaller files");
  expect(await findImport(DB, "imp_deadly")).toMatchObject({ status: "failed", step: null, reason });
  expect(await filesOf("imp_deadly")).toBe(0);
});

test("who is overtaken writes nothing", async () => {
  await uploading("imp_twice", "f5");
  const row = await findImport(DB, "imp_twice");
  if (!row) throw new Error("no import");
  const [first, second] = [new Work(services, contacts, row), new Work(services, contacts, row)];
  await first.note({ total: 1 });
  await expect(second.note({ total: 2 }, {}, forgetFiles(DB, "imp_twice"))).rejects.toThrow(Overtaken);
  expect(await findImport(DB, "imp_twice")).toMatchObject({ total: 1 });
  expect(await partsOf(DB, "imp_twice")).toHaveLength(1);
  await DB.prepare("UPDATE imports SET step = NULL WHERE id = 'imp_twice'").run();
});

/** Sends a file; its import waits to be read. */
async function sent(id: string, kind: ImportKind, ...lines: string[]): Promise<void> {
  const kindName = kind === orders ? "orders" : "order_lines";
  await openParts(services, { id, kindName, kind, plan: { attested: null, mapping: null } });
  await takePart(services, id, 1, new Blob([lines.join("\n")]).stream());
  await completeParts(services, id);
}

const LINES = ["order_id,placed_at,sku,quantity,unit_price", "G-1,2025-01-02,s1,2,10.00", "G-2,2025-01-03,s1,1,10.00"];
const ORDERS = ["order_id,email,placed_at,total", "G-1,gail@example.com,2025-01-02,25.00"];

test("orders and lines of orders are taken in one after the other, in the order in which they came", async () => {
  await sent("imp_b_first", orderLines, ...LINES);
  await DB.prepare("UPDATE imports SET created_at = created_at - 1").run();
  await sent("imp_a_second", orders, ...ORDERS);
  // Nobody works on the first just now.
  expect(await takeImport(DB, "imp_a_second", "somebody")).toBe(false);
  expect(await takeImport(DB, "imp_b_first", "somebody")).toBe(true);
  await leaveImport(DB, "imp_b_first", "somebody");
  await drainImports(services);
  expect((await findImport(DB, "imp_a_second"))?.accepted).toBe(1);
});

test("lines of an order that lie beside the ledger are counted by the file that comes next", async () => {
  await sent("imp_beside", orderLines, LINES[0] ?? "", "S-1,2025-01-02,s1,1,10.00");
  const away = new Services(env as unknown as Env);
  Object.defineProperty(away, "ledger", { value: { append: () => Promise.reject(new Error("away")) } });
  expect(await workOn(away, "imp_beside")).toBe("done");
  expect(await DB.prepare("SELECT count(*) AS n FROM side_journal").first("n")).toBe(1);
  await sent("imp_behind", orderLines, LINES[0] ?? "", "S-1,2025-01-02,s2,1,7.00");
  await drainImports(services);
  expect(await DB.prepare("SELECT total FROM orders WHERE order_id = 'S-1'").first("total")).toBe(1_700);
});

test("an order made of lines that name nobody comes to the customer whom the file of orders names", async () => {
  const sql =
    "SELECT c.email, c.anonymous_id AS anon, m.orders, m.net_total AS net, w.cause, (SELECT count(*) FROM orders o " +
    "JOIN contacts f ON f.id = o.contact WHERE f.id = c.id OR f.merged_into = c.id) AS held FROM contact_metrics m " +
    "JOIN contacts c ON c.id = m.contact LEFT JOIN merges w ON w.winner = c.id " +
    "WHERE c.status <> 'merged' AND (c.email LIKE 'gail%' OR c.anonymous_id LIKE 'guest:G%') ORDER BY 1";
  expect((await DB.prepare(sql).all()).results).toEqual([
    { email: null, anon: "guest:G-2", orders: 1, net: 1_000, cause: null, held: 1 },
    { email: "gail@example.com", anon: null, orders: 1, net: 2_500, cause: "guest_order", held: 1 },
  ]);
  // And a file of lines that names one.
  const [head, , line] = LINES;
  await sent("imp_c", orderLines, `${head},external_id`, `${line?.replace("s1", "s2")},gus`);
  await drainImports(services);
  const held =
    "SELECT m.orders, m.net_total AS net FROM identities i JOIN contact_metrics m ON m.contact = i.contact WHERE i.identity = 'u:gus'";
  expect(await DB.prepare(held).first()).toEqual({ orders: 1, net: 2_000 });
});
