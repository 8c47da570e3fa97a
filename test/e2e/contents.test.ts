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
    // How each begins, without its Liquid.
    expect(await page.locator(".begins").first().textContent()).not.toMatch(/[{}%]|^$/);
    await look("/admin/contents", "contents");
    await look("/admin/contents/library", "contents-library");
    expect(await page.locator(".designs > li").count()).toBeGreaterThanOrEqual(12);
    const letter = page.frameLocator("iframe").first();
    await letter.getByText("Camille").waitFor();
  });

  test("show a draft as it would be read, without publishing it", async () => {
    await page.goto(`${server.url}/admin/contents/new?design=welcome&lang=en`);
    const draft = page.frameLocator("iframe[name=draft]");
    // It begins with the letter itself.
    await draft.getByText("Camille").first().waitFor();
    await page.getByLabel("Who reads it").selectOption("emptiest");
    await page.getByRole("button", { name: "Show the preview" }).click();
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
    // The page that says so leads on as before.
    await page.getByRole("link", { name: "Longest names" }).click();
    await page.getByRole("heading", { level: 1, name: "welcome" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/admin/contents/welcome");
  });
});

describe("a content and the scenarios that send it", () => {
  test("say what one cannot give the other, before anything is activated and after", async () => {
    const text = { title: "Your parcel", body: "{{ scenario.parcel }} is on its way", url: "{{ shop.url }}" };
    const made = await server.post("/api/contents", { key: "parcel", channel: "push", texts: { en: text, fr: text } });
    expect(made.status, made.text).toBe(201);
    const blocks = {
      start: { type: "start.date", params: { field: "birth_date" }, next: { next: "say" } },
      say: { type: "send.push", params: { content: "parcel" }, next: { next: "done" } },
      done: { type: "exit" },
    };
    const definition = { name: "Birthdays", stop_on: ["withdrawal"], start: "start", blocks };
    const scenario = await server.post("/api/scenarios", { definition });
    expect(scenario.status, scenario.text).toBe(201);
    await page.goto(`${server.url}/admin/scenarios/${scenario.json.id}?lang=en`);
    await page.getByText("prints “scenario.parcel”, which nothing in this scenario gives").waitFor();
    await page.goto(`${server.url}/admin/contents/parcel?lang=en`);
    const uses = page.getByRole("region", { name: "Scenarios that send it" });
    await uses.getByRole("link", { name: "Birthdays" }).waitFor();
    await uses.getByText("prints “scenario.parcel”").waitFor();
    await page.getByText("A tap leads to").waitFor();
    await look("/admin/contents/parcel", "content-push");
  });

  test("are shown to a contact by their email address, and tested where that contact is reached", async () => {
    await page.goto(`${server.url}/admin/contents/parcel?lang=en`);
    await page.getByRole("button", { name: "Send the test" }).click();
    await page.getByRole("status").getByText("Whoever is to get the test needs a contact").waitFor();
    const traits = { email: "equipe@maison-lumen.test", firstName: "Ada", phone: "+33612345678" };
    await server.send("identify", { userId: "ada", traits });
    await page.goto(`${server.url}/admin/contents/parcel?lang=en`);
    await page.getByRole("button", { name: "Send the test" }).click();
    await page.getByRole("status").getByText("Sent to equipe@maison-lumen.test").waitFor();
    await page.goto(`${server.url}/admin/contents/welcome?lang=en`);
    await page.getByLabel("Any contact, by email or id").fill("equipe@maison-lumen.test");
    await page.keyboard.press("Enter");
    await page.getByText("Welcome, Ada").waitFor();
    await page.goto(`${server.url}/admin/contents/new?channel=push&lang=en`);
    await look("/admin/contents/new?channel=push", "content-new-push");
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
