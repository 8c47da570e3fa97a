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
  server = await startServer({ tick: 0 });
  looks = new Looks(browser, server.url);
  page = await openConsole(browser, server, "/admin/contents");
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

/** Looks at a page, narrow in both languages and wide in one. */
async function look(path: string, name: string): Promise<void> {
  for (const [width, language] of [
    [390, "fr"],
    [390, "en"],
    [1280, "en"],
  ] as const) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`${server.url}${path}${path.includes("?") ? "&" : "?"}lang=${language}`);
    await looks.inspect(page, `${name}-${width}-${language}`);
    if (process.env["SHOTS"])
      await page.screenshot({ path: `${process.env["SHOTS"]}/${name}-${width}-${language}-own.png`, fullPage: true });
  }
}

describe("the pages of contents", () => {
  test("list what there is and the letters to begin with", async () => {
    await page.getByRole("link", { name: "cart_1", exact: true }).waitFor();
    await look("/admin/contents", "contents");
    await look("/admin/contents/library", "contents-library");
    expect(await page.locator(".designs > li").count()).toBeGreaterThanOrEqual(12);
    const letter = page.frameLocator("iframe").first();
    await letter.getByText("Camille").waitFor();
  });

  test("show a draft as it would be read, without publishing it", async () => {
    await page.goto(`${server.url}/admin/contents/new?design=welcome&lang=en`);
    await page.getByLabel("Who reads it").selectOption("emptiest");
    await page.getByRole("button", { name: "Show the preview" }).click();
    const draft = page.frameLocator("iframe[name=draft]");
    await draft.getByText("Hello,", { exact: true }).waitFor();
    expect(await draft.locator("body").textContent()).not.toContain("Camille");
    await look("/admin/contents/new?design=welcome", "contents-editor");
    expect((await server.api("/api/contents/welcome")).status).toBe(404);
  });

  test("publish a version, and say what is wrong with one that must not go out", async () => {
    await page.goto(`${server.url}/admin/contents/new?design=welcome&lang=en`);
    const body = page.locator("#en-body");
    const good = await body.inputValue();
    await body.fill(good.replace("</mj-body>", "<mj-raw><script>alert(1)</script></mj-raw></mj-body>"));
    await page.getByRole("button", { name: "Publish a new version" }).click();
    await page.getByRole("alert").getByText("the element script").waitFor();
    await page.locator("#en-body").fill(good.replace("We are glad", "We are so glad {{ contact.nickname }}"));
    await page.getByRole("button", { name: "Publish a new version" }).click();
    await page.getByRole("alert").getByText("“contact.nickname” is no variable").waitFor();
    await page.locator("#en-body").fill(good.replace("We are glad", "We are so glad"));
    await page.getByRole("button", { name: "Publish a new version" }).click();
    await page.getByRole("heading", { level: 1, name: "welcome" }).waitFor();
    await page.frameLocator("iframe").getByText("We are so glad").waitFor();
    await look("/admin/contents/welcome", "content");
  });

  test("send a test to the shop's own people, marked", async () => {
    await page.goto(`${server.url}/admin/contents/welcome?lang=en`);
    await page.getByRole("button", { name: "Send the test" }).click();
    await page.getByRole("status").getByText("Sent to equipe@maison-lumen.test").waitFor();
    const inbox = await (await fetch(`${server.url}/dev/inbox`)).text();
    expect(inbox).toContain("[Test] Welcome");
  });
});

describe("a hostile letter in a preview", () => {
  test("has no origin, runs nothing and loads nothing (G12)", async () => {
    const answer = await page.goto(`${server.url}/admin/contents/welcome/frame?version=1&to=typical`);
    const policy = answer?.headers()["content-security-policy"] ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("img-src data:");
    // `sandbox` without a word more: no scripts, and an origin of its own.
    expect(policy).toMatch(/; sandbox$/);
    await page.goto(`${server.url}/admin/contents/welcome`);
    expect(await page.locator("iframe").first().getAttribute("sandbox")).toBe("");
    const asked: string[] = [];
    const stopped: string[] = [];
    page.on("request", (request) => void (request.url().includes("evil.test") && asked.push(request.url())));
    page.on("requestfailed", (request) => void (request.failure()?.errorText === "csp" && stopped.push(request.url())));
    await page.goto(`${server.url}/admin/contents/new?design=welcome&lang=en`);
    await page.locator("#content-format").selectOption("html");
    // Styles are allowed in a letter; what they load is not in a preview.
    const evil =
      '<div style="background:url(https://evil.test/a.png)">x</div><img src="https://evil.test/b.png" alt="">';
    await page.locator("#en-body").fill(evil);
    await page.locator("#fr-body").fill(evil);
    await page.getByRole("button", { name: "Show the preview" }).click();
    await page.frameLocator("iframe[name=draft]").getByText("x", { exact: true }).waitFor();
    expect(await page.frameLocator("iframe[name=draft]").locator("img").first().getAttribute("src")).toMatch(/^data:/);
    // The browser names what the policy kept it from asking for.
    expect(asked).toEqual(["https://evil.test/a.png"]);
    expect(stopped).toEqual(asked);
  });
});
