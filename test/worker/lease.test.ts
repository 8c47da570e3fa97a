import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { withLease } from "../../src/services/lease";

const { DB } = env as unknown as { DB: D1Database };

test("a lease that ran out is not ended for whoever has it by then", async () => {
  const done: string[] = [];
  const run = (name: string, now: number, during = () => Promise.resolve()) =>
    withLease(DB, "tested", now, 100, async () => {
      done.push(name);
      await during();
    });
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  await run("slow", 0, async () => {
    void run("second", 200, () => held);
    while (!done.includes("second")) await DB.prepare("SELECT 1").first();
  });
  await run("while the second has it", 250);
  release();
  await DB.prepare("SELECT 1").first();
  await run("once it ran out", 400);
  expect(done).toEqual(["slow", "second", "once it ran out"]);
});
