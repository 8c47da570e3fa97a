import { beforeEach, expect, test } from "vitest";
import { resolver } from "../../src/contacts/identity";
import { segmentFollower } from "../../src/services/segments/follower";
import { begin, bindings, members, order, person, rowOf, segment, services, tell } from "../support/segment-world";

const { DB } = bindings;

beforeEach(begin);

/** A follower of its own whose rows, index entries among them, are counted as they are written. */
function counted() {
  let rows = 0;
  const prepare = (sql: string): D1PreparedStatement => {
    const statement = DB.prepare(sql);
    const { run, bind } = statement;
    const counting = (one: D1PreparedStatement): D1PreparedStatement =>
      Object.assign(one, {
        async run() {
          const result = await run.call(one);
          rows += result.meta.rows_written;
          return result;
        },
      });
    return Object.assign(counting(statement), {
      bind: (...values: unknown[]) => counting(bind.apply(statement, values)),
    });
  };
  const batch = async (statements: D1PreparedStatement[]) => {
    const results = await DB.batch(statements);
    rows += results.reduce((sum, { meta }) => sum + meta.rows_written, 0);
    return results;
  };
  const db = { prepare, batch } as unknown as D1Database;
  const told: unknown[] = [];
  const append = async (intake: { events: readonly unknown[] }) => {
    told.push(...intake.events);
    return { status: "stored" as const };
  };
  const over = Object.create(services, { env: { value: { ...bindings, DB: db } }, append: { value: append } });
  const follower = segmentFollower(over as typeof services, (event) => resolver.keys(event));
  return {
    follower,
    told,
    take() {
      const taken = rows;
      rows = 0;
      return taken;
    },
  };
}

const rule = { type: "orders.count", op: "gte", value: 1 };

/** Puts an order behind everybody's back: only the follower at hand hears of it. */
async function put(contact: number, id: string): Promise<void> {
  const columns =
    "order_id, contact, status, placed_at, currency, total, discount, tax, shipping, refunded, net, shown, source";
  await DB.prepare(
    `INSERT INTO orders (${columns}) VALUES (?1, ?2, 'delivered', ?3, 'EUR', 50, 0, 0, 0, 0, 50, '[]', 'secret')`,
  )
    .bind(id, contact, services.clock.now())
    .run();
}

test("a contact that moves costs its rows, and one that does not costs none", async () => {
  await tell(person("ann"), person("ben"), order("ben", "b1"));
  await segment("buyers", rule);
  await segment("level", {
    segments: [
      ["loyal", { ...rule, value: 9 }],
      ["buyer", rule],
    ],
  });
  const [ann, ben] = [await rowOf("ann"), await rowOf("ben")];
  const { follower, take, told } = counted();
  await follower.refresh();
  await follower.drain();
  // From here on its place is written at most twice a minute.
  let seq = 2 ** 50;
  const hear = async (...contacts: number[]): Promise<number> => {
    take();
    follower.touch(
      new Map(contacts.map((contact) => [contact, { acted: true, times: [services.clock.now()] }])),
      ++seq,
    );
    await follower.drain();
    return take();
  };
  await hear(ann);
  expect([await hear(ann), await hear(ann, ben), await hear(ben)]).toEqual([0, 0, 0]);
  await put(ann, "a1");
  // In each of two families: the membership, the move with its index entry, the day's flow, what is told, that it is being
  // told and that it was. For both together: the version, once more with the mark, and the place in the journal.
  expect(await hear(ann)).toBe(2 * (1 + 2 + 1 + 1 + 1 + 1) + 3);
  expect(told).toHaveLength(2);
  await put(ann, "a2");
  expect(await hear(ann, ben)).toBe(0);
  expect(await members("level")).toEqual({ ann: "buyer", ben: "buyer" });
});
