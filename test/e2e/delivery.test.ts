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
  await tell(user, id, type, more);
  return id;
}

/** What the provider says of the message to somebody. */
async function tell(user: string, id: string, type: string, more: object = {}): Promise<void> {
  const data = { email_id: `re-${user}`, tags: { send: `snd-${user}`, contact: id }, ...more };
  expect((await fetch(`${server.url}/webhooks/resend`, resendDelivery({ type, data }))).status).toBe(200);
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

  test("say on a contact's page how far a message got, in whichever order that was told", async () => {
    const id = await told("vera", "email.delivered");
    // The delay is told of behind it.
    await tell("vera", id, "email.delivery_delayed");
    const messages = page.getByRole("region", { name: "Messages" });
    await page.goto(`${server.url}/admin/contacts/${id}?lang=en`);
    await messages.locator(".feed-line").getByText("Delivered").waitFor();
    await messages.locator(".feed-about").getByText("Delayed").waitFor();
    await tell("vera", id, "email.complained");
    await page.reload();
    await messages.locator(".feed-line").getByText("Reported as spam").waitFor();
    expect(await messages.locator(".feed-about").getByText("Delivered").count()).toBe(1);
    await looks.everywhere(page, "contact-fate");
    await page.goto(`${server.url}/admin/contacts/${id}?lang=fr`);
    await page.getByText("Signalé comme spam").first().waitFor();
    await looks.everywhere(page, "contact-fate-fr");
  });
});
