import { describe, expect, test } from "vitest";
import { eraseDue } from "../../src/services/erase";
import { emptyContacts, erasureId, familyOf, requestEvent } from "../../src/services/erase-begin";
import { bindings, countOf, person, placesOf, services } from "../support/marked";

const { DB } = bindings;

/** Asks for an erasure as the API does. */
async function ask(contact: number): Promise<string> {
  const id = erasureId(contact);
  const asked = requestEvent(id, contact, "erasure", Date.now());
  await emptyContacts(services, id, await familyOf(DB, contact), true, [asked]);
  return id;
}

async function isDone(request: string): Promise<boolean> {
  const sql = "SELECT done_at FROM privacy_requests WHERE id = ?1";
  return (await DB.prepare(sql).bind(request).first("done_at")) !== null;
}

describe("an erasure (J02)", () => {
  test("leaves nothing of a person anywhere, and everything of everybody else", async () => {
    const [gone, stays] = ["zqgone", "zqstays"];
    const contact = await person(gone);
    await person(stays);
    const before = await countOf(stays);
    // The mark is really everywhere: a table or column that is not seeded would prove nothing.
    expect((await placesOf(gone)).length).toBeGreaterThan(18);
    const request = await ask(contact);
    await eraseDue(services);
    expect(await placesOf(gone)).toEqual([]);
    expect(await countOf(stays)).toBe(before);
    expect(await isDone(request)).toBe(true);
    const row = await DB.prepare("SELECT * FROM contacts WHERE id = ?1").bind(contact).first<Record<string, unknown>>();
    const { id: _id, status, attributes, consents, created_at: _at, ring: _ring, seq: _seq, ...rest } = row ?? {};
    expect({ status, attributes, consents }).toEqual({ status: "erased", attributes: "{}", consents: "{}" });
    expect(Object.values(rest).filter((value) => value !== null && value !== 0)).toEqual([]);
  });

  test("that breaks off between any two of its pieces goes on to the same end", { timeout: 120_000 }, async () => {
    const keeper = "zqkeeper";
    await person(keeper);
    const before = await countOf(keeper);
    for (let fatal = 1, died = true; died; fatal++) {
      const mark = `zqcrash${fatal}z`;
      const request = await ask(await person(mark));
      let pieces = 0;
      died = false;
      const dying = eraseDue(services, async (step) => {
        if (++pieces < fatal) return;
        died = true;
        throw new Error(`died in ${step}`);
      });
      await dying.catch((error: Error) => expect(error.message).toMatch(/^died in /));
      await eraseDue(services);
      expect(await isDone(request), `died after ${fatal} pieces`).toBe(true);
      if (!died) expect(fatal).toBeGreaterThan(24);
    }
    expect(await placesOf("zqcrash")).toEqual([]);
    expect(await countOf(keeper)).toBe(before);
  });
});
