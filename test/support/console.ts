import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { Server } from "./server";
import { keys } from "./server";

/** A page of the console, signed in, in a browser context of its own; `how` says what kind of visitor it is. */
export async function openConsole(
  browser: Browser,
  server: Server,
  path = "/admin",
  how: BrowserContextOptions = { locale: "en-GB" },
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...how });
  const page = await context.newPage();
  await page.goto(server.url + path);
  await page.locator("input[name=key]").fill(keys.admin);
  await page.keyboard.press("Enter");
  // Only who is signed in has a menu.
  await page.locator("nav.menu").waitFor();
  return page;
}
