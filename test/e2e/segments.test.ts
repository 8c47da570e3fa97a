import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../support/browser";
import { openConsole } from "../support/console";
import { Looks } from "../support/looks";
import type { Server } from "../support/server";
import { startServer } from "../support/server";

const NOW = "2026-11-20T09:00:00Z";
const EVIL = `<img src=x onerror="document.title='owned'">`;

let browser: Browser;
let server: Server;
let looks: Looks;
let page: Page;

/** Six customers: the first has one order, the second two, and so on. */
async function customers(): Promise<void> {
  const batch = Array.from({ length: 6 }, (_none, index) => ({
    type: "identify",
    messageId: `who-${index}`,
    userId: `c${index}`,
    timestamp: NOW,
    traits: { email: `c${index}@shop.test`, first_name: index === 5 ? EVIL : `C${index}` },
  }));
  const orders = Array.from({ length: 6 }, (_none, index) =>
    Array.from({ length: index + 1 }, (_order, number) => ({
      type: "track",
      event: "Order Completed",
      messageId: `order-${index}-${number}`,
      userId: `c${index}`,
      timestamp: NOW,
      properties: { order_id: `o${index}-${number}`, total: 20, currency: "EUR", products: [] },
    })),
  ).flat();
  const answer = await server.send("batch", { batch: [...batch, ...orders] });
  expect(answer.status).toBeLessThan(300);
}

beforeAll(async () => {
  browser = await launchBrowser();
  server = await startServer({ tick: 0, at: NOW });
  looks = new Looks(browser, server.url);
  await customers();
  page = await openConsole(browser, server, "/admin/segments");
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
  }
}

