import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../support/browser";
import type { Server } from "../support/server";
import { keys, startServer } from "../support/server";

/** Where pictures of the pages go, for a person to look at; none are made without it. */
const SHOTS = process.env["SHOTS"];

let browser: Browser;
let server: Server;

beforeAll(async () => {
  browser = await launchBrowser();
  server = await startServer({ tick: 0 });
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

type Axe = { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } };

/** Holds a page against axe and its window's width, by day and by night, on a desk and on a phone. */
async function inspect(html: string, name: string): Promise<void> {
  const sheet = await (await fetch(`${server.url}/admin/assets/console.css`)).text();
  const devices = { phone: 390, desktop: 1280 };
  for (const colorScheme of ["light", "dark"] as const) {
    const page = await (await browser.newContext({ colorScheme })).newPage();
    for (const [device, width] of Object.entries(devices)) {
      // The desk's night differs in colours alone, which the phone's has shown.
      if (device === "desktop" && colorScheme === "dark" && !SHOTS) continue;
      await page.setViewportSize({ width, height: 900 });
      // A page that loads itself again would leave nothing to look at.
      await page.setContent(html.replace(/<meta http-equiv="refresh"[^>]*>/, ""));
      await page.addStyleTag({ content: sheet });
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(() => (globalThis as unknown as Axe).axe.run());
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth"), name).toBeLessThanOrEqual(width);
      if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}-${device}-${colorScheme}.png`, fullPage: true });
    }
    await page.context().close();
  }
}

async function open(locale: string): Promise<Page> {
  const context = await browser.newContext({ javaScriptEnabled: false, locale });
  const page = await context.newPage();
  await page.goto(`${server.url}/admin/imports`);
  await page.locator("input[name=key]").fill(keys.admin);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Imports", level: 1 }).waitFor();
  return page;
}

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
      if (locale === "fr-FR") await inspect(await page.content(), "imports-empty-fr");
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
    await inspect(await page.content(), "import-fr");
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
    await inspect(await page.content(), "imports");
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
