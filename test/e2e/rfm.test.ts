import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mapText } from "../../src/console/rfm-map-text";
import { launchBrowser } from "../support/browser";
import { openConsole } from "../support/console";
import { Looks } from "../support/looks";
import { VIGNETTE } from "../support/published-maps";
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

const PHONE = [390, "fr"] as const;
const DESK = [1280, "en"] as const;

/** Looks at a page on a phone in French, which has the longer words, or at a desk in English. */
async function look(path: string, name: string, ...sizes: readonly (typeof PHONE | typeof DESK)[]): Promise<void> {
  for (const [width, language] of sizes) {
    await page.setViewportSize({ width, height: 900 });
    await open(`${path}${path.includes("?") ? "&" : "?"}lang=${language}`);
    await looks.inspect(page, `${name}-${width}-${language}`);
  }
  // The language is remembered.
  await open(`${path}${path.includes("?") ? "&" : "?"}lang=en`);
}

describe("the pages of RFM", () => {
  test("say what is missing where there is no order", async () => {
    await page.getByText("No order yet").waitFor();
    await look("/admin/rfm", "rfm-empty", DESK);
  });

  test("say what is done while there are few customers, and what they leave out", async () => {
    const few = ordersOf(12, Date.parse(AUGUST));
    await importOrders(server, [...few, ["jp", "c1", "2026-07-01 10:00:00", "5000", "JPY"]]);
    await open("/admin/rfm");
    await page.getByRole("button", { name: "Compute now" }).click();
    await page.getByText("all three scores go by fixed thresholds").waitFor();
    await page.getByText("1 order in JPY has no exchange rate").waitFor();
    await look("/admin/rfm", "rfm-few", DESK);
  });

  test("show the matrix, its segments, and who is in a square", async () => {
    await importOrders(server, ordersOf(620, Date.parse(AUGUST)));
    await page.getByRole("button", { name: "Compute now" }).click();
    await page.getByText("Computed.").waitFor();
    await look("/admin/rfm", "rfm", PHONE, DESK);
    const matrix = page.getByRole("table", { name: "Customers by recency and frequency" });
    const square = matrix.getByRole("link", { name: /^R5 F5: / });
    const held = Number(/^R5 F5: (\d+)/.exec((await square.textContent()) ?? "")?.[1]);
    expect(held).toBeGreaterThan(3);
    await square.click();
    await page.getByRole("heading", { name: `R 5, F 5: ${held} customers` }).waitFor();
    const rows = page.getByRole("table").getByRole("row");
    expect(await rows.count()).toBe(51);
    await page.getByRole("link", { name: "More" }).click();
    expect(await rows.count()).toBe(held - 50 + 1);
    await look("/admin/rfm/contacts?r=5&f=4", "rfm-square", PHONE);
  });

  test("show what was earned beside the money, for whoever asks", async () => {
    await open("/admin/rfm");
    expect(await page.getByText("Show margins").count()).toBe(0);
    const product = {
      product_id: "p1",
      sku: "p1",
      title: "Cup",
      price: { amount: 1_000, currency: "EUR" },
      margin_pct: 40,
    };
    expect((await server.put("/api/products", { products: [product] })).status).toBeLessThan(300);
    await open("/admin/rfm");
    await page.getByRole("link", { name: "Show margins beside the money" }).click();
    await page.getByRole("listitem").filter({ hasText: "Champions" }).getByText("Margin").waitFor();
  });

  test("tell of a contact why they are in their segment", async () => {
    await open("/admin/contacts?q=c1");
    const card = page.getByRole("region", { name: "RFM" });
    await card.getByText(/Last order \d+ days ago; \d+ valid orders? for €/).waitFor();
    await looks.inspect(page, "rfm-contact");
    await card.getByRole("link").click();
    await page.getByRole("heading", { level: 2, name: /\d+ customers$/ }).waitFor();
  });

  test("show the matrix then and now, the sizes between, and who moved", async () => {
    // The first sweep finds the family, the second computes it.
    for (let round = 0; round < 2; round++) await server.scheduled("*/5 * * * *");
    await server.moveClock({ advance: "P2D" });
    const bought = Array.from({ length: 40 }, (_, index) => ({
      type: "track",
      event: "Order Completed",
      userId: `c${index * 7}`,
      properties: { order_id: `new-${index}`, total: 180, currency: "EUR" },
    }));
    expect((await server.send("batch", { batch: bought })).json.accepted).toBe(40);
    for (let night = 0; night < 3; night++) await server.moveClock({ advance: "P1D" });
    await open("/admin/rfm/time?from=2026-08-01&to=2026-08-06");
    await page.getByRole("table", { name: "6 Aug 2026" }).waitFor();
    const sizes = page.getByRole("table", { name: "Customers in each segment over time" });
    expect(await sizes.getByRole("row").count()).toBe(12);
    expect(await page.locator(".alluvial path").count()).toBeGreaterThan(3);
    await page.getByText("did something").first().waitFor();
    await look("/admin/rfm/time?from=2026-08-01&to=2026-08-06", "rfm-time", PHONE, DESK);
    await page.getByRole("textbox", { name: "Day" }).fill("2026-03-01");
    await page.getByRole("button", { name: "Analyse" }).click();
    await page.getByText("An analysis as of 1 Mar 2026").waitFor();
  });
});

