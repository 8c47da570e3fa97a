import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../support/browser";
import { openConsole } from "../support/console";
import { Looks } from "../support/looks";
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
  await server.send("identify", { userId: "ada", traits: { email: "ada@example.com", first_name: "=1+1" } });
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

/** What the browser saves when a button is pressed. */
async function saved(button: string): Promise<{ name: string; text: string }> {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: button }).click();
  const file = await download;
  const parts = await (await file.createReadStream()).setEncoding("utf8").toArray();
  return { name: file.suggestedFilename(), text: parts.join("") };
}

describe("exports, in the console", () => {
  test("are offered where nobody has taken anything out", async () => {
    await page.getByRole("link", { name: "Data", exact: true }).click();
    await page.getByRole("link", { name: "Exports" }).click();
    await page.getByText("Nobody has taken anything out").waitFor();
    await looks.everywhere(page, "exports-empty");
  });

  test("are saved as a file, and noted with the key that asked", async () => {
    const { name, text } = await saved("Export");
    expect(name).toMatch(/^contacts-\d{4}-\d\d-\d\d\.csv$/);
    expect(text).toMatch(/^\uFEFFexternal_id,email,/);
    expect(text).toContain("ada,ada@example.com,,'=1+1,");
    await page.getByRole("combobox", { name: "What" }).selectOption("identities");
    await page.getByRole("combobox", { name: "Form" }).selectOption("ndjson");
    expect((await saved("Export")).text).toContain('"identity":"u:ada"');
    await page.reload();
    await page.getByText("Taken out").first().waitFor();
    expect(await page.getByText(/^key_[0-9a-f]{20}$/).count()).toBe(2);
    await looks.everywhere(page, "exports");
  });

  test("of a list are a button on its page", async () => {
    await page.goto(`${server.url}/admin/decisions`);
    expect((await saved("Export all as CSV")).name).toMatch(/^decisions-/);
    await looks.everywhere(page, "decisions-export");
    await page.goto(`${server.url}/admin/messages`);
    expect((await saved("Export all as CSV")).name).toMatch(/^sends-/);
  });

  test("are read in French too", async () => {
    await page.goto(`${server.url}/admin/exports?lang=fr`);
    await page.getByRole("heading", { name: "Qui a extrait quoi" }).waitFor();
    await looks.everywhere(page, "exports-fr");
  });
});
