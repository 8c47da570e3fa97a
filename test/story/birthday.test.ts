import { expect, test } from "vitest";
import { keys, startServer } from "../support/server";

// In a shop where nobody does anything else: a year goes by at once where no night has anything to compute.
test("C04: a birthday's coupon is only for a date that has stood for 30 days and changes once a year", async () => {
  const server = await startServer({ tick: 0, at: "2026-01-05T10:00:00Z" });
  const fay = async (path = "?external_id=fay") => (await server.api(`/api/contacts${path}`)).json;
  const known = (traits: object = {}) =>
    server.send("identify", { userId: "fay", traits: { email: "fay@example.com", ...traits } });
  await server.put("/api/offers/birthday", {
    name: "Birthday",
    kind: "percent",
    value: 10,
    valid_for: "P14D",
    occasion: "birthday",
  });
  await known();
  const { id } = (await fay()).data[0];
  const coupon = async (occasion: string): Promise<number> =>
    (await server.post(`/api/contacts/${id}/coupons`, { offer: "birthday", occasion })).status;
  const birthDate = async (): Promise<unknown> => (await fay(`/${id}`)).birth_date;
  const rowsOf = async (where: string): Promise<unknown> => {
    const db = await server.mf.getD1Database("DB");
    return db.prepare(`SELECT count(*) AS n FROM contacts WHERE ${where}`).first("n");
  };
  expect(await coupon("birthday-1")).toBe(422);
  await known({ birth_date: "1990-05-01" });
  expect(await coupon("birthday-1")).toBe(422);
  await server.moveClock({ advance: "P30D" });
  for (const date of ["1990-06-01", "1990-07-01", "1990-08-01"]) await known({ birth_date: date });
  expect(await birthDate()).toBe("1990-05-01");
  expect(await rowsOf("birth_date_refused = 3")).toBe(1);
  expect(await coupon("birthday-1")).toBe(201);
  await server.moveClock({ advance: "P365D" });
  await known({ birth_date: "1990-06-01" });
  expect(await birthDate()).toBe("1990-06-01");
  expect(await coupon("birthday-2")).toBe(422);
  // A browser says nothing of birth dates that counts.
  const json = { anonymousId: "b-fay", traits: { email: "fay@example.com", birth_date: "1980-01-01" } };
  const headers = { authorization: `Basic ${btoa(`${keys.write}:`)}` };
  await server.api("/v1/identify", { method: "POST", headers, json });
  expect(await rowsOf("birth_date = '1980-01-01'")).toBe(0);
  await server.stop();
});

interface Entry {
  readonly external_id: string;
  readonly entry_key: string;
  readonly entered_at: string;
  readonly exited_at: string | null;
  readonly outcome: string | null;
  readonly reason: string | null;
  readonly messages: readonly { block: string; at: string; decision: string }[];
}

// One shop through a year: what people get on their birthdays, and what the rehearsal of the same year says.
test("a birthday is on its day by the contact's clocks, once a year, as the rehearsal says (Appendix B 10)", async () => {
  const server = await startServer({ tick: 0, at: "2027-01-05T10:00:00Z", vars: { SHOP_TIMEZONE: "Europe/Paris" } });
  const known = (userId: string, traits: object) =>
    server.send("identify", {
      userId,
      traits: { email: `${userId}@example.com`, consent: { email: true }, consent_wording: "Yes", ...traits },
    });
  const people = {
    ann: { birth_date: "1992-02-29", member_until: "2027-03-10" },
    bob: { birth_date: "1980-05-04", timezone: "America/New_York" },
    cleo: { birth_date: "1980-05-04", timezone: "Australia/Lord_Howe", member_until: "2027-04-01" },
    dan: { birth_date: "1981-01-05" },
    eve: {},
  };
  for (const [who, traits] of Object.entries(people)) await known(who, traits);
  const definition = {
    name: "Birthdays",
    stop_on: ["withdrawal"],
    start: "start",
    blocks: {
      start: { type: "start.date", params: { field: "birth_date", settled: true }, next: { next: "letter" } },
      letter: { type: "send.email", params: { content: "second_purchase_thanks" }, next: { next: "until" } },
      until: {
        type: "wait.until",
        params: { field: "attribute", name: "member_until", offset_days: -3, at: "18:30" },
        next: { reached: "soon", none: "done" },
      },
      soon: { type: "exit", params: { outcome: "goal", reason: "membership ends" } },
      done: { type: "exit" },
    },
  };
  const { id } = (await server.post("/api/scenarios", { definition })).json;
  expect((await server.post(`/api/scenarios/${id}/activate`)).status).toBe(200);
  await server.moveClock({ advance: "P60D" });
  // Whatever time a browser or a server says that it was: what counts is when we heard of it.
  await server.send("identify", {
    userId: "late",
    timestamp: "2027-02-01T00:00:00Z",
    traits: { email: "late@example.com", birth_date: "1990-03-01" },
  });
  await server.moveClock({ advance: "P361D" });
  const shown = ({ external_id: who, entered_at, exited_at, reason }: Entry): string =>
    [who, entered_at, exited_at, reason].join(" ");
  const live = (await server.api(`/api/scenarios/${id}/runs?limit=200`)).json.data as Entry[];
  expect(live.map(shown).sort()).toEqual([
    "ann 2027-02-28T08:00:00.000Z 2027-03-07T17:30:00.000Z membership ends",
    "ann 2028-02-29T08:00:00.000Z 2028-02-29T08:00:00.000Z end",
    "bob 2027-05-04T13:00:00.000Z 2027-05-04T13:00:00.000Z end",
    "cleo 2027-05-03T22:30:00.000Z 2027-05-03T22:30:00.000Z end",
    "dan 2028-01-05T08:00:00.000Z 2028-01-05T08:00:00.000Z end",
    "late 2028-03-01T08:00:00.000Z 2028-03-01T08:00:00.000Z end",
  ]);
  const period = { from: "2027-01-05T10:00:00Z", to: (await server.api("/dev/clock")).json.now };
  const rehearsed = (await server.post(`/api/scenarios/${id}/rehearse`, period)).json.entries as Entry[];
  expect(rehearsed.map(shown).sort()).toEqual(live.map(shown).sort());
  expect((await server.api("/dev/inbox.json?to=bob@example.com")).json.data).toHaveLength(1);
  await server.stop();
});
