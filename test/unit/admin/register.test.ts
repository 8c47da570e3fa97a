import { describe, expect, test } from "vitest";
import { ELSEWHERE, registerMarkdown, registerOf } from "../../../src/admin/register";
import { SHARD_TABLES, STORED_TABLES } from "../../../src/services/stored-tables";

const entries = [
  ...registerOf("D1", STORED_TABLES),
  ...registerOf("Contact shards (Durable Objects)", SHARD_TABLES),
  ...ELSEWHERE,
];

describe("the register of what is stored", () => {
  test("says of everything personal why, how long, and what an erasure does with it", () => {
    for (const { table, why, kept, on_erasure: fate, personal } of entries) {
      expect(`${table}: ${why}`).toMatch(/: .{8,}/);
      expect(kept, table).not.toBe("");
      if (personal) expect(fate, table).toMatch(/deleted|taken out|emptied|kept/);
    }
  });

  test("says of what goes to a provider which one it is", () => {
    expect(entries.find(({ table }) => table === "sends")?.handed_to).toContain("email provider (Resend)");
  });

  test("is the page in docs/ (`npm run register` writes it)", async () => {
    await expect(registerMarkdown(entries)).toMatchFileSnapshot("../../../docs/register.md");
  });
});
