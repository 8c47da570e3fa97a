import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { listAudienceMembers, listAudiences } from "../../src/admin/audience-store";
import { offerInput } from "../../src/commerce/coupon";
import { couponsOf, putOffer } from "../../src/commerce/coupon-store";
import { programmeInput } from "../../src/commerce/loyalty-programme";
import { programmeChange } from "../../src/commerce/loyalty-store";
import type { Profile } from "../../src/contacts/profile";
import { readContact, selectContacts } from "../../src/contacts/store";
import { readInbox } from "../../src/local/inbox-store";
import { withDefaults } from "../../src/scenarios/live";
import { alone, makeRehearsal, readNumbers, readPast, readRowsOfToday } from "../../src/services/rehearse";
import { DAY } from "../../src/shared/clock";
import { actsOf, contactOf, DB, doing, give, live, of, quiet, runsOf, services } from "../support/acts-world";
import { scenario } from "../unit/scenarios/scenario";

async function profileOf(user: string): Promise<Profile> {
  const { results } = await selectContacts(DB, JSON.stringify([await contactOf(user)])).all();
  return readContact(results[0]).profile;
}

const said = (id: string, user: string, traits: object, trust: "secret" | "internal" = "secret") => {
  return { ...of(id, user, ""), type: "identify" as const, name: "", traits: { ...traits }, trust };
};

beforeAll(async () => {
  await services.ready();
  await programmeChange(DB, programmeInput.parse({ enabled: true })).run();
  await services.ledger.refresh();
});

beforeEach(async () => {
  await quiet();
  await DB.prepare("DELETE FROM acts").run();
});

describe("a profile", () => {
  test("is changed as far as a scenario may, from what it says and from the event that began it", async () => {
    const params = {
      fields: { language: "fr", first_name: null },
      attributes: { club: "gold", old: null },
      from_event: { size: "size", unknown: "unknown" },
    };
    await live({ s: doing("Trigger", "update.profile", params) });
    await give(said("p-0", "pam", { email: "pam@shop.test", firstName: "Pam", old: 1, kept: 2 }));
    await give(of("p-1", "pam", "Trigger", { size: "M" }));
    await quiet();
    expect(await profileOf("pam")).toMatchObject({
      email: "pam@shop.test",
      language: "fr",
      firstName: null,
      attributes: { club: "gold", size: "M", kept: 2 },
    });
    expect((await profileOf("pam")).attributes).not.toHaveProperty("old");
  });
});

describe("points", () => {
  test("are awarded once for each passage, whatever is repeated", async () => {
    await live({ s: doing("Trigger", "award.points", { points: 50, reason: "Thank you" }) });
    await give(of("pts-1", "pia", "Trigger"));
    await quiet();
    await DB.prepare("UPDATE acts SET state = 'pending'").run();
    await give(...Array.from({ length: 120 }, (_, index) => of(`pts-x${index}`, "pia", "Lamp Lit")));
    await quiet();
    const movements = "SELECT points FROM loyalty_movements WHERE contact = ?1";
    const { results } = await DB.prepare(movements)
      .bind(await contactOf("pia"))
      .all();
    expect(results).toEqual([{ points: 50 }]);
  });
});

