import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../support/browser";
import { openConsole } from "../support/console";
import { rssFeed, serveFeed } from "../support/feed-server";
import { Looks } from "../support/looks";
import type { Server } from "../support/server";
import { startServer } from "../support/server";

const EVIL = `<img src=x onerror="document.title='owned'">`;

let browser: Browser;
let server: Server;
let looks: Looks;
let shop: Awaited<ReturnType<typeof serveFeed>>;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
  [server, shop] = await Promise.all([startServer({ tick: 0 }), serveFeed()]);
  looks = new Looks(browser, server.url);
  page = await openConsole(browser, server, "/admin/catalogue");
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  await shop.stop();
});

/** Looks at a page, narrow in both languages and wide in one. */
async function look(path: string, name: string): Promise<void> {
  for (const [width, language] of [
    [390, "fr"],
    [390, "en"],
    [1280, "en"],
  ] as const) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`${server.url}${path}?lang=${language}`);
    await looks.inspect(page, `${name}-${width}-${language}`);
  }
}

const lamp = {
  id: "LAMP-1",
  title: `Lamp ${EVIL}`,
  brand: "Lumen",
  product_type: "Lighting > Lamps",
  link: "https://shop.test/lamp",
};
const vase = {
  id: "VASE-B",
  item_group_id: "VASE",
  title: "Vase, blue",
  price: "19.90 EUR",
  availability: "in_stock",
  quantity: "9",
};
const days = (count: number, from: string): string =>
  `${new Date(Date.parse(from) + count * 86_400_000).toISOString().slice(0, 19)}Z`;

describe("the catalogue's pages", () => {
  test("say what to do where there is nothing, and what is wrong with an address", async () => {
    await page.getByText("No feed yet").waitFor();
    await look("/admin/catalogue", "catalogue-empty");
    await page.getByLabel("Name", { exact: true }).fill("main");
    await page.getByLabel("Address of the feed").fill("https://10.0.0.1/feed.xml");
    await page.getByRole("button", { name: "Add and fetch" }).click();
    await page.getByRole("alert").getByText("must name a host, not an IP address").waitFor();
    expect(await page.getByLabel("Address of the feed").inputValue()).toBe("https://10.0.0.1/feed.xml");
  });

  test("take a feed's address and show what came of it", async () => {
    const items = [
      { ...lamp, price: "49.00 EUR", availability: "in_stock", quantity: "12" },
      vase,
      { ...vase, id: "VASE-G", title: "Vase, green" },
      { id: "BAD-1", title: "No price", price: "ask us" },
      { title: "Nobody" },
    ];
    shop.serve(rssFeed(items));
    await page.goto(`${server.url}/admin/catalogue`);
    await page.getByLabel("Name", { exact: true }).fill("main");
    await page.getByLabel("Address of the feed").fill(shop.url);
    await page.getByLabel("Fetched", { exact: true }).selectOption("P1D");
    await page.getByRole("button", { name: "Add and fetch" }).click();
    const feed = page.getByRole("region", { name: "main" });
    await feed.getByText("Up to date").waitFor();
    await feed.getByText("price is not an amount as in 12.99 EUR").waitFor();
    await feed.getByText("BAD-1").waitFor();
    const now = (await server.api("/dev/clock")).json.now as string;
    await server.moveClock({ advance: "P20D" });
    const window = `${days(35, now)}/${days(42, now)}`;
    const sale = { price: "49.00 EUR", sale_price: "29.00 EUR", sale_price_effective_date: window };
    shop.serve(
      rssFeed([
        { ...lamp, ...sale, price: "45.00 EUR", availability: "in_stock", quantity: "3" },
        { ...vase, quantity: "0" },
      ]),
    );
    await page.getByRole("button", { name: "Fetch now: main" }).click();
    await page.getByText("Price drop").waitFor();
    await page.getByText("Running low").waitFor();
    shop.answerWith((_, response) => void response.writeHead(500).end());
    await server.post("/api/feeds", { key: "second", url: shop.url, paused: true });
    await page.reload();
    await page.getByRole("button", { name: "Fetch now: second" }).click();
    await page.getByText("was answered with status 500").waitFor();
    await look("/admin/catalogue", "catalogue");
  });

  test("show a product with its prices, those announced too, and none of its words as markup", async () => {
    await page.getByRole("link", { name: "LAMP-1" }).first().click();
    await page.getByRole("heading", { level: 1 }).getByText(EVIL).waitFor();
    expect(await page.title()).toContain("Relance");
    expect(await page.locator(".price-next").count()).toBe(1);
    expect(await page.getByRole("table", { name: "Prices" }).getByRole("row").count()).toBe(5);
    await look("/admin/catalogue/products/LAMP-1", "product");
    await look("/admin/catalogue/products/VASE", "product-variants");
    await page.getByText("left", { exact: false }).first().waitFor();
    await page.goto(`${server.url}/admin/catalogue/products/none`);
    await page.getByText("No product has this id").waitFor();
  });

  test("take a feed away", async () => {
    await page.goto(`${server.url}/admin/catalogue`);
    const feed = page.getByRole("region", { name: "second" });
    await feed.getByText("Remove…").click();
    await feed.getByRole("button", { name: "Remove second" }).click();
    await feed.waitFor({ state: "detached" });
    expect((await server.api("/api/feeds")).json.data.map(({ key }: { key: string }) => key)).toEqual(["main"]);
  });
});
