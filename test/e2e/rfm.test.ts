import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../support/browser";
import { openConsole } from "../support/console";
import { Looks } from "../support/looks";
import { importOrders, ordersOf } from "../support/rfm-shop";
import type { Server } from "../support/server";
import { startServer } from "../support/server";

const AUGUST = "2026-08-01T10:00:00Z";

let browser: Browser;
let server: Server;
let looks: Looks;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
  server = await startServer({ tick: 0, at: AUGUST });
  looks = new Looks(browser, server.url);
  // The pages' visitor has a browser without scripts.
  page = await openConsole(browser, server, "/admin/rfm", { locale: "en-GB", javaScriptEnabled: false });
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

const open = (path: string) => page.goto(`${server.url}${path}`);

/** Looks at a page on a phone in French, which has the longer words, and at a desk in English. */
async function look(path: string, name: string): Promise<void> {
  for (const [width, language] of [
    [390, "fr"],
    [1280, "en"],
  ] as const) {
    await page.setViewportSize({ width, height: 900 });
    await open(`${path}${path.includes("?") ? "&" : "?"}lang=${language}`);
    await looks.inspect(page, `${name}-${width}-${language}`);
  }
}

describe("the pages of RFM", () => {
  test("say what is missing where there is no order", async () => {
    await page.getByText("No order yet").waitFor();
    await look("/admin/rfm", "rfm-empty");
  });

  test("say what is done while there are few customers, and what they leave out", async () => {
    const few = ordersOf(12, Date.parse(AUGUST));
    await importOrders(server, [...few, ["jp", "c1", "2026-07-01 10:00:00", "5000", "JPY"]]);
    await open("/admin/rfm");
    await page.getByRole("button", { name: "Compute now" }).click();
    await page.getByText("all three scores go by fixed thresholds").waitFor();
    await page.getByText("1 orders in JPY have no exchange rate").waitFor();
    await look("/admin/rfm", "rfm-few");
  });

  test("show the matrix, its segments, and who is in a square", async () => {
    await importOrders(server, ordersOf(620, Date.parse(AUGUST)));
    await page.getByRole("button", { name: "Compute now" }).click();
    await page.getByText("Computed.").waitFor();
    await look("/admin/rfm", "rfm");
    const matrix = page.getByRole("table", { name: "Customers by recency and frequency" });
    const square = matrix.getByRole("link", { name: /^R5 F5: / });
    const held = Number(/^R5 F5: (\d+)/.exec((await square.textContent()) ?? "")?.[1]);
    expect(held).toBeGreaterThan(3);
    await square.click();
    await page.getByRole("heading", { name: `R 5, F 5: ${held} customers` }).waitFor();
    expect(await page.getByRole("table").getByRole("row").count()).toBe(held + 1);
    await look("/admin/rfm/contacts?r=5&f=5", "rfm-square");
  });
});
