import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../support/browser";
import { openConsole } from "../support/console";
import { Looks } from "../support/looks";
import type { Server } from "../support/server";
import { startServer } from "../support/server";

let browser: Browser;
let server: Server;
let looks: Looks;

beforeAll(async () => {
  browser = await launchBrowser();
  server = await startServer({ tick: 0 });
  looks = new Looks(browser, server.url);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

/** A visitor whose browser runs no script. */
const open = (locale: string): Promise<Page> =>
  openConsole(browser, server, "/admin/imports", { locale, javaScriptEnabled: false });

const csv = (name: string, ...lines: string[]) => ({
  name,
  mimeType: "text/csv",
  buffer: Buffer.from(lines.join("\n")),
});

const CUSTOMERS = csv(
  "customers.csv",
  "external_id,email,first_name,country,consent_email,lucky number",
  "1,ann@example.com,Ann,FR,1,7",
  "2,nobody,Bo,FR,,",
  ",,,,,",
  '3,"cy@example.com","never closed',
);

describe("the page of imports", () => {
  test("says that there is no file yet, in both languages", async () => {
    for (const [locale, text] of [
      ["en-GB", "No file yet"],
      ["fr-FR", "Aucun fichier"],
    ] as const) {
      const page = await open(locale);
      await page.getByText(text).waitFor();
      if (locale === "fr-FR") await looks.everywhere(page, "imports-empty-fr");
      await page.context().close();
    }
  });

  test("takes a file from a form without a script, and shows which lines were not taken and why", async () => {
    const page = await open("fr-FR");
    await page.getByLabel("Ce qu’il contient").selectOption("contacts");
    await page.getByLabel("Fichier", { exact: true }).setInputFiles(CUSTOMERS);
    await page.getByRole("button", { name: "Charger" }).click();
    await page.getByRole("heading", { name: "Contacts", level: 1 }).waitFor();
    const refused = page.getByRole("region", { name: "Lignes qui n’ont pas été prises" });
    await refused.getByText("n’a ni external_id ni adresse e-mail").waitFor();
    await refused.getByText("a un guillemet qui n’est pas fermé").waitFor();
    await page.getByText("consent_email ne compte pas").waitFor();
    await looks.everywhere(page, "import-fr");
    const en = await open("en-GB");
    await en.goto(page.url());
    await en.getByText("has neither external_id nor email").waitFor();
    const { json } = await server.api("/api/contacts?email=ann@example.com");
    expect(json.data[0]).toMatchObject({ external_id: "1", consents: {}, attributes: { "lucky number": "7" } });
    await page.context().close();
    await en.context().close();
  });

  test("takes the file of a shop system by its mapping alone, and consents by an attestation", async () => {
    const page = await open("en-GB");
    await page.getByLabel("Where it comes from").selectOption("shopify-customers");
    await page.getByText("Everybody in it agreed to be written to").click();
    await page.getByLabel("Where they agreed").fill("shop checkout");
    await page.getByLabel("On which day").fill("2025-01-02");
    const file = csv("c.csv", "Customer ID,First Name,Email,Accepts Email Marketing", "'77,Dee,dee@example.com,yes");
    await page.getByLabel("File", { exact: true }).setInputFiles(file);
    await page.getByRole("button", { name: "Load it" }).click();
    await page.getByRole("heading", { name: "Contacts", level: 1 }).waitFor();
    const { json } = await server.api("/api/contacts?external_id=77");
    expect(json.data[0].consents.email).toEqual({ state: "granted", at: "2025-01-02T00:00:00.000Z" });
    await page.getByRole("link", { name: "Imports" }).last().click();
    await page.getByRole("region", { name: "Latest first" }).getByText("taken: 1").first().waitFor();
    await looks.everywhere(page, "imports");
    await page.context().close();
  });

  test("reads a large file to its last byte", async () => {
    const page = await open("en-GB");
    await page.getByLabel("What it holds").selectOption("stores");
    const rows = Array.from({ length: 100_000 }, (_, row) => `s${row % 50},Store ${row % 50}`);
    await page.getByLabel("File", { exact: true }).setInputFiles(csv("s.csv", "store_id,name", ...rows));
    await page.getByRole("button", { name: "Load it" }).click();
    await page.getByRole("heading", { name: "Stores", level: 1 }).waitFor();
    const id = page.url().split("/").at(-1);
    for (;;) {
      const { json } = await server.api(`/api/imports/${id}`);
      if (json.status === "running") await new Promise((resolve) => setTimeout(resolve, 100));
      else {
        expect(json).toMatchObject({ status: "done", rows: 100_000, accepted: 100_000 });
        break;
      }
    }
    await page.context().close();
  });

  test("refuses a form that names nothing, brings nothing, or is not of this session", async () => {
    const page = await open("en-GB");
    await page.getByLabel("File", { exact: true }).setInputFiles(CUSTOMERS);
    await page.getByRole("button", { name: "Load it" }).click();
    await page.getByText("Say what the file holds.").waitFor();
    const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
    const post = async (fields: Record<string, string>, file: string | null): Promise<number> => {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.set(name, value);
      if (file !== null) form.set("file", new Blob([file]), "f.csv");
      const headers = { Cookie: cookie, Origin: server.url };
      return (await fetch(`${server.url}/admin/imports`, { method: "POST", headers, body: form, redirect: "manual" }))
        .status;
    };
    expect(await post({ kind: "contacts" }, "external_id\n9\n")).toBe(403);
    expect(await post({ kind: "contacts" }, null)).toBe(400);
    expect((await server.api("/api/contacts?external_id=9")).json.data).toEqual([]);
    await page.context().close();
  });
});
