import { describe, expect, test } from "vitest";
import { fileStream } from "../../src/admin/export/file";
import { exportNames, findList } from "../../src/admin/export/lists";
import { IMPORT_KINDS } from "../../src/admin/import/kinds";
import { tableRows } from "../../src/admin/import/table-rows";
import { createApp } from "../../src/app";
import { STAR_TABLES } from "../../src/contacts/star";
import { keyIdOf } from "../../src/platform/auth";
import { eraseDue } from "../../src/services/erase";
import { beginErasure } from "../../src/services/erase-begin";
import { Leaving } from "../../src/services/leaving";
import { contactId } from "../../src/shared/ids";
import { signToken } from "../../src/shared/token";
import { bindings, give, person, rowOf, services } from "../support/marked";

const { DB } = bindings;
const app = createApp();

interface Asked {
  readonly id: string;
  readonly url: string;
}

const OTHER = "ak_another";
/** The same shop with a second admin. */
const both = { ...bindings, ADMIN_KEYS: `${services.config.ADMIN_KEYS.join(",")},${OTHER}` };

function call(method: string, path: string, body?: object, key = "ak_local"): Promise<Response> {
  const headers: Record<string, string> = key === "" ? {} : { Authorization: `Bearer ${key}` };
  const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
  return Promise.resolve(app.fetch(new Request(new URL(path, "https://relance.test"), init), both));
}

async function ask(body: object, key?: string): Promise<Asked> {
  const answer = await call("POST", "/api/exports", body, key);
  expect([answer.status, answer.status === 201 ? "" : await answer.clone().text()]).toEqual([201, ""]);
  return answer.json();
}

async function rowOfExport(id: string): Promise<Record<string, unknown> | null> {
  return DB.prepare("SELECT * FROM exports WHERE id = ?1").bind(id).first();
}

const erase = (contact: number): Promise<string> => beginErasure(services, contact, Date.now());

/** People with an address, and nothing else. */
async function people(prefix: string, count: number): Promise<void> {
  const at = Date.now();
  const base = { type: "identify", name: "", at, trust: "secret" } as const;
  await give(
    ...Array.from({ length: count }, (_, index) => {
      const user = `${prefix}-${String(index).padStart(3, "0")}`;
      return { ...base, id: `${user}-i`, user, traits: { email: `${user}@x.test`, first_name: "Ann" } };
    }),
  );
}

/** A list or a table as NDJSON, with all that it usually tells. */
async function streamOf(name: string, pageRows: number, ended: (how: string) => void): Promise<ReadableStream> {
  const list = await findList(services, name);
  if (!list) throw new Error(`there is no list ${name}`);
  const leaving = new Leaving(services);
  const columns = [...list.columns, ...((await list.more?.(DB)) ?? []), ...list.extra];
  const wish = { now: Date.now() };
  const plan = { list, columns, format: "ndjson", wish, bom: false, leaving: () => leaving.now() } as const;
  return fileStream(DB, plan, (_, how) => Promise.resolve(ended(how)), pageRows);
}

async function fileOf(name: string): Promise<string> {
  return new Response(await streamOf(name, 1_000, () => undefined)).text();
}

describe("a list that can be imported", () => {
  test("is exported in columns that its import knows", async () => {
    for (const [name, kind] of Object.entries(IMPORT_KINDS)) {
      const list = await findList(services, name);
      // Events stand in the journal, of which one row tells of many.
      expect(list === null, name).toBe(name === "events");
      expect(kind.columns, name).toEqual(expect.arrayContaining([...(list?.columns ?? [])]));
    }
    const table = STAR_TABLES.wishlist_items;
    const { columns = [] } = (await findList(services, "wishlist_items")) ?? {};
    expect(tableRows(table).columns).toEqual(expect.arrayContaining([...columns]));
  });
});

