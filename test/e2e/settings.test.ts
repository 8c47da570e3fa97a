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
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
  server = await startServer({ tick: 0, at: "2026-11-20T10:00:00Z" });
  looks = new Looks(browser, server.url);
  page = await openConsole(browser, server, "/admin/brand", { locale: "en-GB", javaScriptEnabled: false });
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

/** Looks at a page on a phone and at a desk, in both languages. */
async function look(path: string, name: string): Promise<void> {
  for (const language of ["fr", "en"] as const) {
    for (const width of [390, 1280, 1600]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${server.url}${path}?lang=${language}`);
      await looks.inspect(page, `${name}-${width}-${language}`);
      if (process.env["SHOTS"] && width !== 1600)
        await page.screenshot({ path: `${process.env["SHOTS"]}/${name}-${width}-${language}-own.png`, fullPage: true });
    }
  }
}

const button = (name: string) => page.getByRole("button", { name }).click();
const type = (name: string, text: string) => page.locator(`[name="${name}"]`).fill(text);
const brand = async () => (await server.api("/api/settings/brand")).json;

describe("the menu", () => {
  test("shows every section in two bars at any width, and marks where one is", async () => {
    const menu = page.locator("nav.menu");
    expect(await menu.locator("[aria-current]").allTextContents()).toEqual(["Settings", "Brand"]);
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${server.url}/admin?lang=fr`);
      for (const link of await menu.getByRole("link").all()) {
        const box = await link.boundingBox();
        expect(box && box.x >= 0 && box.x + box.width <= width).toBe(true);
        // A finger's breadth (WCAG 2.2, 2.5.8).
        expect(box?.height).toBeGreaterThanOrEqual(24);
      }
    }
    await page.goto(`${server.url}/admin?lang=en`);
    const found: string[] = [];
    for (const group of await menu.locator(".menu-groups a").allTextContents()) {
      await menu.getByRole("link", { name: group, exact: true }).click();
      await menu.locator(".menu-groups [aria-current]", { hasText: group }).waitFor();
      const sections = menu.locator(".menu-sections a");
      for (const path of await sections.evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""))) {
        found.push(path);
        expect((await page.goto(server.url + path))?.status(), path).toBe(200);
      }
    }
    expect(new Set(found).size).toBe(found.length);
    expect(found.length).toBeGreaterThanOrEqual(19);
  });

  test("is gone through with the keyboard, groups first", async () => {
    await page.goto(`${server.url}/admin/brand?lang=en`);
    await page.locator("nav.menu a").first().focus();
    const seen: string[] = [];
    for (let place = 0; place < 8; place++) {
      seen.push((await page.locator(":focus").textContent()) ?? "");
      await page.keyboard.press("Tab");
    }
    expect(seen).toEqual(["Activity", "Audience", "Create", "Data", "Settings", "Sending", "Brand", "Tracking"]);
  });
});

describe("the page of the brand", () => {
  test("shows a letter in colours that are not saved", async () => {
    await page.goto(`${server.url}/admin/brand?lang=en`);
    const letter = page.frameLocator("iframe[name=letter]");
    await letter.getByText("Camille").first().waitFor();
    await type("colours.accent", "#004080");
    await type("colours.on_accent", "#ffffff");
    await button("Show the letter");
    const painted = letter.locator('td[bgcolor="#004080"]').first();
    await painted.waitFor();
    await page.getByLabel("By day or by night").selectOption("night");
    await button("Show the letter");
    await letter.locator('html[style*="dark"]').waitFor();
    const paper = letter.locator("body");
    expect(await paper.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(20, 16, 12)");
    expect((await brand()).colours.accent).not.toBe("#004080");
  });

  test("refuses what could not be read, with what was typed and the field's name", async () => {
    await type("colours.ink", "#cccccc");
    await button("Save");
    await page.getByRole("alert").getByText("Text (by day): a contrast of").first().waitFor();
    expect(await page.locator('[name="colours.ink"]').inputValue()).toBe("#cccccc");
    await page.getByRole("row", { name: "Text by day The letter’s paper" }).getByText("refused").waitFor();
    await looks.everywhere(page, "brand-refused");
    await type("logo", "http://shop.test/logo.png");
    await button("Save");
    await page.getByRole("alert").getByText("Address of the logo, on https: is not an address on https.").waitFor();
    await type("logo", "");
    await type("colours.ink", "#101010");
    await type("colours.accent", "#e0a040");
    await type("colours.on_accent", "#101010");
    await button("Check the contrast");
    await page.getByText("1 below.").waitFor();
    await page.getByRole("row", { name: "Buttons and prices by day" }).getByText("weak").waitFor();
    expect((await brand()).colours.ink).toBe("#2a241e");
  });

  test("publishes letters again in a brand that is new, and says how many are left", async () => {
    const { data } = (await server.api("/api/content-designs")).json;
    for (const { key, class: kind, needs, texts } of data.slice(0, 11)) {
      expect((await server.post("/api/contents", { key, channel: "email", class: kind, needs, texts })).status).toBe(
        201,
      );
    }
    await type("colours.accent", "#004080");
    await type("colours.on_accent", "#ffffff");
    await button("Save");
    await page.getByText("Saved. Letters that are published from now on").waitFor();
    await page.getByRole("heading", { name: "11 letters have another look still" }).waitFor();
    await look("/admin/brand", "brand");
    await page.goto(`${server.url}/admin/brand?lang=en`);
    await button("Publish them again with this brand");
    await page.getByText("Published again: 10. Left: 1.").waitFor();
    await looks.everywhere(page, "brand-again");
    await button("Go on with the next");
    await page.getByText("Published again: 1. Left: 0.").waitFor();
    await page.getByRole("heading", { name: "Every letter has this brand" }).waitFor();
    await page.getByRole("link", { name: "FR, français" }).click();
    await page.getByRole("heading", { level: 1, name: "Marque" }).waitFor();
    await page.getByRole("link", { name: "EN, English" }).click();
    await page.getByRole("heading", { level: 1, name: "Brand" }).waitFor();
    const welcome = (await server.api("/api/contents/welcome")).json;
    expect([welcome.version, JSON.stringify(welcome.versions[0]).includes("#004080")]).toEqual([2, true]);
  });
});

describe("the page of tracking", () => {
  test("keeps all that it shows when nothing of it is changed, and takes what is", async () => {
    const set = async () => (await server.api("/api/settings/tracking")).json;
    const before = await set();
    await look("/admin/tracking", "tracking");
    await page.goto(`${server.url}/admin/tracking?lang=en`);
    await button("Save");
    await page.getByText("Saved. It holds from now on.").waitFor();
    expect(await set()).toEqual({ ...before, windows: { ...before.windows, print: "PT0H" } });
    await type("email.count", "7");
    await page.locator("[name=utm]").uncheck();
    await button("Save");
    await page.getByText("Saved.").waitFor();
    expect(await set()).toMatchObject({ utm: { enabled: false, source: "relance" }, windows: { email: "P7D" } });
  });

  test("refuses what cannot be, with what was typed, in the reader's language", async () => {
    await type("source", "my shop");
    await type("email.count", "120");
    await button("Save");
    await page.getByRole("alert").getByText("Window, Email: is longer than 90 days.").waitFor();
    await page.getByRole("alert").getByText("Name of the source: takes letters").waitFor();
    expect(await page.locator("[name=source]").inputValue()).toBe("my shop");
    await looks.everywhere(page, "tracking-refused");
  });
});
