import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../support/browser";
import { openConsole } from "../support/console";
import { Looks } from "../support/looks";
import type { Server } from "../support/server";
import { startServer } from "../support/server";

const NOW = "2026-11-20T09:00:00Z";
const EVIL = `<img src=x onerror="document.title='owned'">`;

let browser: Browser;
let server: Server;
let looks: Looks;
let page: Page;

/** Six customers: the first has one order, the second two, and so on. */
async function customers(): Promise<void> {
  const batch = Array.from({ length: 6 }, (_none, index) => ({
    type: "identify",
    messageId: `who-${index}`,
    userId: `c${index}`,
    timestamp: NOW,
    traits: { email: `c${index}@shop.test`, first_name: index === 5 ? EVIL : `C${index}` },
  }));
  const orders = Array.from({ length: 6 }, (_none, index) =>
    Array.from({ length: index + 1 }, (_order, number) => ({
      type: "track",
      event: "Order Completed",
      messageId: `order-${index}-${number}`,
      userId: `c${index}`,
      timestamp: NOW,
      properties: { order_id: `o${index}-${number}`, total: 20, currency: "EUR", products: [] },
    })),
  ).flat();
  const answer = await server.send("batch", { batch: [...batch, ...orders] });
  expect(answer.status).toBeLessThan(300);
}

beforeAll(async () => {
  browser = await launchBrowser();
  server = await startServer({ tick: 0, at: NOW });
  looks = new Looks(browser, server.url);
  await customers();
  page = await openConsole(browser, server, "/admin/segments");
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

/** Looks at a page, narrow in both languages and wide in one. */
async function look(path: string, name: string): Promise<void> {
  for (const [width, language] of [
    [390, "fr"],
    [390, "en"],
    [1280, "fr"],
    [1280, "en"],
  ] as const) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`${server.url}${path}${path.includes("?") ? "&" : "?"}lang=${language}`);
    await looks.inspect(page, `${name}-${width}-${language}`);
  }
}

describe("the console's segments", () => {
  test("offer a start where there is none", async () => {
    await page.getByRole("heading", { name: "Write your first segment" }).waitFor();
    expect(await page.getByRole("link", { name: "Segments" }).getAttribute("aria-current")).toBe("page");
    await look("/admin/segments", "list-empty");
    await page.getByRole("link", { name: "Bought once" }).click();
    await page.getByLabel("What it is called").waitFor();
    expect(await page.getByLabel("What it is called").inputValue()).toBe("Bought once");
    expect(await page.getByRole("link", { name: "Segments" }).first().getAttribute("aria-current")).toBe("true");
  });
});