describe("I11 an export's link", () => {
  test("opens once, for whoever asked, and says so in the log", async () => {
    await people("i11", 3);
    const { id, url } = await ask({ kind: "contacts", columns: ["external_id", "email"] });
    const opened = await call("GET", url);
    expect(opened.status).toBe(200);
    expect(Object.fromEntries(opened.headers)).toMatchObject({
      "cache-control": "no-store, private",
      "content-type": "text/csv; charset=utf-8; header=present",
      "x-content-type-options": "nosniff",
    });
    expect(opened.headers.get("content-disposition")).toMatch(/^attachment; filename="contacts-\d{4}-\d\d-\d\d\.csv"$/);
    const lines = (await opened.text()).trimEnd().split("\r\n");
    expect(lines).toEqual(expect.arrayContaining(["external_id,email", "i11-000,i11-000@x.test"]));
    expect(await rowOfExport(id)).toMatchObject({
      key: await keyIdOf("ak_local"),
      name: "contacts",
      rows: lines.length - 1,
      ended: "done",
    });
    expect((await call("GET", url)).status).toBe(404);
    const { data } = await (await call("GET", "/api/exports")).json<{ data: object[] }>();
    expect(data[0]).toMatchObject({ id, name: "contacts", rows: lines.length - 1, ended: "done" });
    // Ids only: neither key nor address of anybody.
    expect(JSON.stringify(await rowOfExport(id))).not.toMatch(/ak_local|@/);
  });

  test("that is guessed, shared or old opens nothing, all in the same words", async () => {
    const { id, url } = await ask({ kind: "contacts" });
    const token = new URL(url).pathname.split("/").at(-1) ?? "";
    const owner = await keyIdOf("ak_local");
    const { LINK_SECRET } = services.config;
    const later = Date.now() + 60_000;
    const links = [
      [`/api/exports/files/${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`, "ak_local"],
      [`/api/exports/files/${token.replace(/~\d+~/, `~${later + 1}~`)}`, "ak_local"],
      [`/api/exports/files/${signToken(LINK_SECRET, "unsubscribe", [id, owner, later])}`, "ak_local"],
      [`/api/exports/files/${signToken("another secret", "export", [id, owner, later])}`, "ak_local"],
      [`/api/exports/files/${signToken(LINK_SECRET, "export", [id, owner, Date.now() - 1])}`, "ak_local"],
      ["/api/exports/files/x", "ak_local"],
      // Shared with another admin of the same shop.
      [url, OTHER],
    ] as const;
    const words = new Set<string>();
    for (const [path, key] of links) {
      const answer = await call("GET", path, undefined, key);
      expect([path, answer.status]).toEqual([path, 404]);
      words.add(await answer.text());
    }
    expect(words.size).toBe(1);
    expect((await call("GET", url, undefined, "")).status).toBe(401);
    expect((await call("GET", url, undefined, "sk_local")).status).toBe(403);
    // A scanner that looks first does not use it up.
    const peek = await call("HEAD", url);
    expect([peek.status, await peek.text()]).toEqual([200, ""]);
    await DB.prepare("UPDATE exports SET expires_at = ?2 WHERE id = ?1")
      .bind(id, Date.now() - 1)
      .run();
    expect((await call("GET", url)).status).toBe(404);
    expect(await rowOfExport(id)).toMatchObject({ opened_at: null, rows: null });
  });

  test("opens once, although it is used many times at once", async () => {
    const { url } = await ask({ kind: "contacts" });
    const answers = await Promise.all(Array.from({ length: 10 }, () => call("GET", url)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 9 }, () => 404)]);
    await Promise.all(answers.map((answer) => answer.text()));
  });
});

describe("I12 an export while an erasure runs", () => {
  test("has nobody whose erasure was accepted, in what is read from then on", async () => {
    await people("i12", 30);
    const last = (await rowOf("u:i12-029")) ?? 0;
    let ended: unknown;
    const stream = await streamOf("contacts", 5, (how) => (ended = how));
    const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
    const first = await reader.read();
    expect(first.value?.trimEnd().split("\n")).toHaveLength(5);
    expect(first.value).not.toContain("i12-029");
    await erase(last);
    let rest = "";
    for (let part = await reader.read(); !part.done; part = await reader.read()) rest += part.value;
    expect(rest).toContain("i12-028");
    expect(rest).not.toContain("i12-029");
    expect(ended).toBe("done");
  });

  test("has none of their rows in any list or table, from the word on and when all is done", async () => {
    const [gone, stays] = ["zqout", "zqkept"];
    const contact = await person(gone);
    await person(stays);
    const names = await exportNames(services);
    const everything = async (): Promise<Record<string, string>> => {
      const files = names.map(async (name) => [name, await fileOf(name)] as const);
      return Object.fromEntries(await Promise.all(files));
    };
    const before = await everything();
    const holding = Object.keys(before).filter((name) => before[name]?.includes(gone));
    expect(holding).toEqual(expect.arrayContaining(["contacts", "orders", "order_lines", "sends", "pets", "reviews"]));
    await erase(contact);
    const during = await everything();
    const id = contactId(contact);
    for (const [name, file] of Object.entries(during)) {
      expect(file.includes(gone), `${name} while it runs`).toBe(false);
      // The request itself is kept, to prove that it was answered.
      if (name !== "privacy_requests") expect(file.includes(id), `${name} while it runs`).toBe(false);
    }
    await eraseDue(services);
    const after = await everything();
    for (const [name, file] of Object.entries(after)) expect(file.includes(gone), name).toBe(false);
    for (const name of holding) expect([name, after[name]?.includes(stays)]).toEqual([name, true]);
  });
});
