import { describe, expect, test } from "vitest";
import { safeNext } from "../../../src/console/access";
import { Attempts } from "../../../src/console/attempts";
import { newSessionId, SESSION_LIFE, Sessions } from "../../../src/console/session";

const NOW = Date.parse("2026-11-21T10:00:00Z");
const config = { LINK_SECRET: "a-secret-of-many-letters", ADMIN_KEYS: ["ak_one", "ak_two"] };
const sessions = new Sessions(config);

describe("a session", () => {
  test("is read as long as it lasts", async () => {
    const id = newSessionId();
    const token = await sessions.issue("ak_two", id, NOW);
    expect(await sessions.read(token, NOW)).toMatchObject({ id, expiresAt: NOW + SESSION_LIFE });
    expect(await sessions.read(token, NOW + SESSION_LIFE - 1)).not.toBeNull();
    expect(await sessions.read(token, NOW + SESSION_LIFE)).toBeNull();
  });

  test("is another one at each login", () => expect(newSessionId()).not.toBe(newSessionId()));

  test("ends with the key that it was opened with", async () => {
    const token = await sessions.issue("ak_two", newSessionId(), NOW);
    const fewer = new Sessions({ ...config, ADMIN_KEYS: ["ak_one"] });
    expect(await fewer.read(token, NOW)).toBeNull();
  });

  test("is worth nothing under another secret", async () => {
    const token = await new Sessions({ ...config, LINK_SECRET: "another-secret-of-letters" }).issue(
      "ak_one",
      newSessionId(),
      NOW,
    );
    expect(await sessions.read(token, NOW)).toBeNull();
  });

  test("cannot be changed in any letter", async () => {
    const token = await sessions.issue("ak_one", newSessionId(), NOW);
    for (let index = 0; index < token.length; index++) {
      const other = token[index] === "7" ? "8" : "7";
      expect(await sessions.read(token.slice(0, index) + other + token.slice(index + 1), NOW)).toBeNull();
    }
  });

  test.each(["", ".", "...", "a".repeat(5_000)])("of %j is none", async (token) => {
    expect(await sessions.read(token, NOW)).toBeNull();
  });

  test("has forms of its own", async () => {
    const [one, two] = [newSessionId(), newSessionId()].map((id) => ({ id, expiresAt: NOW }));
    expect(await sessions.formToken(one as never)).toBe(await sessions.formToken(one as never));
    expect(await sessions.formToken(one as never)).not.toBe(await sessions.formToken(two as never));
  });
});

describe("wrong keys", () => {
  test("ten in a minute close the door for that address alone, until the minute is over", () => {
    const attempts = new Attempts();
    for (let count = 0; count < 10; count++) {
      expect(attempts.wait("one", NOW)).toBe(0);
      attempts.note("one", NOW);
    }
    expect(attempts.wait("one", NOW + 1_000)).toBe(59);
    expect(attempts.wait("two", NOW + 1_000)).toBe(0);
    expect(attempts.wait("one", NOW + 60_000)).toBe(0);
  });

  test("of thousands of addresses take no more room than a few thousand", () => {
    const attempts = new Attempts();
    for (let count = 0; count < 20_000; count++) attempts.note(`address-${count}`, NOW);
    for (let count = 0; count < 10; count++) attempts.note("address-19999", NOW);
    expect(attempts.wait("address-19999", NOW)).toBeGreaterThan(0);
    expect((attempts as unknown as { wrong: Map<string, unknown> }).wrong.size).toBeLessThanOrEqual(5_000);
  });
});

test.each([
  ["/admin/contacts/ct_0000000001", "/admin/contacts/ct_0000000001"],
  ["/admin", "/admin"],
  ["//evil.test", "/admin"],
  ["/admin//evil.test", "/admin"],
  ["/administrator", "/admin"],
  ["https://evil.test/admin", "/admin"],
  ["/admin/\\evil.test", "/admin"],
  ["/admin/a?b=https://evil.test", "/admin"],
  [null, "/admin"],
])("after the login %j leads to %s", (next, to) => expect(safeNext(next)).toBe(to));
