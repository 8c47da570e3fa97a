import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../support/browser";
import type { Server } from "../support/server";
import { startServer } from "../support/server";

interface InboxMessage {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
});

// 2026-11-22 is a Sunday; the demo shop's sending windows are open, so the walks end the same.
describe.each([
  ["on a working day", "2026-11-18T10:00:00Z"],
  ["at 03:00 on a Sunday", "2026-11-22T03:00:00Z"],
])("the tour, %s", (_when, start) => {
  let server: Server;

  beforeAll(async () => {
    server = await startServer();
    await server.api("/dev/demo", { method: "POST" });
    await move({ set: start });
  });

  afterAll(async () => {
    await server.stop();
  });

  async function move(by: { set: string } | { advance: string }): Promise<void> {
    const answer = await server.moveClock(by);
    expect(answer.status, answer.text).toBe(200);
  }

  async function inbox(to: string): Promise<InboxMessage[]> {
    const answer = await server.api(`/dev/inbox.json?to=${encodeURIComponent(to)}`);
    return (answer.json as { data: InboxMessage[] }).data;
  }

  /** Puts a vase into the cart of a new visitor, who leaves an address and agrees to email. */
  async function fillCart(email: string): Promise<Page> {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${server.url}/demo`);
    await page.click('button[data-add="ML-GALET"]');
    await page.goto(`${server.url}/demo/cart`);
    await page.fill("#signup-email", email);
    await page.check("#consent-email");
    await page.click("#signup-submit");
    await page.locator("#signup-status").getByText("Saved").waitFor();
    await flush(page);
    return page;
  }

  async function flush(page: Page): Promise<void> {
    await page.evaluate(() => (globalThis as unknown as { relance: { flush: () => Promise<void> } }).relance.flush());
  }

  test("a cart that is left brings one message, and an order ends it", async () => {
    const email = "ann.tour@example.com";
    const page = await fillCart(email);
    await move({ advance: "PT4H29M" });
    expect(await inbox(email)).toHaveLength(0);
    await move({ advance: "PT1M" });
    const [message] = await inbox(email);
    expect(message?.html).toContain("Galet");

    const letter = await page.context().newPage();
    await letter.setContent(message?.html ?? "");
    const link = letter.locator('a[href*="/demo/cart"]').first();
    await page.goto((await link.getAttribute("href")) ?? "");
    expect(new URL(page.url()).pathname).toBe("/demo/cart");
    await page.locator('[data-sku="ML-GALET"]').waitFor();

    await page.goto(`${server.url}/demo/checkout`);
    await page.fill("#checkout-email", email);
    await page.fill("#checkout-first-name", "Ann");
    await page.fill("#checkout-last-name", "Tour");
    await page.click("#place-order");
    await page.waitForURL(/\/demo\/order\//);
    await move({ advance: "P4D" });
    expect(await inbox(email)).toHaveLength(1);
  });

  test("unsubscribing in one click stops the next message, and a scanner does not unsubscribe (mautic 16263, Appendix B 23)", async () => {
    const email = "ben.tour@example.com";
    await fillCart(email);
    await move({ advance: "PT5H" });
    const [message] = await inbox(email);
    expect(message?.headers["List-Unsubscribe-Post"]).toBe("List-Unsubscribe=One-Click");
    const address = /<(https?:[^>]+)>/.exec(message?.headers["List-Unsubscribe"] ?? "")?.[1] ?? "";

    // A scanner follows the link: nothing changes by that.
    expect((await fetch(address)).status).toBe(200);
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    const answer = await fetch(address, {
      method: "POST",
      headers,
      body: "List-Unsubscribe=One-Click",
      redirect: "manual",
    });
    expect(answer.status).toBe(200);
    await move({ advance: "P4D" });
    expect(await inbox(email)).toHaveLength(1);
  });
});
