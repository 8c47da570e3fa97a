import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contactRow } from "../../src/shared/ids";
import { launchBrowser } from "../support/browser";
import { openConsole } from "../support/console";
import { Looks } from "../support/looks";
import { resendDelivery } from "../support/resend-webhooks";
import { type Server, startServer } from "../support/server";

let browser: Browser;
let server: Server;
let looks: Looks;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
  server = await startServer();
  looks = new Looks(browser, server.url);
  page = await openConsole(browser, server);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

/** Somebody whose provider told something of them. */
async function told(user: string, type: string, more: object = {}): Promise<string> {
  await server.send("identify", { userId: user, traits: { email: `${user}@x.test`, consent: { email: true } } });
  const { json } = await server.api(`/api/contacts?email=${user}@x.test`);
  const { id } = (json as { data: { id: string }[] }).data[0] ?? { id: "" };
  const db = await server.mf.getD1Database("DB");
  const columns = "contact, id, run, scenario, block, channel, class, content, content_version, address, data, state";
  await db
    .prepare(
      `INSERT INTO sends (${columns}, provider_id, open, attempts, next_at, lease_until, created_at, updated_at) ` +
        "VALUES (?1, ?2, 'r', 's', 'b', 'email', 'marketing', 'c', 1, ?3, '{}', 'sent', ?4, 0, 1, 0, 0, 0, 0)",
    )
    .bind(contactRow(id), `snd-${user}`, `${user}@x.test`, `re-${user}`)
    .run();
  const data = { email_id: `re-${user}`, tags: { send: `snd-${user}`, contact: id }, ...more };
  expect((await fetch(`${server.url}/webhooks/resend`, resendDelivery({ type, data }))).status).toBe(200);
  return id;
}

describe("delivery, in the console", () => {
  test("shows channels, and that nobody is suppressed", async () => {
    await page.getByRole("link", { name: "Delivery" }).click();
    await page.getByText("Nobody is suppressed").waitFor();
    await looks.everywhere(page, "delivery-empty");
  });

  test("lists who is not written to, by whose word, and lifts it one by one and in bulk", async () => {
    const bounced = await told("grace", "email.bounced", { bounce: { type: "Permanent", subType: "General" } });
    await told("ada", "email.complained");
    await told("zoe", "email.complained");
    const db = await server.mf.getD1Database("DB");
    const brakes = { email: { until: Date.now() + 3_600_000, reason: "daily_quota_exceeded", times: 1 } };
    await db.prepare("INSERT INTO settings (key, value) VALUES ('brakes', ?1)").bind(JSON.stringify(brakes)).run();
    await page.reload();
    await page.getByText("quota for today").waitFor();
    await page.getByText(bounced).waitFor();
    await looks.everywhere(page, "delivery");
    await page.goto(`${server.url}/admin/delivery?lang=fr`);
    await page.getByText("Adresse inexistante").first().waitFor();
    await looks.everywhere(page, "delivery-fr");
    await page.goto(`${server.url}/admin/delivery?lang=en`);
    await page.getByRole("button", { name: "Resume now: Email" }).click();
    expect(await page.getByText("quota for today").count()).toBe(0);
    await page.getByText("Lift all of these…").first().click();
    await page.getByRole("button", { name: "Lift 2" }).click();
    await page.getByText("Lift…").click();
    await page.getByRole("button", { name: "Lift it" }).click();
    await page.getByText("Nobody is suppressed").waitFor();
  });
});
