import { expect, test } from "vitest";
import { unstable_readConfig } from "wrangler";

interface Consumer {
  readonly queue: string;
  readonly dead_letter_queue?: string;
  readonly max_batch_timeout?: number;
}

const { queues } = unstable_readConfig({ config: "wrangler.toml" }, { hideWarnings: true });
const consumers: readonly Consumer[] = queues.consumers ?? [];
const producers: readonly { readonly queue: string }[] = queues.producers ?? [];
const isDead = (queue: string) => queue.endsWith("-dead");

test("every queue with a consumer has a dead-letter queue: a message at its last retry is deleted otherwise (K04)", () => {
  const alive = consumers.filter(({ queue }) => !isDead(queue));
  expect(alive.length).toBeGreaterThan(0);
  for (const { queue, dead_letter_queue: dead } of alive) expect(dead, queue).toBe(`${queue}-dead`);
});

test("every dead-letter queue is read, and has none of its own", () => {
  const dead = consumers.flatMap(({ dead_letter_queue: name }) => (name === undefined ? [] : [name]));
  expect(dead.length).toBeGreaterThan(0);
  for (const name of dead) {
    const [reader, ...others] = consumers.filter(({ queue }) => queue === name);
    expect(reader, name).toBeDefined();
    expect(others).toEqual([]);
    expect(reader?.dead_letter_queue).toBeUndefined();
  }
});

test("every queue that is written to is read", () => {
  for (const { queue } of producers) expect(consumers.map((consumer) => consumer.queue)).toContain(queue);
});

test("a batch of messages never waits to fill, as every message of a contact would wait with it", () => {
  for (const { queue, max_batch_timeout: wait } of consumers) if (!isDead(queue)) expect(wait, queue).toBe(0);
});
