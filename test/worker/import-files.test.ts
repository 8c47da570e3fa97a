import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { contacts } from "../../src/admin/import/contacts";
import { importPrefix, rawPrefix } from "../../src/admin/import/files";
import { drainImports, sweepImports, workOn } from "../../src/admin/import/queue";
import { findImport, partsOf } from "../../src/admin/import/store";
import { completeParts, openParts, takePart } from "../../src/admin/import/upload";
import { servicesOf } from "../../src/services";
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
  await completeParts(services, "imp_outage", () => Promise.resolve(contacts));
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
