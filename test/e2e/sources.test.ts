import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../support/browser";
import { openConsole } from "../support/console";
import { Looks } from "../support/looks";
import type { Server } from "../support/server";
import { keys, startServer, until } from "../support/server";

const OPERATOR = "ops@maison-lumen.example";

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
  openConsole(browser, server, "/admin/sources", { locale, javaScriptEnabled: false });

/** Goes on with the Tab key until this stands in focus. */
async function tabTo(page: Page, what: string): Promise<void> {
  for (let steps = 0; steps < 80; steps++) {
    await page.keyboard.press("Tab");
    if ((await page.locator(`${what}:focus`).count()) > 0) return;
  }
  throw new Error(`${what} cannot be reached with the Tab key`);
}

const library = (name: string) => ({ context: { library: { name } } });

function batch(events: object[], key: string = keys.write, sentAt?: string): Promise<Response> {
  const headers = { Authorization: `Bearer ${key}` };
  return fetch(`${server.url}/v1/batch`, { method: "POST", headers, body: JSON.stringify({ batch: events, sentAt }) });
}

const advance = (by: string) => server.moveClock({ advance: by });

/** A day of a shop with a snippet, a server, and a client that sends nonsense in the end. */
async function playADay(): Promise<void> {
  for (const count of [2, 5, 9, 14, 11, 6]) {
    const view = { type: "page", name: "Lamps", anonymousId: "visitor", ...library("relance.js") };
    await batch(Array.from({ length: count }, () => view));
    await server.send("batch", { batch: [{ type: "track", event: "Lamp Lit", userId: "ann" }] });
    await advance("PT2H");
  }
  const { now } = (await server.api("/dev/clock")).json as { now: string };
  const ahead = new Date(Date.parse(now) + 600_000).toISOString();
  const good = { type: "page", anonymousId: "a", ...library("analytics.js") };
  const traits = { email: "marie.curie@example.com", firstName: "Marie" };
  const bad = { type: "track", anonymousId: "a", traits, ...library("analytics.js") };
  const pages = (one: object, count: number) => Array.from({ length: count }, () => one);
  await batch([...pages(good, 30), ...pages(bad, 24)], keys.write, ahead);
  await batch([good], "wk_wrong");
}

describe("the page of sources", () => {
  test("says how to connect one where nothing has come in, in both languages", async () => {
    for (const [locale, heading] of [
      ["en-GB", "Nothing has come in yet."],
      ["fr-FR", "Rien n’est encore arrivé."],
    ] as const) {
      const page = await open(locale);
      await page.getByText(heading).waitFor();
      for (const way of ["/r.js", "/v1", "/webhooks/shopify", "/webhooks/woocommerce", "dataPlaneUrl"])
        expect(await page.content()).toContain(way);
      if (locale === "fr-FR") await looks.everywhere(page, "sources-empty-fr");
      await page.context().close();
    }
  });

  test("shows what came, what did not, and why; without what describes a person", async () => {
    await playADay();
    await until(async () => JSON.stringify((await server.api("/api/sources")).json).includes("unauthorized"), {
      what: "the refusal to be told",
    });
    const page = await open("en-GB");
    const row = page.locator("tbody tr", { hasText: "Segment, browser" });
    await row.getByText("Many rejections").waitFor();
    await row.getByText("about 13 minutes ahead").waitFor();
    expect(await page.locator("tbody tr", { hasText: "Browser snippet" }).textContent()).toContain("47 in 24 h");
    expect(await page.content()).not.toContain("marie.curie");
    expect(await page.content()).not.toContain("Marie");
    await looks.everywhere(page, "sources-en");
    await page.getByRole("button", { name: /Replay.*Segment, browser/ }).click();
    await page.getByRole("status").getByText("Still refused: 20").waitFor();
    await page.context().close();
  });

  test("sets alerts by keyboard alone, tries them out, and says what it told", async () => {
    const page = await open("en-GB");
    await tabTo(page, "#emails");
    await page.keyboard.type(OPERATOR);
    await tabTo(page, "select[name='silence.snippet']");
    await page.locator("select[name='silence.snippet']").selectOption("PT12H");
    await tabTo(page, "#alerts ~ * .button-main, .alert-form .button-main");
    await page.keyboard.press("Enter");
    await page.getByRole("status").getByText("Saved.").waitFor();
    await tabTo(page, ".test-alert button");
    await page.keyboard.press("Enter");
    await page.getByRole("status").getByText(`${OPERATOR}: arrived`).waitFor();
    await advance("PT13H");
    const { data } = (await server.api(`/dev/inbox.json?to=${OPERATOR}`)).json as { data: { subject: string }[] };
    expect(data.map(({ subject }) => subject)).toContainEqual(expect.stringContaining("A source is silent"));
    await page.reload();
    await page.getByText("A source is silent: Browser snippet").first().waitFor();
    // The first page says so too, and leads there.
    await page.goto(`${server.url}/admin`);
    await page.getByRole("link", { name: "A source is silent: Browser snippet" }).click();
    await page.goto(`${server.url}/admin/sources?lang=fr`);
    await page.getByText("Une source est muette : Script du navigateur").first().waitFor();
    await looks.everywhere(page, "sources-alert-fr");
    await page.context().close();
  });

  test("refuses a webhook that may not be called, and says why", async () => {
    const page = await open("en-GB");
    await page.locator("#webhook").fill("https://10.0.0.1/hook");
    await page.locator(".alert-form .button-main").click();
    await page.getByText("must name a host, not an IP address").waitFor();
    await page.context().close();
  });
});