describe("another scenario", () => {
  test("begins with what the first one is about, once for each passage", async () => {
    await live({
      first: doing("Trigger", "begin.scenario", { scenario: "second" }),
      second: doing("Never", "update.profile", { from_event: { seen: "colour" } }),
    });
    await give(of("beg-1", "bea", "Trigger", { colour: "red" }));
    await quiet();
    const [act] = await actsOf("bea");
    expect(await runsOf("bea")).toMatchObject([{ scenario: "first" }, { scenario: "second", entry_key: act?.id }]);
    expect(await profileOf("bea")).toMatchObject({ attributes: { seen: "red" } });
  });

  test("that is not active is not begun, and the row says so", async () => {
    await live({ first: doing("Trigger", "begin.scenario", { scenario: "gone" }) });
    await give(of("beg-2", "ben", "Trigger"));
    await quiet();
    expect(await actsOf("ben")).toMatchObject([{ state: "refused", result: "not_active" }]);
  });

  test("that begins the first one again comes to an end within the day (H10)", async () => {
    await live({
      one: doing("Trigger", "begin.scenario", { scenario: "two" }),
      two: doing("Never", "begin.scenario", { scenario: "one" }),
    });
    await give(of("h10-1", "hal", "Trigger"));
    await quiet();
    const acts = await actsOf("hal");
    expect(acts.map(({ state }) => state)).toEqual(Array.from({ length: 40 }, () => "done"));
    const runs = await runsOf("hal");
    expect(runs.filter(({ outcome }) => outcome === "completed")).toHaveLength(40);
    expect(runs.filter(({ outcome }) => outcome !== "completed")).toMatchObject([{ reason: "too_many_entries" }]);
  });
});

describe("subscriptions", () => {
  const consent = async (user: string) => (await profileOf(user)).consents;

  test("of a scenario give no consent: the person is asked, once, and only who never took it back", async () => {
    await live({ s: doing("Trigger", "subscribe", { topics: ["sales"], ask: ["email"] }) });
    await give(said("sub-0", "sue", { email: "sue@shop.test" }), said("sub-1", "una", { email: "una@shop.test" }));
    await give(said("sub-2", "una", { consent: { email: false } }));
    await give(of("sub-3", "sue", "Trigger"), of("sub-4", "una", "Trigger"));
    await quiet();
    expect(await consent("sue")).toEqual({});
    expect(await consent("una")).toMatchObject({ email: { state: "withdrawn" } });
    expect((await profileOf("sue")).attributes["topics"]).toEqual(["sales"]);
    expect(await actsOf("sue")).toMatchObject([{ state: "done", result: "asked" }]);
    expect(await actsOf("una")).toMatchObject([{ state: "done", result: "subscribed" }]);
    const asked = "SELECT address FROM sends WHERE scenario = 'optin' OR content LIKE 'optin%'";
    const { results } = await DB.prepare(asked).all<{ address: string }>();
    expect(results).toEqual([{ address: "sue@shop.test" }]);
    expect(await readInbox(DB, "email", "una@shop.test")).toEqual([]);
  });

  test("end by a withdrawal that says why", async () => {
    await live({
      s: doing("Trigger", "suppress", { channels: ["email"], reason: "sunset" }),
      t: doing("Leave", "unsubscribe", { topics: ["sales"], channels: ["sms"] }),
    });
    await give(said("sup-0", "sam", { email: "sam@shop.test", consent: { email: true, sms: true } }));
    await give(of("sup-1", "sam", "Trigger"), of("sup-2", "sam", "Leave"));
    await quiet();
    expect(await consent("sam")).toMatchObject({ email: { state: "withdrawn" }, sms: { state: "withdrawn" } });
    const sql = "SELECT action, source FROM consent_events WHERE contact = ?1 AND action = 'withdraw' ORDER BY source";
    const { results } = await DB.prepare(sql)
      .bind(await contactOf("sam"))
      .all();
    expect(results).toEqual([
      { action: "withdraw", source: "scenario" },
      { action: "withdraw", source: "suppressed:sunset" },
    ]);
  });
});

