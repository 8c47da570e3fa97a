import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../support/browser";
import { openConsole } from "../support/console";
import { Looks } from "../support/looks";
import type { Server } from "../support/server";
import { startServer } from "../support/server";

const PEOPLE = 240;

let browser: Browser;
let server: Server;
let looks: Looks;

beforeAll(async () => {
  browser = await launchBrowser();
  server = await startServer({ at: "2026-06-01T08:00:00Z", tick: 0 });
  looks = new Looks(browser, server.url);
  const batch = Array.from({ length: PEOPLE }, (_, index) => ({
    type: "identify",
    userId: `walk-${index}`,
    traits: { email: `walk-${index}@walk.test`, consent: { email: index % 8 !== 0 }, wave: "walk" },
  }));
  expect((await server.send("batch", { batch })).json.accepted).toBe(PEOPLE);
  const rule = { type: "attribute", name: "wave", as: "text", op: "is", value: "walk" };
  expect((await server.post("/api/segments", { key: "walkers", name: "Walkers", rule })).status).toBe(201);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function french(page: Page, name: string): Promise<void> {
  const path = new URL(page.url()).pathname;
  await page.goto(`${server.url}${path}?lang=fr`);
  await looks.inspect(page, `${name}-fr`);
  await page.goto(`${server.url}${path}?lang=en`);
}

test("a campaign from its form to its report", async () => {
  const page = await openConsole(browser, server, "/admin/campaigns");
  await looks.inspect(page, "campaigns-none");
  await page.getByRole("link", { name: "New campaign" }).click();
  await looks.everywhere(page, "campaign-new");
  await french(page, "campaign-new");

  await page.locator("input[name=name]").fill("Summer <b>hours</b>");
  await page.locator("select[name=audience]").selectOption("walkers|walkers");
  await page.locator("select[name=content]").selectOption("cart_2_sms");
  await page.locator("select[name=class]").selectOption("service");
  await page.getByRole("button", { name: "Make the draft" }).click();
  // A refusal shows the form as it was typed.
  await page.locator(".note-bad").waitFor();
  expect(await page.locator("input[name=name]").inputValue()).toBe("Summer <b>hours</b>");
  await looks.inspect(page, "campaign-refused");

  await page.locator("select[name=class]").selectOption("marketing");
  await page.locator("select[name=content]").selectOption("second_purchase_thanks");
  await page.locator("select[name=other]").selectOption("second_purchase_reminder");
  await page.locator("input[name=share]").fill("50");
  await page.locator("input[name=holdout]").fill("10");
  await page.getByRole("button", { name: "Make the draft" }).click();
  await page.getByRole("heading", { name: "Confirm" }).waitFor();
  expect(await page.locator("h1").textContent()).toBe("Summer <b>hours</b>");
  expect(await page.locator("#confirm").locator("xpath=../..").textContent()).toContain("240");
  await looks.everywhere(page, "campaign-draft");
  await french(page, "campaign-draft");

  // The number of who can be reached is not the one that is asked for.
  await page.locator("input[name=count]").fill("210");
  await page.getByRole("button", { name: /Confirm and send/ }).click();
  await page.locator(".note-bad").waitFor();
  await page.locator("input[name=count]").fill("240");
  await page.getByRole("button", { name: /Confirm and send/ }).click();
  await page.getByText("The first message leaves").waitFor();
  await looks.inspect(page, "campaign-held");

  await server.moveClock({ advance: "PT11M" });
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByRole("button", { name: "Go on" }).waitFor();
  await server.moveClock({ advance: "PT1H" });
  await page.getByRole("button", { name: "Go on" }).click();
  await server.moveClock({ advance: "PT5H" });
  await page.reload();
  await page.getByText("Done", { exact: true }).waitFor();
  await looks.everywhere(page, "campaign-done");
  await french(page, "campaign-done");
  expect(await page.locator("#against").locator("xpath=../..").textContent()).toContain("No consent for this channel");

  // Its messages stand under its name wherever messages do.
  const { data } = (await server.api("/api/contacts?external_id=walk-1")).json;
  for (const [path, name] of [
    [`/admin/contacts/${data[0].id}`, "campaign-contact"],
    ["/admin/messages?state=sent", "campaign-messages"],
  ] as const) {
    await page.goto(`${server.url}${path}`);
    expect(await page.getByRole("link", { name: "Summer <b>hours</b>" }).count()).toBeGreaterThan(0);
    await looks.everywhere(page, name);
    await french(page, name);
  }
  await page.goto(`${server.url}/admin`);
  await looks.inspect(page, "campaign-overview");

  await page.goto(`${server.url}/admin/campaigns`);
  await looks.everywhere(page, "campaigns");
  await french(page, "campaigns");
});
