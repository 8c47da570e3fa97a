import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../support/browser";
import type { Server } from "../support/server";
import { keys, startServer } from "../support/server";

const EVIL = `<img src=x onerror="document.title='owned'"><script>document.title="owned"</script>`;

let server: Server;
let browser: Browser;
let context: BrowserContext;
let page: Page;
/** What a page was not allowed to load or run, and every error in it. */
const complaints: string[] = [];

beforeAll(async () => {
  // One after the other: while the browser is unpacked for the first time, the temporary folder of this process is another.
  browser = await launchBrowser();
  server = await startServer();
  context = await browser.newContext({ locale: "en-GB" });
  page = await context.newPage();
  page.on("console", (line) => line.type() === "error" && complaints.push(line.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function signIn(key: string): Promise<void> {
  await page.goto(`${server.url}/admin`);
  await page.getByLabel("Admin key").fill(key);
  await page.getByRole("button", { name: "Open the console" }).click();
}

/** A person with a name that nobody should trust, who leaves a cart with such a product in it. */
async function leaveCart(): Promise<void> {
  const product = { product_id: "P-1", name: EVIL, price: 40, quantity: 2 };
  const who = { userId: "customer-1", timestamp: (await server.api("/dev/clock")).json.now };
  const traits = { email: "eve@example.com", firstName: EVIL, lastName: "Doe", city: EVIL };
  const answer = await server.send("batch", {
    batch: [
      { type: "identify", ...who, traits: { ...traits, consent: { email: true }, consent_wording: EVIL } },
      { type: "track", event: "Product Added", ...who, properties: { cart_id: "C-1", currency: "EUR", ...product } },
      { type: "track", event: "", messageId: EVIL, ...who },
    ],
  });
  expect(answer.json.accepted, answer.text).toBe(2);
}

describe("the console", () => {
  test("lets nobody in with another key", async () => {
    await signIn("ak_wrong");
    await page.getByRole("alert").getByText("not an admin key").waitFor();
    await signIn(keys.secret);
    await page.getByRole("alert").getByText("not an admin key").waitFor();
    expect(await context.cookies()).toEqual([]);
  });

  test("opens with the admin key, by a cookie that no script can read", async () => {
    await signIn(keys.admin);
    await page.getByRole("heading", { name: "Overview", level: 1 }).waitFor();
    // The login itself answers 401, which a browser reports as an error.
    complaints.length = 0;
    const [cookie] = await context.cookies();
    expect(cookie).toMatchObject({ name: "relance_console", path: "/", httpOnly: true, sameSite: "Strict" });
    // The demo says of itself what is not as in a shop.
    await page.getByText("Holdout is 0, sending windows are open, the zone is UTC.").waitFor();
  });

  test("activates a scenario that waits as a draft, and pauses it", async () => {
    const params = { template: "abandoned-cart", params: { holdout: 0 } };
    const made = await server.post("/api/scenarios", params);
    expect(made.status, made.text).toBe(201);
    await page.goto(`${server.url}/admin`);
    await page.getByRole("link", { name: "Abandoned cart" }).click();
    await page.getByText("Starts when a cart is abandoned: 30 minutes").waitFor();
    await page.getByRole("button", { name: "Activate version 1" }).click();
    await page.getByRole("status").getByText("The scenario runs").waitFor();
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("status").getByText("paused").waitFor();
    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByRole("status").getByText("The scenario runs").waitFor();
  });

  test("moves the demo's time on and says what was decided, and why", async () => {
    await leaveCart();
    await page.goto(`${server.url}/admin`);
    await page.getByRole("button", { name: "+30 min" }).click();
    await page.getByRole("button", { name: "+4 h" }).click();
    const decisions = page.getByRole("region", { name: "Last decisions" });
    await decisions.getByText("Nothing spoke against it").waitFor();
    await page.getByRole("region", { name: "Rejected events" }).getByText("Too small").waitFor();
  });

  test("shows hostile names as text", async () => {
    await page.getByRole("region", { name: "Last decisions" }).getByRole("link", { name: /^ct_/ }).click();
    await page.getByRole("heading", { name: EVIL, level: 1 }).waitFor();
    await page.getByRole("cell", { name: EVIL }).waitFor();
    expect(await page.title()).toContain("<img src=x");
    await page.goto(`${server.url}/admin/rejected`);
    await page.getByText(EVIL).first().waitFor();
    expect(await page.title()).not.toBe("owned");
  });

  test("holds all messages when it is told twice, and lets them go again", async () => {
    await page.goto(`${server.url}/admin`);
    await page.getByText("Stop all messages…").click();
    await page.getByRole("button", { name: "Stop them now" }).click();
    await page.getByRole("status").getByText("The kill switch is on").waitFor();
    await page.getByRole("button", { name: "Let messages leave again" }).click();
    await page.getByText("Kill switch off").waitFor();
  });

  test("speaks French when asked, and goes on doing so", async () => {
    await page.getByRole("link", { name: "Français" }).click();
    await page.getByRole("heading", { name: "Vue d’ensemble", level: 1 }).waitFor();
    await page.getByRole("link", { name: "Panier abandonné" }).first().click();
    await page.getByText("Démarre quand un panier est abandonné").waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe("fr");
    await page.getByRole("link", { name: "English" }).click();
  });

  test("is as wide as a phone, where it is one", async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    for (const path of ["/admin", "/admin/decisions", "/admin/contacts?q=eve@example.com", "/dev/inbox"]) {
      await page.goto(server.url + path);
      expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth"), path).toBe(0);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  test("runs no script and takes no style from inside a page, anywhere", async () => {
    const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
    for (const path of [
      "/admin",
      "/admin/decisions",
      "/admin/messages",
      "/admin/rejected",
      "/admin/segments",
      "/admin/contacts?q=customer-1",
    ]) {
      const answer = await fetch(server.url + path, { headers: { Cookie: cookie } });
      const html = await answer.text();
      expect(answer.status, path).toBe(200);
      expect(answer.headers.get("Content-Security-Policy")).not.toContain("unsafe");
      expect(html, path).not.toMatch(/<script|<style|\sstyle="|\son[a-z]+="/);
    }
    expect(complaints).toEqual([]);
  });

  test("refuses a form of another site, another session, or without its token", async () => {
    const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
    const form = { "Content-Type": "application/x-www-form-urlencoded", Cookie: cookie };
    const post = async (headers: Record<string, string>, body: string) => {
      const sent = { method: "POST", headers: { ...form, ...headers }, body, redirect: "manual" } as const;
      return (await fetch(`${server.url}/admin/kill`, sent)).status;
    };
    await page.goto(`${server.url}/admin`);
    const token = await page.locator('input[name="_token"]').first().inputValue();
    expect(await post({ Origin: "https://evil.test" }, `on=yes&_token=${token}`)).toBe(403);
    expect(await post({}, `on=yes&_token=${token}`)).toBe(403);
    expect(await post({ Origin: server.url }, "on=yes")).toBe(403);
    expect(await post({ Origin: server.url }, `on=yes&_token=${"A".repeat(token.length)}`)).toBe(403);
    expect((await server.api("/api/switches")).json.killed).toEqual([]);
    expect(await post({ Origin: server.url }, `on=no&_token=${token}`)).toBe(303);
  });

  test("takes the key in the header from a program", async () => {
    expect((await server.api("/admin")).status).toBe(200);
    const moved = await server.api("/admin/clock", {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: "advance=PT1M",
      redirect: "manual",
    });
    expect(moved.status).toBe(303);
  });

  test("forgets who signs out, even a copy of the cookie", async () => {
    const [before] = (await context.cookies()).filter(({ name }) => name === "relance_console");
    await page.goto(`${server.url}/admin`);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("Admin key").waitFor();
    const copy = { Cookie: `relance_console=${before?.value}` };
    expect((await fetch(`${server.url}/admin`, { headers: copy })).status).toBe(401);
  });
});

describe("the inbox", () => {
  test("shows a message in a frame that runs nothing, with links that lead out of it", async () => {
    await page.goto(`${server.url}/dev/inbox?channel=email&to=eve@example.com`);
    await page
      .getByRole("link", { name: /left this behind/ })
      .first()
      .click();
    const frame = page.frameLocator("iframe");
    await frame.getByText("<img src=x").first().waitFor();
    const sandbox = (await page.locator("iframe").getAttribute("sandbox")) ?? "";
    expect(sandbox).not.toMatch(/allow-(scripts|same-origin|forms)/);
    await page.getByText("Phone", { exact: true }).click();
    expect((await page.locator("iframe").boundingBox())?.width).toBe(390);
    await frame
      .getByRole("link", { name: /basket|cart/i })
      .first()
      .click();
    await page.waitForURL(/\/demo\/cart/);
    expect(await page.title()).not.toBe("owned");
  });

  test("shows what a message is made of", async () => {
    await page.goto(`${server.url}/dev/inbox?channel=email&to=eve@example.com`);
    await page
      .getByRole("link", { name: /left this behind/ })
      .first()
      .click();
    await page.getByRole("link", { name: "Headers" }).click();
    await page.getByText("List-Unsubscribe", { exact: true }).waitFor();
    await page.getByRole("link", { name: "Text part" }).click();
    await page.locator("pre").getByRole("link").first().waitFor();
  });

  test("says that there is no such message", async () => {
    const answer = await fetch(`${server.url}/dev/inbox/msg_nobody`);
    expect(answer.status).toBe(404);
  });
});
