import { describe, expect, it } from "vitest";
import type { PermitRow, SendKey } from "../../../src/decisions/permit";
import type { Settled } from "../../../src/sends/deliver";
import type { Outcome } from "../../../src/sends/message";
import type { ConsumerPorts } from "../../../src/sends/queue";
import { consumeBatch, enqueueSends, type QueueBody } from "../../../src/sends/queue";
import { HOUR, SECOND } from "../../../src/shared/clock";

const NOW = Date.UTC(2026, 0, 5, 10);

/** A queue that notes what it is given and how much of it at once. */
function recorded() {
  const bodies: QueueBody[] = [];
  const calls: number[] = [];
  const delays = new Set<number | undefined>();
  let open = 0;
  let mostAtOnce = 0;
  const sendBatch = async (messages: { body: QueueBody; delaySeconds?: number }[]) => {
    mostAtOnce = Math.max(mostAtOnce, ++open);
    calls.push(messages.length);
    await Promise.resolve();
    for (const { body, delaySeconds } of messages) {
      bodies.push(body);
      delays.add(delaySeconds);
    }
    open--;
  };
  return { queue: { sendBatch } as unknown as Queue, bodies, calls, delays, most: () => mostAtOnce };
}

const keys = (count: number): SendKey[] =>
  Array.from({ length: count }, (_, contact) => ({ contact, id: `msg_${contact}` }));

describe("putting sends into a queue", () => {
  it("keeps twenty thousand within what a local broker holds, one call at a time (K05)", async () => {
    const { queue, bodies, calls, most } = recorded();
    await enqueueSends(queue, keys(20_000));
    expect(bodies).toHaveLength(800);
    expect(Math.max(...calls)).toBeLessThanOrEqual(100);
    expect(most()).toBe(1);
    const sent = bodies.flatMap(({ sends }) => sends.map(([contact, id]) => ({ contact, id })));
    expect(sent).toEqual(keys(20_000));
  });

  it("holds ids only, and no message over what a queue takes", async () => {
    const { queue, bodies } = recorded();
    await enqueueSends(queue, keys(60));
    expect(bodies.map(({ sends }) => sends.length)).toEqual([25, 25, 10]);
    for (const body of bodies) expect(JSON.stringify(body).length).toBeLessThan(128 * 1024);
  });

  it("calls nobody where there is nothing to send", async () => {
    const { queue, calls } = recorded();
    await enqueueSends(queue, []);
    expect(calls).toEqual([]);
  });

  it("asks for a delay only where there is one", async () => {
    const { queue, delays } = recorded();
    await enqueueSends(queue, keys(1));
    await enqueueSends(queue, keys(1), 30);
    expect([...delays]).toEqual([undefined, 30]);
  });
});

function row(contact: number, change: Partial<PermitRow> = {}): PermitRow {
  const about = { run: "run_1", scenario: "s", block: "b", channel: "email", class: "marketing" } as const;
  const content = { content: "hello", content_version: 1, address: "ann@shop.test" };
  const data = JSON.stringify({
    language: "en",
    contact: { first_name: "Ann", last_name: null },
    cart: null,
    order: null,
    tracking: false,
  });
  const times = { attempts: 1, first_attempt_at: NOW, created_at: NOW };
  return {
    contact,
    id: `msg_${contact}`,
    state: "claimed",
    reason: null,
    ...about,
    ...content,
    data,
    ...times,
    ...change,
  };
}

/** A consumer in a world where the provider answers with `outcome`, and differently about those of `others`. */
function world(
  rows: readonly PermitRow[] | Error,
  outcome: Outcome = { state: "accepted", providerId: "re_1" },
  others: Readonly<Record<string, Outcome>> = {},
) {
  const calls: string[] = [];
  const settled: Settled[] = [];
  const later: { keys: readonly SendKey[]; delay: number }[] = [];
  const asked: (readonly SendKey[])[] = [];
  let acknowledged = false;
  let again: number | null = null;
  const text = { subject: "Hello", preheader: "Hello", html: "<p>Hello</p>" };
  const ports: ConsumerPorts = {
    channel: () => ({
      key: "email",
      send: async ({ id }) => {
        calls.push(id);
        return others[id] ?? outcome;
      },
    }),
    content: async (key, version) =>
      key === "gone"
        ? null
        : { key, version, channel: "email", class: "transactional", needs: [], texts: { en: text, fr: text } },
    links: () => ({ unsubscribe: "https://relance.test/u/1", open: null, click: (destination) => destination }),
    shop: { name: "Shop", url: "https://shop.test", postalAddress: "1 Street", emailFrom: "Shop <a@shop.test>" },
    now: () => NOW,
    async permit(wanted) {
      asked.push(wanted);
      if (rows instanceof Error) throw rows;
      return rows;
    },
    settle: async (all) => void settled.push(...all),
    later: async (_, wanted, delay) => void later.push({ keys: wanted, delay }),
    log: () => undefined,
  };
  const consume = (...bodies: unknown[]) => {
    const batch = {
      messages: bodies.map((body) => ({ body })),
      ackAll: () => {
        acknowledged = true;
      },
      retryAll: ({ delaySeconds }: { delaySeconds: number }) => {
        again = delaySeconds;
      },
    };
    return consumeBatch("email", batch as unknown as MessageBatch, ports);
  };
  const ended = () => ({ acknowledged, again });
  return { consume, calls, settled, later, asked, ended };
}