describe("the settings of RFM", () => {
  test("are refused with a defective published map, whose cells are shown, and taken once it is whole", async () => {
    await open("/admin/rfm/settings");
    await page.getByLabel("Map", { exact: true }).selectOption("own");
    await page.getByLabel("Your own map").fill(mapText(VIGNETTE));
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Not saved").waitFor();
    await page.getByText("36 cells are in no segment:").waitFor();
    await page.getByText("42 cells are in more than one segment").waitFor();
    expect(await page.locator(".map-none").count()).toBe(36);
    expect(await page.locator(".map-twice").count()).toBe(42);
    await looks.everywhere(page, "rfm-map-refused");
    expect((await server.api("/api/settings/rfm")).json.map).toBe("default");
    const rule = { type: "segment", family: "rfm", segment: "champions" };
    await server.api("/api/segments", { method: "POST", json: { key: "vip", name: "VIP", rule } });
    await page.getByLabel("Your own map").fill("Here: R 4-5\nGone: R 1-3");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("in use by segment vip").waitFor();
    expect(await page.getByLabel("Your own map").inputValue()).toContain("Here: R 4-5");
    await server.api("/api/segments/vip", { method: "DELETE" });
    await page.getByRole("button", { name: "What would change?" }).click();
    const preview = page.getByRole("table", { name: "What would change" });
    await preview.getByRole("row", { name: /^Here 0 \d+ \+\d+$/ }).waitFor();
    await looks.inspect(page, "rfm-preview");
    expect((await server.api("/api/settings/rfm")).json.map).toBe("default");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
    expect((await server.api("/api/settings/rfm")).json.map).toEqual({
      segments: [
        { name: "Here", r: [4, 5] },
        { name: "Gone", r: [1, 3] },
      ],
    });
    await page.getByRole("button", { name: "Compute now" }).click();
    await page.getByRole("link", { name: "Gone", exact: true }).click();
    await page.getByRole("heading", { name: /^Gone: \d+ customers$/ }).waitFor();
  });

  test("say what is wrong where it was typed, in French too, and keep it", async () => {
    await look("/admin/rfm/settings", "rfm-settings", PHONE);
    await open("/admin/rfm/settings?lang=fr");
    await page.getByLabel("F5").fill("2");
    await page.getByLabel("Votre propre carte").fill("nonsense");
    await page.getByRole("button", { name: "Enregistrer" }).click();
    await page.getByRole("alert").getByText("la ligne 1 n’est pas").waitFor();
    await page.getByLabel("Votre propre carte").fill("Ici : R 1-5");
    await page.getByRole("button", { name: "Enregistrer" }).click();
    await page.getByText("sont quatre nombres, chacun plus grand que le précédent").waitFor();
    expect(await page.getByLabel("F5").inputValue()).toBe("2");
  });

  test("take a missing rate by keyboard alone, and give it back", async () => {
    await open("/admin/rfm/settings?lang=en");
    await page.getByText("1 order in JPY has no exchange rate").waitFor();
    await page.getByRole("link", { name: "Add the rate" }).click();
    expect(await page.getByLabel("Currency").inputValue()).toBe("JPY");
    expect(await page.locator("#rate-from").inputValue()).toBe("2026-07-01");
    await page.getByLabel("EUR for one").focus();
    await page.keyboard.type("0,0061");
    await page.keyboard.press("Enter");
    await page.getByText("has no exchange rate").waitFor({ state: "detached" });
    expect((await server.api("/api/settings/currencies")).json.data).toEqual([
      { currency: "JPY", from: "2026-07-01", rate: "0.0061" },
    ]);
    await page.getByRole("button", { name: "Remove JPY, 2026-07-01" }).click();
    await page.getByText("1 order in JPY has no exchange rate").waitFor();
  });
});
