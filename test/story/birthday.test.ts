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