describe("audiences and tasks", () => {
  test("are rows of the contact", async () => {
    await live({
      a: doing("In", "audience.add", { audience: "lookers" }),
      b: doing("Out", "audience.remove", { audience: "lookers" }),
      c: doing("In", "task.create", { title: "Call", assignee: "Lyon" }),
    });
    await give(of("aud-1", "abe", "In"));
    await quiet();
    const members = async () => {
      const sql = "SELECT audience, member FROM audience_members WHERE contact = ?1";
      return (
        await DB.prepare(sql)
          .bind(await contactOf("abe"))
          .all()
      ).results;
    };
    expect(await members()).toEqual([{ audience: "lookers", member: 1 }]);
    await give(of("aud-2", "abe", "Out"));
    await quiet();
    expect(await members()).toEqual([{ audience: "lookers", member: 0 }]);
    const tasks = "SELECT details ->> 'title' AS title, state FROM acts WHERE kind = 'task.create' AND contact = ?1";
    expect(
      await DB.prepare(tasks)
        .bind(await contactOf("abe"))
        .first(),
    ).toEqual({ title: "Call", state: "done" });
  });
});

describe("after a merge", () => {
  test("whoever was in an audience twice is in it once, and out of it by what was said last", async () => {
    await live({
      a: doing("In", "audience.add", { audience: "twins" }),
      b: doing("Out", "audience.remove", { audience: "twins" }),
    });
    await give(of("tw-1", "tia", "In"), of("tw-2", "tom", "In"), of("tw-3", "uma", "In"));
    await quiet();
    const size = async () => (await listAudiences(DB)).find(({ audience }) => audience === "twins")?.members;
    const members = async () => (await listAudienceMembers(DB, "twins", 0, 9)).map(({ head }) => head).sort();
    expect(await size()).toBe(3);
    await give({ ...of("tw-4", "tom", "alias"), type: "alias", anon: "tia" });
    await quiet();
    const heads = [await contactOf("tom"), await contactOf("uma")].sort();
    expect([await size(), await members()]).toEqual([2, heads]);
    await give(of("tw-5", "tom", "Out"));
    await quiet();
    expect([await size(), await members()]).toEqual([1, [await contactOf("uma")]]);
  });

  test("what a run that came along has done is its first contact's row, and counts for whoever stands for it", async () => {
    await live({});
    await give(of("m-1", "loser", "Hello"), of("m-2", "winner", "Hello"));
    const loser = await contactOf("loser");
    await live({ s: doing("Trigger", "update.profile", { attributes: { merged: true } }) });
    const append = services.append.bind(services);
    await append({ receivedAt: Date.now(), events: [of("m-3", "loser", "Trigger")] }, null);
    await give({ ...of("m-4", "winner", "alias"), type: "alias", anon: "loser" });
    await quiet();
    const { results } = await DB.prepare("SELECT contact, state FROM acts").all();
    expect(results).toEqual([{ contact: loser, state: "done" }]);
    expect(await profileOf("winner")).toMatchObject({ attributes: { merged: true } });
  });
});

test("a look at the shelves finds them as they are then, live and in a rehearsal", async () => {
  const definition = withDefaults(doing("Trigger", "if.stock", { at_least: 3 }, ["yes", "no", "unknown"]));
  await live({ s: definition });
  const put = (table: string, columns: string, ...values: (string | number)[]) =>
    DB.prepare(`INSERT INTO ${table} (product_id, sku, effective_from, ${columns}) VALUES (?1, ?1, ?2, ?3)`)
      .bind(...values)
      .run();
  await DB.prepare("INSERT INTO products (product_id, title, updated_at) VALUES ('lamp', 'Lamp', 0)").run();
  await DB.prepare("INSERT INTO variants (product_id, sku, updated_at) VALUES ('lamp', 'lamp', 0)").run();
  const begun = Date.now();
  await put("stock_history", "stock", "lamp", 0, 2);
  await give(of("look-1", "lou", "Trigger", { product_id: "lamp" }));
  await quiet();
  await put("stock_history", "stock", "lamp", Date.now(), 3);
  await give(of("look-2", "lou", "Trigger", { product_id: "lamp" }), of("look-3", "lou", "Trigger"));
  await quiet();
  const expected = ["no", "no", "yes"];
  expect((await runsOf("lou")).map(({ reason }) => reason).sort()).toEqual(expected);
  const acts = await actsOf("lou");
  expect(acts.map(({ kind, result }) => `${kind} ${result}`).sort()).toEqual(expected.map((way) => `look_up ${way}`));
  const past = await readPast(services, Date.now());
  const period = { from: begun, to: Date.now(), programme: null };
  const today = await readRowsOfToday(services, [definition], past, period);
  const rehearsal = makeRehearsal(services, alone("s", 1, definition), period, {
    ...today,
    numbers: await readNumbers(DB, past),
  });
  for (const event of past) rehearsal.play(event);
  const { entries } = rehearsal.finish();
  const found = entries.flatMap(({ external_id: who, reason }) => (who === "lou" ? [reason] : []));
  expect(found.sort()).toEqual(expected);
});