const body = (...sends: [number, string][]): QueueBody => ({ v: 1, sends });

describe("a batch of a queue", () => {
  it("asks one permit for all its messages and sends what was claimed", async () => {
    const { consume, calls, settled, asked, ended } = world([row(1), row(2)]);
    await consume(body([1, "msg_1"]), body([2, "msg_2"], [3, "msg_3"]));
    expect(asked).toEqual([[1, 2, 3].map((contact) => ({ contact, id: `msg_${contact}` }))]);
    expect(calls).toEqual(["msg_1", "msg_2"]);
    expect(settled).toMatchObject([{ state: "sent", providerId: "re_1" }, { state: "sent" }]);
    expect(ended()).toEqual({ acknowledged: true, again: null });
  });

  it("never sends what the permit settled otherwise", async () => {
    const { consume, calls, settled } = world([row(1, { state: "suppressed" }), row(2, { state: "unknown" })]);
    await consume(body([1, "msg_1"], [2, "msg_2"]));
    expect(calls).toEqual([]);
    expect(settled).toEqual([]);
  });

  it("comes again when the permit cannot be had, and sends nothing meanwhile", async () => {
    const { consume, calls, ended } = world(new Error("the ledger is away"));
    await consume(body([1, "msg_1"]));
    expect(calls).toEqual([]);
    expect(ended()).toEqual({ acknowledged: false, again: 2 });
  });

  it("ends for the one recipient who is refused, and goes out to all others (mautic 7226)", async () => {
    const refused = { state: "failed", reason: "validation_error" } as const;
    const { consume, calls, settled, later, ended } = world([row(1), row(2), row(3)], undefined, { msg_2: refused });
    await consume(body([1, "msg_1"], [2, "msg_2"], [3, "msg_3"]));
    expect(calls).toEqual(["msg_1", "msg_2", "msg_3"]);
    expect(settled.map(({ state }) => state)).toEqual(["sent", "failed", "sent"]);
    expect(later).toEqual([]);
    expect(ended()).toEqual({ acknowledged: true, again: null });
  });

  it("passes over a message that it does not understand", async () => {
    const { consume, calls, ended } = world([row(1)]);
    await consume({ v: 2, sends: [] }, "text", null, body([1, "msg_1"]));
    expect(calls).toEqual(["msg_1"]);
    expect(ended().acknowledged).toBe(true);
  });

  it("offers again what the provider put off, when it said so", async () => {
    const { consume, settled, later } = world([row(1)], {
      state: "retry",
      reason: "rate_limit_exceeded",
      afterMs: 7_000,
    });
    await consume(body([1, "msg_1"]));
    expect(settled).toMatchObject([{ state: "queued", reason: "rate_limit_exceeded", nextAt: NOW + 7 * SECOND }]);
    expect(later).toMatchObject([{ keys: [{ contact: 1, id: "msg_1" }], delay: 7 }]);
  });

  it("repeats nothing later than 23 hours after the first attempt: the provider has forgotten the key then", async () => {
    const old = row(1, { attempts: 20, first_attempt_at: NOW - 23 * HOUR + SECOND });
    const { consume, settled, later } = world([old], { state: "retry", reason: "network", afterMs: null });
    await consume(body([1, "msg_1"]));
    expect(settled).toMatchObject([{ state: "unknown", reason: "gave_up: network" }]);
    expect(later).toEqual([]);
  });

  it("waits twice as long after each attempt, an hour at most", async () => {
    const waits = [];
    for (const attempts of [1, 2, 3, 12, 30]) {
      const { consume, settled } = world([row(1, { attempts })], { state: "retry", reason: "network", afterMs: null });
      await consume(body([1, "msg_1"]));
      waits.push((settled[0]?.nextAt ?? 0) - NOW);
    }
    expect(waits).toEqual([SECOND, 2 * SECOND, 4 * SECOND, 2_048 * SECOND, HOUR]);
  });

  it("suppresses, with its reason, what cannot be rendered", async () => {
    const { consume, calls, settled } = world([row(1, { content: "gone" }), row(2)]);
    await consume(body([1, "msg_1"], [2, "msg_2"]));
    expect(calls).toEqual(["msg_2"]);
    expect(settled[0]).toMatchObject({
      state: "suppressed",
      reason: "content_cannot_be_personalised: template_invalid",
    });
  });
});
