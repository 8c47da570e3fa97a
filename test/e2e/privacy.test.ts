import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../support/browser";
import { openConsole } from "../support/console";
import { Looks } from "../support/looks";
import type { Server } from "../support/server";
import { startServer, until } from "../support/server";

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

async function known(name: string): Promise<string> {
  await server.send("identify", { userId: name, traits: { email: `${name}@example.com`, firstName: name } });
  return (await server.api(`/api/contacts?email=${name}@example.com`)).json.data[0].id as string;
}

describe("requests under data protection law, in the console", () => {
  test("say how they come where nobody has asked for anything", async () => {
    await page.getByRole("link", { name: "Audience", exact: true }).click();
    await page.getByRole("link", { name: "Privacy" }).click();
    await page.getByText("Nobody has asked for anything").waitFor();
    await looks.everywhere(page, "privacy-empty");
  });

  test("for access are noted on the contact's page, answered with a file, and marked", async () => {
    const id = await known("ada");
    await page.goto(`${server.url}/admin/contacts/${id}`);
    await page.getByRole("button", { name: "Note a request for access" }).click();
    await page.getByText("Wants to see their data").waitFor();
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download everything" }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe(`${id}.json`);
    const text = await (await file.createReadStream()).setEncoding("utf8").toArray();
    expect(JSON.parse(text.join("")).profile).toMatchObject({ id, email: "ada@example.com" });
    await looks.everywhere(page, "privacy-access");
    await page.getByRole("button", { name: "Mark as answered" }).click();
    await page.getByText("Done").first().waitFor();
  });

  test("for erasure wait for a word where a link asked for them, and are then carried out", async () => {
    const id = await known("grace");
    await page.goto(`${server.url}/admin/contacts/${id}`);
    await page.getByText("Erase this person…").click();
    await looks.everywhere(page, "contact-erase");
    await page.getByRole("button", { name: "Erase for good" }).click();
    await page.getByText("Wants to be erased").waitFor();
    await until(async () => (await server.api(`/api/contacts/${id}`)).json.status === "erased" || null, {
      what: "an empty contact",
    });
    const isDone = async () => {
      await page.goto(`${server.url}/admin/privacy`);
      return (await page.getByText("Done", { exact: true }).count()) === 2 || null;
    };
    await until(isDone, { what: "the end of the erasure" });
  });

  test("are read in French too", async () => {
    await page.goto(`${server.url}/admin/privacy?lang=fr`);
    await page.getByRole("heading", { name: "Vie privée", level: 1 }).waitFor();
    await page.getByText("Veut être effacé").waitFor();
    await looks.everywhere(page, "privacy-fr");
  });
});
