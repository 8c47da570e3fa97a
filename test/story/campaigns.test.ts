import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Server, startServer } from "../support/server";

const AT = "2026-06-01T08:00:00Z";

let server: Server;

beforeAll(async () => {
  server = await startServer({ at: AT, tick: 0 });
  const text = (subject: string) => ({ subject, preheader: "News", html: `<p>${subject}</p>` });
  for (const key of ["news_a", "news_b"]) {
    const made = await server.post("/api/contents", {
      key,
      channel: "email",
      class: "marketing",
      texts: { en: text(`Hello ${key}`), fr: text(`Bonjour ${key}`) },
    });
    expect(made.status).toBe(201);
  }
});

afterAll(async () => {
  await server.stop();
});

let group = 0;

/** New contacts who agreed to email, and the rule that holds for them alone. */
async function audience(count: number, traits: (index: number) => object = () => ({})) {
  group++;
  const name = `g${group}`;
  const ids = Array.from({ length: count }, (_, index) => `${name}-${index}`);
  const batch = ids.map((userId, index) => ({
    type: "identify",
    userId,
    traits: { email: `${userId}@campaign.test`, consent: { email: true }, wave: name, ...traits(index) },
  }));
  for (let from = 0; from < batch.length; from += 500) {
    expect((await server.send("batch", { batch: batch.slice(from, from + 500) })).json.rejected).toEqual([]);
  }
  const rule = { type: "attribute", name: "wave", as: "text", op: "is", value: name };
  return { name, ids, rule };
}

async function draft(rule: object, more: object = {}) {
  const made = await server.post("/api/campaigns", { rule, content: "news_a", channel: "email", ramp: false, ...more });
  expect(made.status, made.text).toBe(201);
  return made.json;
}

async function confirm(id: string, count: number) {
  const answer = await server.post(`/api/campaigns/${id}/send`, { confirm_count: count });
  expect(answer.status, answer.text).toBe(200);
  return answer.json;
}

const advance = async (by: string) => expect((await server.moveClock({ advance: by })).status).toBe(200);
const report = async (id: string) => (await server.api(`/api/reports/campaigns/${id}`)).json;
const inbox = async (name: string) =>
  (await server.api("/dev/inbox.json?channel=email")).json.data.filter((mail: { to: string }) =>
    mail.to.startsWith(`${name}-`),
  );

/** Every contact that the gate decided about is somewhere. */
async function adds(id: string) {
  const { decided, withheld, messages, audience: of } = await report(id);
  const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count, 0);
  expect(decided).toBe(sum(withheld) + sum(messages));
  expect(decided + of.undecided).toBeLessThanOrEqual(of.frozen);
}

describe("H11: nobody sends to everybody by mistake", () => {
  test("a campaign wants the number typed, waits ten minutes, and reaches everybody once", async () => {
    const { name, rule } = await audience(30, (index) => (index % 10 === 0 ? { consent: { email: false } } : {}));
    const { id, state, audience: counted } = await draft(rule);
    expect({ state, counted }).toEqual({ state: "draft", counted: { contacts: 30, reachable: 27 } });

    const wrong = await server.post(`/api/campaigns/${id}/send`, { confirm_count: 27 });
    expect({ status: wrong.status, pointer: wrong.json.errors[0].pointer }).toEqual({
      status: 422,
      pointer: "/confirm_count",
    });

    const { confirmed_at: confirmed, starts_at: starts } = await confirm(id, 30);
    expect(Date.parse(starts) - Date.parse(confirmed)).toBe(600_000);
    await advance("PT9M");
    expect(await inbox(name)).toEqual([]);
    await advance("PT2M");
    expect(new Set((await inbox(name)).map((mail: { to: string }) => mail.to)).size).toBe(27);
    expect(await inbox(name)).toHaveLength(27);
    const { state: end, messages, withheld } = { ...(await report(id)) };
    expect(end).toBe("done");
    expect(messages.sent).toBe(27);
    expect(withheld).toEqual({ no_consent: 3 });
    await adds(id);
    expect((await server.post(`/api/campaigns/${id}/cancel`)).status).toBe(409);
    expect((await server.post(`/api/campaigns/${id}/send`, { confirm_count: 30 })).status).toBe(409);
  });
});

