import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../support/browser";
import { openConsole } from "../support/console";
import { Looks } from "../support/looks";
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
    await page.getByRole("status").getByText("goes on in the version that ran").waitFor();
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

  test("rehearses a scenario over the past, and tells two versions apart", async () => {
    const looks = new Looks(browser, server.url);
    const { data } = (await server.api("/api/scenarios")).json as { data: { id: string; definition: object }[] };
    const { id = "", definition } = data[0] ?? {};
    const changed = { definition: { ...definition, holdout: 0.5 } };
    expect((await server.api(`/api/scenarios/${id}`, { method: "PUT", json: changed })).status).toBe(200);
    await page.goto(`${server.url}/admin/scenarios/${id}`);
    await page.getByRole("link", { name: "Rehearse" }).click();
    await page.getByLabel("Compare with").selectOption("1");
    await looks.inspect(page, "rehearse-1280-en");
    await page.getByRole("button", { name: "Rehearse" }).click();
    // The page loads itself again until it is done.
    await page.getByRole("heading", { name: "Version 2 against 1" }).waitFor();
    await page.getByRole("region", { name: "Entries" }).getByRole("link", { name: "customer-1" }).waitFor();
    await looks.inspect(page, "rehearsal-1280-en");
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${page.url()}?lang=fr&outcome=goal`);
    await page.getByRole("region", { name: "Entrées" }).getByText("Personne.").waitFor();
    await looks.inspect(page, "rehearsal-390-fr");
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(`${server.url}/admin?lang=en`);
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

describe("a scenario's pages", () => {
  const { SHOTS } = process.env;
  const EVERY_LOOK = [
    [390, "fr"],
    [390, "en"],
    [1280, "en"],
  ] as const;
  const mail = { subject: "Hello", preheader: "Hello", html: "<p>Hello</p>" };
  let looks: Looks;
  let desk: Page;
  let id = "";
  let ann = "";

  /** A journey that asks, has things done and waits; `rest` is what its wait is called. */
  function journey(rest: string, days: number) {
    const on = (type: string, params: object, next: object) => ({ type, params, next });
    return {
      name: "Welcome walk",
      stop_on: ["withdrawal"],
      start: "start",
      blocks: {
        start: on("start.event", { event: "Club Joined" }, { next: "ask" }),
        ask: on("if.targeting", { rule: { type: "consent", key: "email" } }, { yes: "call", no: "out" }),
        call: on("task.create", { title: "Call them", note: "They like vases.", assignee: "Lyon" }, { next: "list" }),
        list: on("audience.add", { audience: "lookers" }, { next: "points" }),
        points: on("award.points", { points: 20, reason: "joined" }, { next: "hello" }),
        hello: on("send.email", { content: "hello" }, { next: rest }),
        [rest]: on("wait.for", { duration: `P${days}D` }, { next: "halves" }),
        halves: on(
          "split.random",
          {
            arms: [
              { name: "a", weight: 1 },
              { name: "b", weight: 1 },
            ],
          },
          { a: "out", b: "again" },
        ),
        again: on("wait.for", { duration: "P1D" }, { next: "out" }),
        out: on("exit", {}, {}),
      },
    };
  }

  /** Looks at a page on a phone by day and by night; for pictures in English and at a desk as well. */
  async function look(path: string, name: string): Promise<void> {
    // Each costs a second: pages that are made of the parts of others are looked at for pictures only.
    const isLike = ["runs", "tasks", "audiences", "acts-failed"].includes(name);
    for (const [width, language] of SHOTS ? EVERY_LOOK : EVERY_LOOK.slice(0, isLike ? 0 : 1)) {
      await desk.setViewportSize({ width, height: 900 });
      await desk.goto(`${server.url}${path}${path.includes("?") ? "&" : "?"}lang=${language}`);
      await looks.inspect(desk, `${name}-${width}-${language}`);
    }
    await desk.goto(`${server.url}${path}${path.includes("?") ? "&" : "?"}lang=en`);
  }

  beforeAll(async () => {
    looks = new Looks(browser, server.url);
    const content = { key: "hello", channel: "email", texts: { en: mail, fr: mail } };
    expect((await server.post("/api/contents", content)).status).toBe(201);
    const made = await server.post("/api/scenarios", { definition: journey("rest", 3) });
    expect(made.status, made.text).toBe(201);
    id = made.json.id;
    const started = await server.post(`/api/scenarios/${id}/activate`);
    expect(started.status, started.text).toBe(200);
    for (const [user, email] of [
      ["ann", true],
      ["bob", false],
    ] as const) {
      await server.send("identify", { userId: user, traits: { email: `${user}@example.com`, consent: { email } } });
      await server.send("track", { userId: user, event: "Club Joined" });
    }
    await server.moveClock({ advance: "PT10M" });
    ann = (await server.api("/api/contacts?external_id=ann")).json.data[0].id;
    desk = await openConsole(browser, server);
  });

  test("say of a contact step by step what they had, why, and what they wait for", async () => {
    await desk.goto(`${server.url}/admin/contacts/${ann}`);
    await desk.getByRole("combobox", { name: "Scenario" }).selectOption({ label: "Welcome walk" });
    await desk.getByRole("button", { name: "Explain" }).click();
    const passage = desk.getByRole("region", { name: "The latest passage" });
    await passage.getByText("Checks whether the contact agrees to email. Way out: Yes.").waitFor();
    await passage.getByText("The task is made and waits for somebody.").waitFor();
    await passage.getByText("The loyalty programme is off.").waitFor();
    await passage.getByText(/^Waits here until .* at most. Waits 3 days.$/).waitFor();
    await passage.getByText("What was looked at").click();
    await passage.getByText("Size of the control group").waitFor();
    await look(new URL(desk.url()).pathname + new URL(desk.url()).search, "why");
  });

  test("list who waits where, and what was done beside messages", async () => {
    await desk.goto(`${server.url}/admin/scenarios/${id}?lang=en`);
    await desk.getByRole("link", { name: "All runs" }).click();
    await desk.getByText(/^Waits 3 days. rest until/).waitFor();
    await look(`/admin/scenarios/${id}/runs`, "runs");
    await look("/admin/acts?state=done", "acts");
    await desk.goto(`${server.url}/admin/acts?state=failed`);
    await desk.getByText("The loyalty programme is off").waitFor();
    await look("/admin/acts/tasks", "tasks");
    await desk.getByRole("button", { name: "Done: Call them" }).click();
    await desk.getByText("No task here").waitFor();
    await desk.getByRole("link", { name: "Done", exact: true }).click();
    await desk.getByText("They like vases.").waitFor();
    expect((await server.api("/api/tasks?state=done")).json.data).toMatchObject([
      { title: "Call them", assignee: "Lyon" },
    ]);
    await look("/admin/acts/audiences", "audiences");
    await desk.getByRole("link", { name: "lookers" }).click();
    await desk.getByRole("link", { name: ann }).waitFor();
  });

  test("try a call again that came to nothing", async () => {
    const [call] = await server.rows<{ id: string }>("SELECT id FROM acts WHERE kind = 'award.points'");
    const refused = await server.post(`/api/acts/${encodeURIComponent(call?.id ?? "")}/retry`);
    expect(refused.status, refused.text).toBe(409);
    const details = JSON.stringify({
      url: "https://hooks.shop.example/x",
      headers: { authorization: "s3cret" },
      fields: [],
    });
    const insert =
      "INSERT INTO acts (contact, id, run, scenario, block, kind, details, at, state, attempts, next_at, result, done_at) " +
      "SELECT contact, 'act_call', run, scenario, 'hook', 'webhook', ?1, at, 'failed', 9, at, 'given_up', at FROM acts WHERE id = ?2";
    await server.rows(insert, details, call?.id ?? "");
    await desk.goto(`${server.url}/admin/acts?state=failed&kind=webhook`);
    await desk.getByText("is given up").waitFor();
    expect(await desk.content()).not.toContain("s3cret");
    await look("/admin/acts?state=failed", "acts-failed");
    await desk.getByRole("button", { name: "Try again" }).click();
    await desk.getByRole("heading", { name: "Actions", level: 1 }).waitFor();
    expect(
      await server.rows("SELECT id FROM acts WHERE id = 'act_call' AND state = 'failed' AND attempts = 9"),
    ).toEqual([]);
  });

  test("show before a version is published who is on the way and what becomes of them", async () => {
    const { status } = await server.put(`/api/scenarios/${id}`, { definition: journey("nap", 5) });
    expect(status).toBe(200);
    await desk.goto(`${server.url}/admin/scenarios/${id}`);
    await desk.getByRole("link", { name: "Publish version 2" }).click();
    await desk.getByRole("heading", { name: "Publish version 2", level: 1 }).waitFor();
    await desk.getByText("In their own version to its end: 1 contact.").waitFor();
    await look(`/admin/scenarios/${id}/publish`, "publish");
    await desk.getByRole("radio", { name: "Take over those on the way" }).check();
    await desk.getByLabel(/^rest, 1 contact/).selectOption("nap");
    await desk.getByRole("button", { name: "Count again" }).click();
    await desk.getByText("In the new version, at the same block and with the same wait: 1 contact.").waitFor();
    // Somebody else writes a version meanwhile: it is not published unseen.
    await server.put(`/api/scenarios/${id}`, { definition: journey("nap", 6) });
    await desk.getByRole("button", { name: "Publish version 2" }).click();
    await desk.getByRole("alert").getByText("Somebody has changed the draft meanwhile").waitFor();
    expect(await desk.getByRole("radio", { name: "Take over those on the way" }).isChecked()).toBe(true);
    await desk.getByRole("button", { name: "Publish version 3" }).click();
    await desk.getByRole("status").getByText("takes over everybody on the way").waitFor();
    const { data } = (await server.api(`/api/scenarios/${id}/positions`)).json;
    expect(data).toEqual([{ version: 3, block: "nap", runs: 1, in_draft: "nap" }]);
    await look(`/admin/scenarios/${id}`, "scenario");
  });

  test("do not let a draft run that has mistakes, and say where they are", async () => {
    const draft = journey("nap", 7);
    const blocks = { ...draft.blocks, hello: { ...draft.blocks.hello, params: { content: "gone" } } };
    expect((await server.put(`/api/scenarios/${id}`, { definition: { ...draft, blocks } })).status).toBe(200);
    await desk.goto(`${server.url}/admin/scenarios/${id}/publish`);
    await desk.getByText("To mend:").waitFor();
    expect(await desk.getByRole("button", { name: "Publish version 4" }).isDisabled()).toBe(true);
    await desk.getByRole("link", { name: "hello", exact: true }).click();
    await desk.waitForURL(/version=4#block-hello$/);
  });

  test("try a version beside the one that runs, and keep it", async () => {
    expect((await server.put(`/api/scenarios/${id}`, { definition: journey("nap", 8) })).status).toBe(200);
    await desk.goto(`${server.url}/admin/scenarios/${id}/publish?lang=en`);
    // A colleague has the same page open.
    const other = await desk.context().newPage();
    await other.goto(`${server.url}/admin/scenarios/${id}/publish?lang=en`);
    await desk.getByRole("radio", { name: "As a test beside the live version" }).check();
    await desk.getByLabel("Share of contacts for the test").fill("30");
    await desk.getByRole("button", { name: "Publish version 5" }).click();
    await desk.getByRole("status").getByText("Both versions run side by side").waitFor();
    const sides = desk.getByRole("region", { name: "Two versions side by side" });
    await sides.getByText("30%").waitFor();
    await look(`/admin/scenarios/${id}`, "versus");
    await other.getByRole("button", { name: "Publish version 5" }).click();
    await other.getByText("Two versions of the scenario run side by side: keep one of them first.").waitFor();
    await other.close();
    await sides.getByRole("button", { name: "Keep version 5" }).click();
    await desk.getByRole("status").getByText("The test is over").waitFor();
    expect((await server.api(`/api/scenarios/${id}`)).json).toMatchObject({ live_version: 5, side_by_side: null });
    // What it came to stays to be read.
    const last = desk.getByRole("region", { name: "The last test of two versions" });
    await last.getByText("Version 5 was kept").waitFor();
    expect(await last.getByRole("row").last().textContent()).toMatch(/Version 5.*Kept/s);
    expect(await last.getByRole("button").count()).toBe(0);
    await look(`/admin/scenarios/${id}`, "versus-ended");
  });

  test("end a scenario for good when they are asked twice", async () => {
    expect((await server.put(`/api/scenarios/${id}`, { definition: journey("nap", 9) })).status).toBe(200);
    const other = await desk.context().newPage();
    await other.goto(`${server.url}/admin/scenarios/${id}/publish?lang=en`);
    await desk.goto(`${server.url}/admin/scenarios/${id}`);
    await desk.getByText("Archive…").click();
    await desk.getByRole("button", { name: "Archive it now" }).click();
    await desk.getByRole("status").getByText("it has ended for good").waitFor();
    expect(await desk.getByRole("button", { name: "Pause" }).count()).toBe(0);
    await other.getByRole("button", { name: "Publish version 6" }).click();
    await other.getByText("The scenario is archived: it has ended for good. Make a new one.").waitFor();
    await other.close();
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
