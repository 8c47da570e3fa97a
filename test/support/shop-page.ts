import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";

const packages = join(import.meta.dirname, "../../node_modules");

/** The browser bundles that the npm packages carry, byte for byte. */
const SCRIPTS: Readonly<Record<string, string>> = {
  "/segment.js": "@segment/analytics-next/dist/umd/index.js",
  "/rudderstack.js": "@rudderstack/analytics-js/dist/npm/modern/bundled/umd/index.js",
};

/** A shop's page on an origin of its own, with the clients in it. */
export interface ShopPage {
  readonly url: string;
  close(): Promise<void>;
}

export async function serveShopPage(): Promise<ShopPage> {
  const tags = Object.keys(SCRIPTS).map((path) => `<script src="${path}"></script>`);
  const html = `<!doctype html><title>Shop</title>${tags.join("")}<h1>Shop</h1>`;
  const server = createServer((request, response) => {
    const script = SCRIPTS[request.url ?? ""];
    response.setHeader("content-type", script ? "text/javascript" : "text/html; charset=utf-8");
    response.end(script ? readFileSync(join(packages, script)) : html);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    // Another site than the product's, so that the browser allows nothing by itself.
    url: `http://shop.test.localhost:${(server.address() as AddressInfo).port}/product?utm_source=news`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Lets a headless browser call itself what a shopper's does, in what it sends behind a page that was left as well. */
export const AS_A_SHOPPER =
  "--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36";

/** Milliseconds by which the shopper's clock is slow. */
const SLOW = 3_600_000;

/** A new shopper's page, with a clock that is an hour slow. */
export async function openShop(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext();
  await context.addInitScript((slow) => {
    const Real = Date;
    globalThis.Date = class extends Real {
      constructor(...given: [number]) {
        super(...((given.length > 0 ? given : [Real.now() - slow]) as [number]));
      }
      static override now = () => Real.now() - slow;
    } as DateConstructor;
  }, SLOW);
  const page = await context.newPage();
  await page.goto(url);
  return page;
}