test("a coupon ends in a rehearsal when it ends in life, and whoever asks again has the same one", async () => {
  const until = { field: "coupon_end", offset_days: -1, at: "10:00", tz: "shop" };
  const definition = withDefaults(
    scenario({
      start: { type: "start.event", params: { event: "Gift" }, next: { next: "gift" } },
      gift: {
        type: "issue.coupon",
        params: { offer: "week", valid_for: "P3D" },
        next: { issued: "until", none: "none" },
      },
      until: { type: "wait.until", params: until, next: { reached: "reached", none: "none" } },
      reached: { type: "exit", params: { reason: "reached" } },
      none: { type: "exit", params: { reason: "none" } },
    }),
  );
  const terms = offerInput.parse({ name: "Week", kind: "percent", value: 10, valid_for: "P7D" });
  await putOffer(DB, { key: "week", ...terms }, 0);
  await live({ s: definition });
  const begun = Date.now();
  await give(said("gift-0", "gil", { email: "gil@shop.test" }), of("gift-1", "gil", "Gift"));
  await quiet();
  await give(of("gift-2", "gil", "Gift"), of("gift-3", "nobody-known", "Gift"));
  await quiet();
  const statuses = await Promise.all(services.shards().map((shard) => shard.status()));
  const due = Math.min(...statuses.flatMap(({ earliest }) => earliest ?? []));
  const [coupon] = await couponsOf(DB, await contactOf("gil"));
  expect(due).toBeLessThan(coupon?.valid_to ?? 0);
  // The past without what came of it: the rehearsal has to find it out.
  const all = await readPast(services, Date.now());
  const past = all.filter(({ event }) => !["scenario.acted", "coupon.issued"].includes(event.name));
  const period = { from: begun, to: Date.now() + 9 * DAY, programme: null };
  const today = await readRowsOfToday(services, [definition], past, period);
  const rehearsal = makeRehearsal(services, alone("s", 1, definition), period, today);
  for (const event of past) rehearsal.play(event);
  const { entries } = rehearsal.finish();
  const own = entries.filter(({ external_id: who }) => who === "gil");
  expect(own.map(({ exited_at, reason }) => [exited_at, reason])).toEqual([
    [new Date(due).toISOString(), "reached"],
    [new Date(due).toISOString(), "reached"],
  ]);
});

test("a rehearsal counts what would be done, goes on as if it were, and does nothing", async () => {
  const definition = doing("Trigger", "issue.coupon", { offer: "unknown" }, ["issued", "none"]);
  await live({});
  const now = Date.now();
  const past = await readPast(services, now);
  const before = await DB.prepare("SELECT count(*) AS n FROM acts").first("n");
  const rehearsal = makeRehearsal(services, alone("s", 1, definition), { from: 0, to: now, programme: null });
  for (const event of past) rehearsal.play(event);
  const { entries, totals } = rehearsal.finish();
  expect(entries.length).toBeGreaterThan(3);
  expect(totals.acts).toEqual({ "issue.coupon": totals.entered });
  expect(new Set(entries.map(({ outcome, reason }) => `${outcome} ${reason}`))).toEqual(new Set(["completed issued"]));
  await quiet();
  expect(await DB.prepare("SELECT count(*) AS n FROM acts").first("n")).toBe(before);
});
