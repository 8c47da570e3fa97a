import { afterEach, describe, expect, it } from "vitest";
import { resendEmail } from "../../../src/sends/channels/resend-email";
import { HOUR, MINUTE, SECOND } from "../../../src/shared/clock";
import { type RunningServer, type ServerOptions, startResendServer } from "../../support/resend-server.mjs";
import { Outbox } from "./outbox";

const open: RunningServer[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function start(options: ServerOptions = {}, callsPerSecond = 0) {
  const server = await startResendServer(options);
  open.push(server);
  const email = resendEmail({ apiKey: "re_test", baseUrl: server.url, timeoutMs: 2_000, callsPerSecond });
  return { server, email, outbox: new Outbox(email) };
}

/** How often each address is in the provider's ledger. */
function received(server: RunningServer): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { to } of server.ledger) for (const one of to) counts.set(one, (counts.get(one) ?? 0) + 1);
  return counts;
}

const mostOf = (server: RunningServer): number => Math.max(0, ...received(server).values());

describe("a batch of messages", () => {
  it("takes a hundred to a call under one key, and each has the provider's id of its own", async () => {
    const { server, outbox } = await start();
    outbox.add(250);
    await outbox.offer();
    expect(server.counters.requests).toBe(3);
    expect(new Set(server.ledger.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(3);
    expect(outbox.states()).toEqual({ sent: 250 });
    for (const [id, { providerId, row }] of outbox.kept) {
      const entry = server.ledger.find((one) => one.id === providerId);
      expect(entry?.to).toEqual([row.address]);
      expect(entry?.tags).toContainEqual({ name: "send", value: id });
    }
    expect(outbox.batches.size).toBe(0);
  });

  it("leaves out what somebody waits for, which goes by itself and first", async () => {
    const { server, outbox } = await start({}, 2);
    outbox.add(30);
    outbox.add(2, { class: "transactional" });
    await outbox.offer();
    expect(server.ledger.map(({ acceptance }) => acceptance).slice(0, 3)).toEqual([1, 2, 3]);
    expect(server.ledger.slice(0, 2).map(({ idempotencyKey }) => idempotencyKey)).toEqual(["snd_31", "snd_32"]);
    expect(server.counters.requests).toBe(3);
  });

  it.each(["error_after", "reset_after"] as const)(
    "whose answer was lost (%s) is repeated: members, order and bytes",
    async (fault) => {
      const { server, outbox } = await start({ script: [fault] });
      outbox.add(60);
      await outbox.offer();
      expect(outbox.states()).toEqual({ queued: 60 });
      const [first] = outbox.batches.values();
      outbox.now += 2 * SECOND;
      // Another message is there by now, and the others come in another order.
      outbox.add(1);
      await outbox.offer([...outbox.kept.keys()].reverse());
      expect(server.counters).toMatchObject({ repeated: 1, conflicts: 0, accepted: 61 });
      expect(first?.bodies).toHaveLength(60);
      expect(outbox.states()).toEqual({ sent: 61 });
      expect(mostOf(server)).toBe(1);
      for (const { providerId, row } of outbox.kept.values()) {
        expect(server.ledger.find((one) => one.id === providerId)?.to).toEqual([row.address]);
      }
    },
  );

  it("that was not accepted goes out whole at the repeat", async () => {
    const { server, outbox } = await start({ script: ["error_before", "reset_before"] });
    outbox.add(10);
    for (let turn = 0; turn < 4; turn++) {
      await outbox.offer();
      outbox.now += MINUTE;
    }
    expect(outbox.states()).toEqual({ sent: 10 });
    expect(server.ledger).toHaveLength(10);
  });

  it("does not reach who withdrew meanwhile where it had not gone out, and reaches all others", async () => {
    const { server, outbox } = await start({ script: ["error_before"] });
    const [first = ""] = outbox.add(10);
    await outbox.offer();
    const gone = outbox.kept.get(first);
    if (gone) gone.refusal = "consent_withdrawn";
    outbox.now += 2 * SECOND;
    await outbox.offer();
    expect(outbox.states()).toEqual({ suppressed: 1, sent: 9 });
    expect(received(server).has("to-1@x.test")).toBe(false);
    expect(server.ledger).toHaveLength(9);
    expect(outbox.batches.size).toBe(0);
  });

  it("is not doubled where it had gone out and somebody withdrew meanwhile: the same batch again says who had it", async () => {
    const { server, outbox } = await start({ script: ["reset_after"] });
    const [first = ""] = outbox.add(10);
    await outbox.offer();
    const gone = outbox.kept.get(first);
    if (gone) gone.refusal = "consent_withdrawn";
    outbox.now += 2 * SECOND;
    await outbox.offer();
    expect(server.counters).toMatchObject({ conflicts: 1, repeated: 1, accepted: 10 });
    expect(outbox.states()).toEqual({ sent: 10 });
    expect(server.ledger).toHaveLength(10);
    for (const { providerId, row } of outbox.kept.values())
      expect(server.ledger.find((one) => one.id === providerId)?.to).toEqual([row.address]);
    expect(outbox.batches.size).toBe(0);
  });

  it("leaves unknown who withdrew where the provider does not answer that either, and doubles nobody", async () => {
    const { server, outbox } = await start({ script: ["reset_after", "none", "error_before"] });
    const [first = ""] = outbox.add(10);
    await outbox.offer();
    const gone = outbox.kept.get(first);
    if (gone) gone.refusal = "consent_withdrawn";
    outbox.now += 2 * SECOND;
    await outbox.offer();
    expect(outbox.states()).toEqual({ unknown: 1, sent: 9 });
    expect([server.ledger.length, mostOf(server)]).toEqual([10, 1]);
  });

  it("tells the same of who withdrew after a crash on the way", async () => {
    const { server, outbox } = await start({ script: ["reset_after"] });
    const [first = ""] = outbox.add(10);
    await outbox.offer();
    const gone = outbox.kept.get(first);
    if (gone) gone.refusal = "consent_withdrawn";
    outbox.now += 2 * SECOND;
    outbox.onWrite = (what) => {
      if (what === "proven") throw new Error("the process died");
    };
    await expect(outbox.offer()).rejects.toThrow("died");
    outbox.onWrite = () => undefined;
    outbox.now += 2 * MINUTE;
    await outbox.offer();
    expect(outbox.states()).toEqual({ sent: 10 });
    expect([server.ledger.length, mostOf(server)]).toEqual([10, 1]);
  });

  it("that is refused for one of its members reaches all the others, each once", async () => {
    const { server, outbox } = await start();
    outbox.add(5);
    outbox.add(1, { address: "nobody" });
    outbox.add(4);
    await outbox.offer();
    expect(outbox.states()).toEqual({ queued: 10 });
    await outbox.offer();
    expect(outbox.states()).toEqual({ sent: 9, failed: 1 });
    expect(server.ledger).toHaveLength(9);
    expect(mostOf(server)).toBe(1);
  });

  it.each(["bodies", "settle", "finish"])("is in the ledger once after a crash before %s is written", async (point) => {
    const { server, outbox } = await start();
    outbox.add(40);
    outbox.onWrite = (what) => {
      if (what === point) throw new Error("the process died");
    };
    await expect(outbox.offer()).rejects.toThrow("died");
    outbox.onWrite = () => undefined;
    outbox.now += 2 * MINUTE;
    for (let turn = 0; turn < 3; turn++) await outbox.offer();
    expect(outbox.states()).toEqual({ sent: 40 });
    expect(server.ledger).toHaveLength(40);
    expect(server.doubled()).toEqual([]);
  });
});

it("a batch is repeated under its key after a crash between a lost answer and the note of it", async () => {
  const { server, outbox } = await start({ script: ["reset_after"] });
  outbox.add(20);
  outbox.onWrite = (what) => {
    if (what === "outcome") throw new Error("the process died");
  };
  await expect(outbox.offer()).rejects.toThrow("died");
  outbox.onWrite = () => undefined;
  outbox.now += 2 * MINUTE;
  await outbox.offer();
  expect(outbox.states()).toEqual({ sent: 20 });
  expect(server.counters).toMatchObject({ accepted: 20, repeated: 1 });
});

it("a campaign's batch is repeated whole: it waits for a member that the permit has put off", async () => {
  const { server, outbox } = await start({ script: ["reset_after"] });
  outbox.mark = 2;
  const [first = ""] = outbox.add(10);
  outbox.onWrite = (what) => {
    if (what === "outcome") throw new Error("the process died");
  };
  await expect(outbox.offer()).rejects.toThrow("died");
  outbox.onWrite = () => undefined;
  outbox.now += 2 * MINUTE;
  const held = outbox.kept.get(first);
  if (held)
    Object.assign(held, { state: "queued", nextAt: outbox.now + HOUR, row: { ...held.row, reason: "lease_over" } });
  await outbox.offer();
  expect(server.counters.conflicts).toBe(0);
  expect(outbox.states()).toEqual({ queued: 10 });
  outbox.now += HOUR;
  await outbox.offer();
  expect(outbox.states()).toEqual({ sent: 10 });
  expect(mostOf(server)).toBe(1);
});

it("a batch that is repeated does not reach who was barred meanwhile, though the queue named another member", async () => {
  const { server, outbox } = await start({ script: ["error_before"] });
  const [first = ""] = outbox.add(10);
  await outbox.offer();
  outbox.barred.set("to-3@x.test", "suppressed_address");
  outbox.now += 2 * SECOND;
  await outbox.offer([first]);
  outbox.now += 2 * MINUTE;
  await outbox.offer([first]);
  expect(outbox.states()).toEqual({ suppressed: 1, sent: 9 });
  expect(outbox.kept.get("snd_3")?.row.reason).toBe("suppressed_address");
  expect(received(server).has("to-3@x.test")).toBe(false);
  expect(server.ledger).toHaveLength(9);
});

it.each([
  ["where calls are counted", 2, 100],
  ["where they are not", 0, 1_300],
] as const)("a process that dies leaves few messages to go one by one, %s", async (_, perSecond, few) => {
  const { server, outbox } = await start({}, perSecond);
  const COUNT = 2_500;
  outbox.add(COUNT);
  let kept = 0;
  outbox.onWrite = (what) => {
    if (what === "bodies" && ++kept > 3) throw new Error("the process died");
    if (what === "settle" && kept > 3) throw new Error("the process died");
  };
  await expect(outbox.offer()).rejects.toThrow("died");
  outbox.onWrite = () => undefined;
  for (let turn = 0; turn < 12 && outbox.states()["sent"] !== COUNT; turn++) {
    outbox.now += 2 * MINUTE;
    outbox.wall += 2 * MINUTE;
    await outbox.offer();
  }
  expect(outbox.states()).toEqual({ sent: COUNT });
  const alone = server.ledger.filter(({ idempotencyKey }) => idempotencyKey?.startsWith("snd_")).length;
  expect([alone > 0, alone <= few]).toEqual([true, true]);
  expect(mostOf(server)).toBe(1);
});

describe("a channel whose provider has enough", () => {
  it("waits as a whole for as long as it is asked to, without a further call (429)", async () => {
    const { server, outbox } = await start({ script: [{ fault: "rate_limit", retryAfter: 7 }] });
    outbox.add(3, { class: "transactional" });
    outbox.add(120);
    await outbox.offer(["snd_1"]);
    expect(outbox.brake).toMatchObject({ until: outbox.now + 7 * SECOND, reason: "rate_limit_exceeded" });
    outbox.now += 6 * SECOND;
    await outbox.offer();
    expect(server.counters.requests).toBe(1);
    outbox.now += SECOND;
    await outbox.offer();
    expect(outbox.states()).toEqual({ sent: 123 });
    // What was refused together goes together again: it surely had not gone out.
    expect(server.counters.requests).toBe(1 + 3 + 2);
  });

  it("keeps nothing of a batch that was refused for certain, or made ready and not handed over", async () => {
    const { server, outbox } = await start({ script: [{ fault: "rate_limit", retryAfter: 2 }] }, 2);
    outbox.add(300);
    outbox.pace.pause = async (ms: number) => {
      outbox.wall += ms;
      // As in the world, an answer comes while the next call waits for its moment.
      await new Promise((done) => setTimeout(done, 500));
    };
    await outbox.offer();
    expect([server.counters.requests, outbox.batches.size]).toEqual([1, 0]);
    expect(outbox.states()).toEqual({ queued: 300 });
    outbox.now += 3 * SECOND;
    outbox.wall += 20 * SECOND;
    await outbox.offer();
    expect(outbox.states()).toEqual({ sent: 300 });
    expect([server.ledger.length, mostOf(server)]).toEqual([300, 1]);
  });

  it("K10 at its daily quota pauses whole, resumes with what somebody waits for, and drops nothing", async () => {
    const { server, outbox } = await start({}, 50);
    const midnight = { now: Date.now() };
    server.control({ dailyQuota: 150 });
    outbox.add(250);
    outbox.add(5, { class: "transactional" });
    await outbox.offer();
    expect(outbox.states()).toEqual({ sent: 105, queued: 150 });
    expect(outbox.brake).toMatchObject({ reason: "daily_quota_exceeded" });
    const calls = server.counters.requests;
    outbox.now += 30 * MINUTE;
    await outbox.offer();
    expect([server.counters.requests, midnight.now > 0]).toEqual([calls, true]);
    outbox.add(2, { class: "transactional" });
    server.control({ dailyQuota: null });
    outbox.now += HOUR;
    await outbox.offer();
    expect(outbox.states()).toEqual({ sent: 257 });
    expect(server.ledger.slice(105, 107).map(({ idempotencyKey }) => idempotencyKey)).toEqual(["snd_256", "snd_257"]);
    expect(mostOf(server)).toBe(1);
  });

  it("is left alone after five failures in a row, longer each time, and asked by one call whether it is back", async () => {
    const { server, outbox } = await start({ chances: { error_before: 1 } });
    const wait: number[] = [];
    for (let turn = 0; turn < 40 && wait.length < 4; turn++) {
      outbox.add(1, { class: "transactional" });
      const before = outbox.brake?.until ?? 0;
      await outbox.offer([`snd_${outbox.kept.size}`]);
      if ((outbox.brake?.until ?? 0) !== before) {
        wait.push((outbox.brake?.until ?? 0) - outbox.now);
        outbox.now = outbox.brake?.until ?? outbox.now;
      }
    }
    expect(wait).toEqual([15, 30, 60, 120].map((seconds) => seconds * SECOND));
    expect(server.counters.requests).toBe(5 + 3);
    server.control({ chances: {} });
    outbox.now += HOUR;
    await outbox.offer();
    expect(outbox.brake).toBeUndefined();
    expect(outbox.states()).toEqual({ sent: outbox.kept.size });
  });

  it("is called no oftener than it allows, twice a second by default, in single calls and in batches", async () => {
    const { server, email, outbox } = await start({}, 2);
    const times: number[] = [];
    const { send, batches } = email;
    if (!batches) throw new Error("Resend takes batches");
    outbox.use({
      ...email,
      send: (message) => {
        times.push(outbox.wall);
        return send(message);
      },
      batches: {
        ...batches,
        send: (...call) => {
          times.push(outbox.wall);
          return batches.send(...call);
        },
      },
    });
    outbox.add(300);
    outbox.add(50, { class: "transactional" });
    for (let turn = 0; turn < 3; turn++) {
      await outbox.offer();
      outbox.wall += 20 * SECOND;
    }
    expect(outbox.states()).toEqual({ sent: 350 });
    expect(times).toHaveLength(53);
    for (const [index, at] of times.entries()) {
      const within = times.filter((other) => other >= at && other < at + SECOND).length;
      expect([index, within <= 2]).toEqual([index, true]);
    }
    expect(server.counters.requests).toBe(53);
  });
});

it("reaches each person once through every mishap: lost answers, refusals, crashes, withdrawals", async () => {
  const happened = { crashes: 0, conflicts: 0, repeated: 0, refused: 0 };
  for (let seed = 1; seed <= 12; seed++) {
    const chances = { error_before: 0.08, error_after: 0.12, reset_before: 0.06, reset_after: 0.12, rate_limit: 0.08 };
    const { server, outbox } = await start({ seed, chances });
    let random = seed;
    const chance = (share: number): boolean => {
      random = (random * 16_807) % 2_147_483_647;
      return random / 2_147_483_647 < share;
    };
    outbox.onWrite = () => {
      if (!chance(0.15)) return;
      happened.crashes += 1;
      throw new Error("the process died");
    };
    outbox.add(130);
    outbox.add(6, { class: "transactional" });
    const withdrawn: string[] = [];
    for (let turn = 0; turn < 120; turn++) {
      if (turn === 60) {
        server.control({ chances: {} });
        outbox.onWrite = () => undefined;
      }
      const one = outbox.kept.get(`snd_${1 + (turn % 130)}`);
      if (one && one.refusal === null && chance(0.1)) {
        one.refusal = "consent_withdrawn";
        if (one.state === "queued" && one.row.attempts === 0) withdrawn.push(one.row.address);
      }
      await outbox.offer().catch(() => undefined);
      outbox.now += 70 * SECOND;
    }
    const counts = received(server);
    expect([seed, Math.max(...counts.values())]).toEqual([seed, 1]);
    expect(withdrawn.filter((address) => counts.has(address))).toEqual([]);
    for (const { state, row } of outbox.kept.values()) {
      expect([seed, row.id, ["sent", "suppressed", "unknown"].includes(state)]).toEqual([seed, row.id, true]);
      if (state === "sent") expect([seed, row.id, counts.get(row.address)]).toEqual([seed, row.id, 1]);
      if (state === "suppressed") {
        // Whoever was refused before anything could have gone out has nothing.
        if (row.attempts === 0) expect(counts.has(row.address)).toBe(false);
        else happened.refused += 1;
      }
    }
    happened.conflicts += server.counters.conflicts;
    happened.repeated += server.counters.repeated;
    await server.close();
    open.pop();
  }
  for (const count of Object.values(happened)) expect(count).toBeGreaterThan(0);
});