test("the gate's decision about a campaign's message is told with its contact", async () => {
  const { ids, rule } = await audience(1);
  const { id } = await draft(rule);
  await confirm(id, 1);
  await advance("PT11M");
  const { data } = (await server.api(`/api/contacts?external_id=${ids[0]}`)).json;
  const decisions = (await server.api(`/api/contacts/${data[0].id}/decisions`)).json.data;
  expect(decisions).toMatchObject([
    { scenario: id, decision: "send", reason: "permitted", inputs: { consent: "granted" } },
  ]);
});

test("the lists of messages have a campaign's under its name, made, waiting and sent", async () => {
  const { name, ids, rule } = await audience(3);
  const { id } = await draft(rule, { name: "The big one" });
  const listed = async (state: string) => {
    const { data } = (await server.api(`/api/sends?limit=200${state && `&state=${state}`}`)).json;
    const own = (data as { run_id: string; campaign: string | null }[]).filter(({ run_id: run }) => run === id);
    expect(own.every(({ campaign }) => campaign === "The big one")).toBe(true);
    return own.length;
  };
  await confirm(id, 3);
  await advance("PT5M");
  expect([await listed("queued"), await listed("sent"), await listed("")]).toEqual([3, 0, 3]);
  await server.send("identify", { userId: ids[0], traits: { consent: { email: false } } });
  await advance("PT6M");
  expect(await inbox(name)).toHaveLength(2);
  expect([await listed("queued"), await listed("sent"), await listed("suppressed"), await listed("")]).toEqual([
    0, 2, 1, 3,
  ]);
  // One by one, as the pages of a list.
  const seen: string[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const { json } = await server.api(
      `/api/sends?state=sent&limit=1${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    seen.push(...json.data.map((one: { id: string }) => one.id));
    cursor = json.next_cursor;
  }
  const all = (await server.api("/api/sends?state=sent&limit=200")).json.data.map((one: { id: string }) => one.id);
  expect(seen).toEqual(all);
});

test("D11: who unsubscribes before their message leaves gets none, and it says why", async () => {
  const { name, ids, rule } = await audience(4);
  const { id } = await draft(rule);
  await confirm(id, 4);
  await advance("PT5M");
  await server.send("identify", { userId: ids[0], traits: { consent: { email: false } } });
  await advance("PT10M");
  expect(await inbox(name)).toHaveLength(3);
  expect((await report(id)).stopped).toEqual({ consent_withdrawn: 1 });
  await adds(id);
  // The record answers why they did not get it, though the gate had let it through.
  const { data } = (await server.api(`/api/contacts?external_id=${ids[0]}`)).json;
  const decisions = (await server.api(`/api/contacts/${data[0].id}/decisions`)).json.data;
  expect(decisions).toMatchObject([
    { scenario: id, decision: "suppressed", reason: "consent_withdrawn", rule: 4, inputs: { consent: "withdrawn" } },
    { scenario: id, decision: "send", reason: "permitted", inputs: { consent: "granted" } },
  ]);
});

test("A16: once it is frozen nobody comes in, whatever time their event states", async () => {
  const { name, rule } = await audience(3);
  const { id } = await draft(rule);
  await confirm(id, 3);
  await advance("PT1M");
  expect((await report(id)).audience.frozen).toBe(3);
  const timestamp = new Date(Date.parse(AT) - 86_400_000).toISOString();
  const traits = { email: `${name}-late@campaign.test`, consent: { email: true }, wave: name };
  await server.send("identify", { userId: `${name}-late`, traits, timestamp });
  await advance("PT2H");
  expect(await inbox(name)).toHaveLength(3);
});

test("one person gets one message, when two records turn out to be theirs in the middle", async () => {
  const { name, ids, rule } = await audience(4);
  const idOf = async (user: string | undefined) =>
    (await server.api(`/api/contacts?external_id=${user}`)).json.data[0].id as string;
  const [first, second, third, fourth] = await Promise.all(ids.map(idOf));
  const { id } = await draft(rule);
  await confirm(id, 4);
  // The messages are rows already, and the gate has let each of them pass.
  expect((await server.post(`/api/contacts/${first}/merge`, { into: second })).status).toBe(201);
  await advance("PT5M");
  expect((await server.post(`/api/contacts/${third}/merge`, { into: fourth })).status).toBe(201);
  await advance("PT10M");
  expect((await inbox(name)).map((mail: { to: string }) => mail.to).toSorted()).toEqual([
    `${ids[1]}@campaign.test`,
    `${ids[3]}@campaign.test`,
  ]);
  expect((await report(id)).stopped).toEqual({ person_has_message: 2 });
  await adds(id);
});

test("one person gets one message, when two records turn out to be theirs after the first of them left", async () => {
  const { name, ids, rule } = await audience(12);
  const { id } = await draft(rule, { ramp: { steps: [0.5], every: "PT2H" } });
  await confirm(id, 12);
  await advance("PT11M");
  const had = (await inbox(name)).map((mail: { to: string }) => mail.to.split("@")[0] ?? "");
  const waits = ids.find((user) => !had.includes(user));
  const idOf = async (user: string | undefined) =>
    (await server.api(`/api/contacts?external_id=${user}`)).json.data[0].id as string;
  const [first, second] = await Promise.all([had[0], waits].map(idOf));
  expect((await server.post(`/api/contacts/${first}/merge`, { into: second })).status).toBe(201);
  await advance("PT3H");
  expect(await inbox(name)).toHaveLength(11);
  expect((await report(id)).stopped).toEqual({ person_has_message: 1 });
});

test("whom a cap holds gets their message when there is room, and nobody else waits for it", async () => {
  const own = (await server.api("/api/settings/sending")).json;
  const cap = { channel: "email", count: 1, within: "PT12H" };
  const set = await server.put("/api/settings/sending", { ...own, caps: [cap], moment: null });
  expect(set.status, set.text).toBe(200);
  try {
    const { name, ids, rule } = await audience(6);
    const some = { type: "attribute", name: "first", as: "text", op: "is", value: name };
    await server.send("identify", { userId: ids[0], traits: { first: name } });
    const before = await draft(some);
    await confirm(before.id, 1);
    await advance("PT11M");
    expect(await inbox(name)).toHaveLength(1);
    const { id } = await draft(rule);
    await confirm(id, 6);
    await advance("PT30M");
    expect(await inbox(name)).toHaveLength(6);
    expect((await report(id)).messages).toMatchObject({ queued: 1, sent: 5 });
    await advance("PT12H");
    expect(await inbox(name)).toHaveLength(7);
    expect(await report(id)).toMatchObject({ state: "done", messages: { queued: 0, sent: 6 } });
    await adds(id);
  } finally {
    await server.put("/api/settings/sending", own);
  }
});

test("an audience that grows far beyond the number typed stops the campaign before it leaves", async () => {
  const { name, rule } = await audience(5);
  const now = Date.parse((await server.api("/dev/clock")).json.now);
  const { id } = await draft(rule, { schedule: { mode: "at", at: new Date(now + 7_200_000).toISOString() } });
  await confirm(id, 5);
  const batch = Array.from({ length: 20 }, (_, index) => {
    const userId = `${name}-more-${index}`;
    return {
      type: "identify",
      userId,
      traits: { email: `${userId}@campaign.test`, consent: { email: true }, wave: name },
    };
  });
  await server.send("batch", { batch });
  await advance("PT3H");
  expect(await inbox(name)).toEqual([]);
  expect((await server.api(`/api/campaigns/${id}`)).json).toMatchObject({ state: "paused", reason: "audience_grew" });
  // Whoever has looked at it goes on.
  await server.post(`/api/campaigns/${id}/resume`);
  await advance("PT1M");
  expect(await inbox(name)).toHaveLength(25);
});

test("the kill switch holds a campaign, and it goes on behind it", async () => {
  const { name, rule } = await audience(5);
  const { id } = await draft(rule);
  await confirm(id, 5);
  await server.post("/api/switches/kill", { on: true });
  await advance("PT30M");
  expect(await inbox(name)).toEqual([]);
  await server.post("/api/switches/kill", { on: false });
  await advance("PT30M");
  expect(await inbox(name)).toHaveLength(5);
  await adds(id);
});

describe("a campaign is stopped exactly", () => {
  test("paused, nothing leaves; resumed, everybody has one message", async () => {
    const { name, rule } = await audience(40);
    const { id } = await draft(rule, { ramp: { steps: [0.5], every: "PT1H" } });
    await confirm(id, 40);
    await advance("PT11M");
    const first = (await inbox(name)).length;
    expect(first).toBeGreaterThan(5);
    expect(first).toBeLessThan(35);
    expect((await server.post(`/api/campaigns/${id}/pause`)).json.state).toBe("paused");
    // Longer than a message may be late: what was paused by hand is not stale for it.
    await advance("P2D");
    expect(await inbox(name)).toHaveLength(first);
    expect((await server.post(`/api/campaigns/${id}/resume`)).json.state).toBe("confirmed");
    await advance("PT1M");
    expect(new Set((await inbox(name)).map((mail: { to: string }) => mail.to)).size).toBe(40);
    expect(await inbox(name)).toHaveLength(40);
    await adds(id);
  });

  test("paused for longer than a message waits for room, nobody whom a cap held is lost to the pause", async () => {
    const { name, rule } = await audience(3);
    const sending = (await server.api("/api/settings/sending")).json;
    const capped = { ...sending, caps: [{ channel: "email", count: 1, within: "PT16H" }] };
    expect((await server.put("/api/settings/sending", capped)).status).toBe(200);
    try {
      const before = await draft(rule);
      await confirm(before.id, 3);
      await advance("PT11M");
      const { id } = await draft(rule);
      await confirm(id, 3);
      await advance("PT30M");
      // All three are made, and held until the first ones are sixteen hours old.
      expect((await report(id)).messages).toMatchObject({ queued: 3, sent: 0 });
      await server.post(`/api/campaigns/${id}/pause`);
      await advance("P2D");
      // What they had meanwhile fills their cap again when it goes on.
      const between = await draft(rule);
      await confirm(between.id, 3);
      await advance("PT11M");
      expect((await report(between.id)).messages).toMatchObject({ sent: 3 });
      await server.post(`/api/campaigns/${id}/resume`);
      await advance("PT1M");
      expect((await report(id)).messages).toMatchObject({ queued: 3, sent: 0 });
      await advance("PT17H");
      expect((await report(id)).messages).toMatchObject({ queued: 0, sent: 3 });
      expect(await inbox(name)).toHaveLength(9);
      await adds(id);
    } finally {
      expect((await server.put("/api/settings/sending", sending)).status).toBe(200);
    }
  });

  test("cancelled within its hold or in the middle, what has not left never does", async () => {
    const { name, rule } = await audience(40);
    const { id } = await draft(rule, { ramp: { steps: [0.5], every: "PT1H" } });
    await confirm(id, 40);
    await advance("PT11M");
    const first = (await inbox(name)).length;
    // The messages of the second step are rows by then.
    await advance("PT55M");
    expect((await server.post(`/api/campaigns/${id}/cancel`)).json.state).toBe("cancelled");
    await advance("PT5H");
    expect(await inbox(name)).toHaveLength(first);
    const { messages, stopped } = await report(id);
    expect({ ...messages, stopped }).toMatchObject({ queued: 0, claimed: 0, sent: first, suppressed: 40 - first });
    expect(stopped).toEqual({ campaign_cancelled: 40 - first });
    await adds(id);

    const other = await draft(rule);
    await confirm(other.id, 40);
    await advance("PT5M");
    await server.post(`/api/campaigns/${other.id}/cancel`);
    await advance("PT1H");
    expect(await inbox(name)).toHaveLength(first);
    expect((await server.post(`/api/campaigns/${other.id}/resume`)).status).toBe(409);
  });
});

test("at an hour of each contact's own clock", async () => {
  const zones = ["Pacific/Auckland", "Europe/Paris", "America/New_York"];
  const { name, ids, rule } = await audience(3, (index) => ({ timezone: zones[index] }));
  const now = Date.parse((await server.api("/dev/clock")).json.now);
  const date = new Date(now + 3 * 86_400_000).toISOString().slice(0, 10);
  const { id } = await draft(rule, { schedule: { mode: "local", date, time: "09:00" } });
  await confirm(id, 3);
  await advance("P5D");
  const times = Object.fromEntries(
    (await inbox(name)).map(({ to, sent_at: at }: { to: string; sent_at: string }) => [
      to.split("@")[0],
      at.slice(0, 16),
    ]),
  );
  const before = new Date(Date.parse(date) - 86_400_000).toISOString().slice(0, 10);
  expect(times).toEqual({
    [`${ids[0]}`]: `${before}T21:00`,
    [`${ids[1]}`]: `${date}T07:00`,
    [`${ids[2]}`]: `${date}T13:00`,
  });
});

test("a test of two contents ends with the one that is clicked, and the rest gets it", async () => {
  const { name, rule } = await audience(200);
  const { id } = await draft(rule, { test: { contents: ["news_b"], share: 0.5, limit: "PT4H" } });
  await confirm(id, 200);
  await advance("PT11M");
  const tried = (await inbox(name)).length;
  expect(tried).toBeGreaterThan(70);
  expect(tried).toBeLessThan(130);
  // Whoever got the second one clicks.
  const sends = await server.rows<{ contact: number; id: string }>(
    "SELECT contact, id FROM sends WHERE run = ?1 AND block = 'b'",
    id,
  );
  for (const send of sends) {
    await server.rows(
      "INSERT INTO message_acts (contact, send, kind, at) VALUES (?1, ?2, 'clicked', 0)",
      send.contact,
      send.id,
    );
  }
  await advance("PT2H");
  const mails = await inbox(name);
  expect(mails).toHaveLength(200);
  const { winner, arms } = await report(id);
  expect(winner).toMatchObject({ arm: "b", cause: "figures" });
  const [a, b] = arms;
  expect(a.sent + b.sent).toBe(200);
  expect(mails.filter(({ subject }: { subject: string }) => subject === "Hello news_b")).toHaveLength(b.sent);
  expect(a.sent).toBe(tried - sends.length);
});

test("a campaign that grows stops itself when too much of it comes back", async () => {
  const { name, rule } = await audience(100);
  const { id } = await draft(rule, { ramp: { steps: [0.3], every: "PT1H" } });
  await confirm(id, 100);
  await advance("PT11M");
  const first = (await inbox(name)).length;
  for (const { contact, id: send } of await server.rows<{ contact: number; id: string }>(
    "SELECT contact, id FROM sends WHERE run = ?1 LIMIT 6",
    id,
  )) {
    await server.rows(
      "INSERT INTO message_acts (contact, send, kind, at) VALUES (?1, ?2, 'bounced', 0)",
      contact,
      send,
    );
  }
  await advance("PT3H");
  expect(await inbox(name)).toHaveLength(first);
  expect((await server.api(`/api/campaigns/${id}`)).json).toMatchObject({ state: "paused", reason: "brake_bounces" });
  // Whoever has looked at it may go on.
  await server.post(`/api/campaigns/${id}/resume`);
  await advance("PT1M");
  expect(await inbox(name)).toHaveLength(100);
});

test("a control group gets nothing and is compared", async () => {
  const { name, rule } = await audience(100);
  const { id } = await draft(rule, { holdout: 0.3 });
  await confirm(id, 100);
  await advance("PT11M");
  const { control, withheld, lift } = await report(id);
  expect(control.contacts).toBe(withheld.control_group);
  expect((await inbox(name)).length + control.contacts).toBe(100);
  expect(lift).toMatchObject({ points: 0, is_enough: false });
});

describe("what cannot be sent is refused before anybody confirms it", () => {
  test.each([
    ["a content that is none", { content: "nothing_here" }, "/content"],
    ["a content of another channel", { content: "second_purchase_sms" }, "/content"],
    ["marketing as a notice", { class: "service" }, "/content"],
    ["a day that is over", { schedule: { mode: "at", at: "2020-01-01T00:00:00Z" } }, "/schedule"],
    ["a segment that is none", { segment: "nobody", rule: undefined }, "/segment"],
  ])("%s", async (_, more, pointer) => {
    const made = await server.post("/api/campaigns", {
      rule: { all: [] },
      content: "news_a",
      channel: "email",
      ...more,
    });
    expect({
      status: made.status,
      pointers: made.json.errors?.map((error: { pointer: string }) => error.pointer),
    }).toEqual({
      status: 422,
      pointers: [pointer],
    });
  });

  test("a notice needs no consent, and is for customers", async () => {
    const text = { subject: "We are closed on Friday", preheader: "Hours", html: "<p>Closed on Friday.</p>" };
    const content = { channel: "email", class: "transactional", texts: { en: text, fr: text } };
    await server.post("/api/contents", { key: "hours", ...content });
    const sells = { ...text, html: "<p>Closed on Friday. Use code promo LATE, -20 %</p>" };
    await server.post("/api/contents", { key: "hours_sale", ...content, texts: { en: sells, fr: sells } });
    const { name, rule } = await audience(3, () => ({ consent: { email: false } }));
    const refused = await server.post("/api/campaigns", {
      rule,
      content: "hours_sale",
      channel: "email",
      class: "service",
    });
    expect({ status: refused.status, pointer: refused.json.errors[0].pointer }).toEqual({
      status: 422,
      pointer: "/content",
    });
    const { id } = await draft(rule, { content: "hours", class: "service" });
    await confirm(id, 3);
    await advance("P1D");
    expect(await inbox(name)).toHaveLength(3);
  });
});
