import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../support/browser";
import { openConsole } from "../support/console";
import { Looks } from "../support/looks";
import type { Server } from "../support/server";
import { startServer } from "../support/server";

// What a marketer sees of a rehearsal where much is to be seen: two channels, a live scenario beside it, two versions.
let server: Server;
let browser: Browser;
let draft: string;

const mail = { type: "send.email", params: { content: "second_purchase_thanks" }, next: { next: "text" } };
const text = { type: "send.sms", params: { content: "second_purchase_sms" }, next: { next: "done" } };
const begins = (next: string) => ({ type: "start.event", params: { event: "Signed Up" }, next: { next } });
const done = { type: "exit" };
const gift = { type: "issue.coupon", params: { offer: "week" }, next: { issued: "hello", none: "hello" } };
const definition = (blocks: object) => ({ name: "Welcome", stop_on: ["withdrawal"], start: "start", blocks });

beforeAll(async () => {
  browser = await launchBrowser();
  server = await startServer({ tick: 0, at: "2026-01-05T10:00:00Z" });
  await server.put("/api/offers/week", { name: "Week", kind: "percent", value: 10, valid_for: "P7D" });
  const other = definition({ start: begins("hello"), hello: { ...mail, next: { next: "done" } }, done });
  const { id } = (await server.post("/api/scenarios", { definition: { ...other, name: "Newcomers" } })).json;
  expect((await server.post(`/api/scenarios/${id}/activate`)).status).toBe(200);
  draft = (await server.post("/api/scenarios", { definition: other })).json.id;
  const second = definition({ start: begins("gift"), gift, hello: mail, text, done });
  await server.put(`/api/scenarios/${draft}`, { definition: { ...second, holdout: 0.2 } });
  for (let day = 0; day < 10; day++) {
    for (let person = 0; person < 4; person++) {
      const userId = `guest-${day}-${person}`;
      const traits = { email: `${userId}@shop.test`, phone: `+33612${100_000 + day * 10 + person}` };
      await server.send("identify", { userId, traits: { ...traits, consent: { email: person > 0, sms: person > 1 } } });
      await server.send("track", { userId, event: "Signed Up" });
    }
    expect((await server.moveClock({ advance: "P1D" })).status).toBe(200);
  }
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

test("a rehearsal's page shows it all, at a desk and on a phone, in both languages", async () => {
  const looks = new Looks(browser, server.url);
  const page = await openConsole(browser, server, `/admin/scenarios/${draft}/rehearse`);
  await page.getByLabel("From").fill("2026-01-05");
  await page.getByLabel("Compare with").selectOption("1");
  await page.getByRole("button", { name: "Rehearse" }).click();
  await page.getByRole("heading", { name: "Version 2 against 1" }).waitFor();
  await page.getByRole("region", { name: "Beside other scenarios" }).getByRole("row", { name: "Newcomers" }).waitFor();
  const assumed = page.getByRole("region", { name: "What this takes for granted" });
  await assumed.getByText("Other active scenarios play along").waitFor();
  await assumed.getByText("Coupons follow the offers of today").waitFor();
  await looks.everywhere(page, "rehearsal-en");
  const { pathname } = new URL(page.url());
  await page.goto(`${server.url}${pathname}?lang=fr`);
  await page.getByRole("region", { name: "Ce qui est supposé" }).getByText("Les bons suivent les offres").waitFor();
  await looks.everywhere(page, "rehearsal-fr");
  await page.goto(`${server.url}/admin/scenarios/${draft}/rehearse`);
  await page.getByRole("heading", { name: "Répétitions précédentes" }).waitFor();
  await looks.everywhere(page, "rehearse-fr");
});
