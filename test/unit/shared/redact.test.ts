import { afterEach, describe, expect, it, vi } from "vitest";
import { onError } from "../../../src/platform/http";
import { log } from "../../../src/platform/log";
import { redact } from "../../../src/shared/redact";

describe("a text without personal data", () => {
  it.each([
    ["no user zz-canary-7f3@x.test here", "no user [address] here"],
    ['UNIQUE failed: "Ann.Lee+news@shop.co.uk"', 'UNIQUE failed: "[address]"'],
    ["GET /p?email=ann%40x.test&a=1", "GET /p?email=[address]&a=1"],
    ["jürgen@straße.de", "[address]"],
    ["call +33 6 12 34 56 78 or 06 12 34 56 78", "call [phone] or [phone]"],
    ["contact 1234567890123 of run_0123456789", "contact 1234567890123 of run_0123456789"],
    ["at 2026-01-05T10:00:00.000Z, 1767607200000", "at 2026-01-05T10:00:00.000Z, 1767607200000"],
    ["D1_ERROR: no such table: sends", "D1_ERROR: no such table: sends"],
  ])("%s", (text, clean) => expect(redact(text)).toBe(clean));
});

describe("the log (J10)", () => {
  afterEach(() => vi.restoreAllMocks());

  it("says what went wrong, without the address that an exception quotes", () => {
    const said = vi.spyOn(console, "log").mockImplementation(() => undefined);
    try {
      throw new Error("cannot write zz-canary-7f3@x.test, +33612345678");
    } catch (error) {
      log("it failed", { error: String(error), deep: { list: ["zz-canary-7f3@x.test"] } });
      onError(error as Error, { req: { routePath: "/api/x" } } as Parameters<typeof onError>[1]);
    }
    const text = JSON.stringify(said.mock.calls);
    expect(text).toContain("cannot write [address], [phone]");
    expect(text).not.toContain("canary");
    expect(text).not.toContain("612345678");
  });

  it("and the answer to the client says nothing of it at all", async () => {
    vi.spyOn(console, "log").mockImplementation(() => undefined);
    const answer = onError(new Error("zz-canary-7f3@x.test"), { req: { routePath: "/" } } as never);
    expect(await answer.text()).not.toMatch(/canary|address/);
  });
});