describe("the console's segments", () => {
  test("offer a start where there is none", async () => {
    await page.getByRole("heading", { name: "Write your first segment" }).waitFor();
    expect(await page.getByRole("link", { name: "Segments" }).getAttribute("aria-current")).toBe("page");
    await look("/admin/segments", "list-empty");
    await page.getByRole("link", { name: "Bought once" }).click();
    await page.getByLabel("What it is called").waitFor();
    expect(await page.getByLabel("What it is called").inputValue()).toBe("Bought once");
    expect(await page.getByRole("link", { name: "Segments" }).first().getAttribute("aria-current")).toBe("true");
  });

  test("count while somebody types, and say what a rule means", async () => {
    const count = page.getByRole("status");
    await page.goto(`${server.url}/admin/segments/new?lang=en`);
    await page.getByText("6 contacts").waitFor();
    await page.getByLabel("What must hold").selectOption("any");
    await page.getByText("Nothing is asked yet: nobody.").waitFor();
    await page.getByLabel("What must hold").selectOption("all");
    await page.getByText("Nothing is asked yet: everybody.").waitFor();
    await page.getByLabel("What it is called").fill("Regulars");
    await page.getByLabel("Condition to add").selectOption("orders.count");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    const orders = page.getByRole("group", { name: "Number of orders" });
    await orders.waitFor();
    // Whoever added a condition goes on within it.
    expect(await page.evaluate("document.activeElement.name")).toBe("rule/0/op");
    await orders.getByLabel("Compared").selectOption("gte");
    await orders.getByLabel("How many").fill("4");
    await count.getByText("3").waitFor();
    await page.getByText("Has placed at least 4 orders").waitFor();
    await page.getByRole("link", { name: "c3@shop.test" }).waitFor();
    await orders.getByLabel("How many").fill("6");
    await page.getByText("1 contact", { exact: true }).waitFor();
    // What was typed before stays, the name too.
    expect(await page.getByLabel("What it is called").inputValue()).toBe("Regulars");
    await orders.getByLabel("How many").fill("many");
    await orders.getByText("Type a number.").waitFor();
    await count.getByText("Not complete yet").waitFor();
    expect(await orders.getByLabel("How many").getAttribute("aria-invalid")).toBe("true");
    await looks.everywhere(page, "form-wrong");
    await orders.getByLabel("How many").fill("4");
    await count.getByText("3").waitFor();
    expect(await orders.getByLabel("How many").getAttribute("aria-invalid")).toBeNull();
  });

  test("take conditions, groups, filters and spans of time, and what does not hold", async () => {
    const orders = page.getByRole("group", { name: "Number of orders" });
    await orders.getByRole("button", { name: "+ in the last" }).click();
    await orders.getByRole("textbox", { name: "in the last" }).fill("30");
    await orders.getByRole("button", { name: "+ only where" }).click();
    await orders.getByLabel("Field").selectOption("currency");
    await orders.getByRole("textbox", { name: "Value" }).fill("EUR");
    await page.getByText("in the last 30 days").waitFor();
    await page.getByRole("button", { name: "Add a group" }).click();
    const group = page.getByRole("group", { name: "A group" });
    await group.getByLabel("Condition to add").selectOption("address");
    await group.getByRole("button", { name: "Add", exact: true }).click();
    const address = group.getByRole("group", { name: "Can be reached" });
    await address.getByLabel("Has", { exact: true }).selectOption("email");
    await page.getByRole("status").getByText("3").waitFor();
    await address.getByLabel("must not hold").check();
    await page.getByRole("status").getByText("0").waitFor();
    await looks.everywhere(page, "form");
    await group.getByRole("button", { name: "Remove: group" }).click();
    await group.waitFor({ state: "detached" });
    await page.getByRole("status").getByText("3").waitFor();
  });

  test("lose nothing that is typed while an answer is on its way, and show none to an older question", async () => {
    const held = await openConsole(browser, server, "/admin/segments/new?lang=en");
    const gates = new Map<string, PromiseWithResolvers<void>>();
    const hold = (part: string) => gates.set(part, Promise.withResolvers());
    await held.route("**/admin/segments/new", async (route) => {
      const body = route.request().postData() ?? "";
      for (const [part, { promise }] of gates) if (body.includes(part)) await promise;
      await route.continue();
    });
    await held.getByLabel("Condition to add").selectOption("orders.count");
    await held.getByRole("button", { name: "Add", exact: true }).click();
    await held.getByLabel("Compared").selectOption("gte");
    await held.getByRole("button", { name: "+ in the last" }).click();
    await held.getByLabel("Unit").waitFor();
    await held.getByRole("button", { name: "+ only where" }).click();
    await held.getByLabel("Field").waitFor();
    hold("rule%2F0%2Fvalue=6");
    const asked = held.waitForRequest((request) => (request.postData() ?? "").includes("rule%2F0%2Fvalue=6"));
    await held.getByLabel("How many").fill("6");
    await asked;
    const broken = held.waitForEvent("requestfailed");
    await held.getByLabel("How many").fill("4");
    await broken;
    hold("do=redraw");
    const redrawn = held.waitForRequest((request) => (request.postData() ?? "").includes("do=redraw"));
    await held.getByLabel("Field").selectOption("currency");
    await redrawn;
    await held.getByLabel("Unit").selectOption("weeks");
    await held.getByRole("checkbox", { name: "must not hold" }).last().check();
    await held.getByRole("button", { name: "Save" }).focus();
    for (const { resolve } of gates.values()) resolve();
    await held.getByRole("textbox", { name: "Value" }).waitFor();
    expect(await held.evaluate("document.activeElement.value")).toBe("save");
    expect(await held.getByLabel("Unit").inputValue()).toBe("P#W");
    await held.getByRole("textbox", { name: "Value" }).fill("EUR");
    await held.getByText("Not (has placed at least 4 orders (with “EUR” as currency) in the last 630 days)").waitFor();
    await held.getByRole("status").getByText("3 contacts", { exact: true }).waitFor();
    await held.context().close();
  });

  test("run the one script that their policy names, and no other page any", async () => {
    const ask = (path: string) => fetch(server.url + path, { headers: { Authorization: "Bearer ak_local" } });
    const policy = (await ask("/admin/segments/new")).headers.get("Content-Security-Policy") ?? "";
    expect(policy).toContain(`script-src ${server.url}/admin/assets/rule-builder.js;`);
    expect(policy).toContain(`connect-src ${server.url}/admin/segments/new;`);
    expect(policy).not.toMatch(/unsafe|\*/);
    const other = (await ask("/admin/segments")).headers.get("Content-Security-Policy");
    expect(other).not.toContain("script-src");
  });

  test("save, and show who is in it and why", async () => {
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { level: 1, name: "Regulars" }).waitFor();
    await page.getByText("3 contacts now.").waitFor();
    const members = page.getByRole("region", { name: "Who is in it" });
    expect(await members.getByRole("link").allTextContents()).toEqual(["c3@shop.test", "c4@shop.test", "c5@shop.test"]);
    const { definition } = { definition: (await server.api("/api/segments/regulars")).json };
    const where = [{ field: "currency", op: "is", value: "EUR" }];
    expect(definition.rule).toEqual({ all: [{ type: "orders.count", op: "gte", value: 4, within: "P30D", where }] });
    await page.getByLabel("Email, customer number or id").fill("c1@shop.test");
    await page.getByRole("button", { name: "Explain" }).click();
    const why = page.getByRole("region", { name: "Why is somebody in or out?" });
    await why.getByText("is not in it").waitFor();
    await why.getByText("found: 2 orders").waitFor();
    await look("/admin/segments/regulars?contact=c5@shop.test", "one");
    await page.getByLabel("Email, customer number or id").fill("nobody@shop.test");
    await page.getByRole("button", { name: "Explain" }).click();
    await page.getByText("Nobody is known by this.").waitFor();
  });

  test("say in French why somebody is out", async () => {
    await page.goto(`${server.url}/admin/segments/regulars?contact=c1@shop.test&lang=fr`);
    const why = page.getByRole("region", { name: "Pourquoi" });
    await why.getByText("n’en fait pas partie").waitFor();
    await why.getByText("trouvé").waitFor();
    expect(await why.textContent()).toContain("2 commandes");
  });

  test("answer to what was typed before their script came", async () => {
    const early = await openConsole(browser, server, "/admin/segments");
    let bring = () => {};
    const brought = new Promise<void>((resolve) => {
      bring = resolve;
    });
    await early.route("**/rule-builder.js", (route) => brought.then(() => route.continue()));
    await early.goto(`${server.url}/admin/segments/regulars/edit?lang=en`, { waitUntil: "commit" });
    await early.getByLabel("How many").fill("5");
    bring();
    await early.getByRole("status").getByText("2 contacts", { exact: true }).waitFor();
    expect(await early.getByLabel("How many").inputValue()).toBe("5");
    await early.context().close();
  });

  test("change with the keyboard alone, and say where a name is missing", async () => {
    await page.goto(`${server.url}/admin/segments/regulars?lang=en`);
    await page.getByRole("link", { name: "Change" }).focus();
    await page.keyboard.press("Enter");
    await page.getByLabel("How many").focus();
    await page.keyboard.press("Control+A");
    await page.keyboard.type("5");
    await page.getByRole("status").getByText("2").waitFor();
    // Enter in a field counts; it takes nothing away and saves nothing.
    await page.keyboard.press("Enter");
    await page.getByLabel("What it is called").focus();
    await page.keyboard.press("Control+A");
    await page.keyboard.press("Delete");
    await page.getByRole("button", { name: "Save" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("It is not saved").waitFor();
    await page.getByText("Fill this in.").waitFor();
    expect(await page.getByLabel("How many").inputValue()).toBe("5");
    await page.getByLabel("What it is called").focus();
    await page.keyboard.type(`Best ${EVIL}`);
    await page.getByRole("button", { name: "Save" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("2 contacts now.").waitFor();
    await page.getByRole("heading", { level: 1 }).getByText(EVIL).waitFor();
    expect(await page.title()).toContain("Relance");
  });

  test("make a family whose segments exclude each other", async () => {
    await page.goto(`${server.url}/admin/segments/new?kind=exclusive&lang=en`);
    await page.getByLabel("What it is called").fill("Size of basket");
    for (const [index, [name, least]] of [
      ["Many", "5"],
      ["Some", "2"],
    ].entries()) {
      const part = page.getByRole("region", { name: `Segment ${index + 1}` });
      await part.getByLabel("Its name").fill(name ?? "");
      await part.getByLabel("Condition to add").selectOption("orders.count");
      await part.getByRole("button", { name: "Add", exact: true }).click();
      await part.getByLabel("Compared").selectOption("gte");
      await part.getByLabel("How many").fill(least ?? "");
    }
    await page.getByLabel("Whoever is left").check();
    await page.getByRole("region", { name: "Everybody else" }).getByLabel("Its name").fill("One");
    await page.getByRole("region", { name: "Segment 2" }).getByText("3 contacts").waitFor();
    await page.getByRole("button", { name: "Move up: segment 2" }).click();
    await page.getByRole("region", { name: "Segment 1" }).getByText("5 contacts").waitFor();
    await page.getByRole("button", { name: "Move down: segment 1" }).click();
    await page.getByRole("region", { name: "Segment 1" }).getByText("2 contacts").waitFor();
    await looks.everywhere(page, "form-family");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("6 contacts now.").waitFor();
    const { segments } = (await server.api("/api/segments/size-of-basket")).json;
    expect(segments.map(({ key, contacts }: { key: string; contacts: number }) => [key, contacts])).toEqual([
      ["many", 2],
      ["some", 3],
      ["one", 1],
    ]);
  });

  test("show who moved, how sizes changed and what uses them", async () => {
    await server.post("/api/segments", {
      key: "fans",
      name: "Fans",
      rule: { type: "segment", family: "size-of-basket", segment: "many" },
    });
    await server.moveClock({ advance: "P3D" });
    const now = (await server.api("/dev/clock")).json.now as string;
    const more = Array.from({ length: 4 }, (_none, number) => ({
      type: "track",
      event: "Order Completed",
      messageId: `more-${number}`,
      userId: "c0",
      timestamp: now,
      properties: { order_id: `more-${number}`, total: 20, currency: "EUR", products: [] },
    }));
    await server.send("batch", { batch: more });
    await expect.poll(async () => (await server.api("/api/segments/fans")).json.contacts).toBe(3);
    await look("/admin/segments/size-of-basket", "family");
    const moves = page.getByRole("region", { name: "Latest moves" });
    await moves.getByText("did something").first().waitFor();
    await page.getByRole("region", { name: "Who moved" }).getByText("Many").first().waitFor();
    await page.getByText("It is in use").waitFor();
    await look("/admin/segments", "list");
  });

  test("delete one that nothing uses, after a second look", async () => {
    await page.goto(`${server.url}/admin/segments/fans?lang=en`);
    await page.getByText("Delete…").click();
    await page.getByRole("button", { name: "Delete “Fans” for good" }).click();
    await page.getByRole("heading", { level: 1, name: "Segments" }).waitFor();
    expect(await page.getByRole("link", { name: "Fans" }).count()).toBe(0);
  });
});

describe("without a script", () => {
  test("each button of the form loads the page anew with what was typed", async () => {
    const plain = await openConsole(browser, server, "/admin/segments/new", {
      locale: "fr-FR",
      javaScriptEnabled: false,
    });
    await plain.getByLabel("Comment il s’appelle").fill("Sans script");
    await plain.getByLabel("Condition à ajouter").selectOption("orders.count");
    await plain.getByRole("button", { name: "Ajouter", exact: true }).click();
    await plain.getByLabel("Combien").fill("2");
    await plain.getByRole("button", { name: "Enregistrer" }).click();
    await plain.getByRole("heading", { level: 1, name: "Sans script" }).waitFor();
    await plain.context().close();
  });
});
