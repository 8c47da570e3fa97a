// The pages behind a mail as a shopper meets them: what it is about, the mail itself, and what they think.
import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../support/browser";
import { Looks } from "../support/looks";
import type { Server } from "../support/server";
import { keys, startServer, until } from "../support/server";

/** A headless browser calls itself one, and counts as a machine. */
const PERSON =
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15";

interface Message {
  readonly id: string;
  readonly html: string;
}

let browser: Browser;
let looks: Looks;
let server: Server;
let scenario: string;

const html =
  '<h1>{{ shop.name }}</h1><p><a href="{{ link.landing }}">landing</a></p><p><a href="{{ link.nps }}?score=9">nps</a> ' +
  '<a href="{{ link.rating }}">rating</a> <a href="{{ link.review }}">review</a> <a href="{{ link.web }}">web</a></p>';
const text = { subject: "Pages", preheader: "Pages", html };

const definition = {
  name: "Pages behind a letter",
  stop_on: ["withdrawal"],
  start: "start",
  blocks: {
    start: { type: "start.event", params: { event: "Asked" }, next: { next: "letter" } },
    letter: { type: "send.email", params: { content: "pages" }, next: { next: "end" } },
    end: { type: "exit", params: { outcome: "completed", reason: "end" } },
  },
};

beforeAll(async () => {
  browser = await launchBrowser();
  looks = new Looks(browser);
  server = await startServer();
  const content = { key: "pages", channel: "email", texts: { en: text, fr: text } };
  expect((await server.post("/api/contents", content)).status).toBe(201);
  const made = await server.post("/api/scenarios", { definition });
  scenario = made.json.id;
  expect((await server.post(`/api/scenarios/${scenario}/activate`, {})).status).toBe(200);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

const lamp = { product_id: "ML-AUBE", name: "Lampe Aube", price: 129, quantity: 1, url: "/p/aube" };
const vase = {
  product_id: "ML-GALET",
  name: "Vase Galet en grès émaillé, fait à la main près de Vallauris",
  price: 48,
  quantity: 2,
};

/** Writes to somebody who has ordered, or left a cart, and gives the letter's links by their words. */
async function letterTo(email: string, language: "en" | "fr", kind: "order" | "cart"): Promise<Record<string, string>> {
  const userId = email.split("@")[0];
  const consent = { email: true, tracking: true };
  await server.send("identify", { userId, traits: { email, firstName: "Camille", language, consent } });
  const properties = {
    order_id: `o-${userId}`,
    cart_id: `c-${userId}`,
    currency: "EUR",
    total: 225,
    products: [lamp, vase],
  };
  if (kind === "order") await server.send("track", { userId, event: "Order Completed", properties });
  else {
    for (const line of [lamp, vase]) {
      await server.send("track", {
        userId,
        event: "Product Added",
        properties: { cart_id: `c-${userId}`, currency: "EUR", ...line },
      });
    }
  }
  await server.send("track", { userId, event: "Asked" });
  await server.moveClock({ advance: "PT1M" });
  const mails = async () =>
    ((await server.api(`/dev/inbox.json?to=${encodeURIComponent(email)}`)).json as { data: Message[] }).data;
  const mail = await until(async () => (await mails())[0], { what: `a letter to ${email}` });
  const links = [...mail.html.matchAll(/<a href="([^"]+)"[^>]*>([a-z]+)<\/a>/g)];
  return Object.fromEntries(links.map(([, href = "", word = ""]) => [word, href.replaceAll("&amp;", "&")]));
}

const WORDS = {
  en: {
    basket: "Camille, your basket is still here",
    back: "Back to my basket",
    order: "Your last order",
    recommend: "Would you recommend us?",
    review: "What do you think of it?",
    few: "In a few words",
    add: "Anything to add? (optional)",
    send: "Send my answer",
    missing: "Choose a mark.",
    thanks: "Thank you.",
    gone: "This link leads nowhere any more.",
    earned: "What the messages came to",
  },
  fr: {
    basket: "Camille, votre panier vous attend",
    back: "Reprendre mon panier",
    order: "Votre dernière commande",
    recommend: "Nous recommanderiez-vous ?",
    review: "Qu’en pensez-vous ?",
    few: "En quelques mots",
    add: "Un mot à ajouter ? (facultatif)",
    send: "Envoyer ma réponse",
    missing: "Choisissez une note.",
    thanks: "Merci.",
    gone: "Ce lien ne mène plus nulle part.",
    earned: "Ce que les messages ont rapporté",
  },
} as const;

const walks = (["en", "fr"] as const).flatMap((language) => [
  [language, "phone", 390, 844] as const,
  [language, "desktop", 1280, 900] as const,
]);

function open(language: "en" | "fr", width: number, height: number): Promise<BrowserContext> {
  const locale = language === "fr" ? "fr-FR" : "en-GB";
  return browser.newContext({ javaScriptEnabled: false, viewport: { width, height }, locale, userAgent: PERSON });
}

const NOTHING = /null|undefined|NaN|\{\{|\[object/;

describe.each(walks)("without JavaScript, in %s on a %s", (language, device, width, height) => {
  const words = WORDS[language];
  const shot = (name: string): string => `pages-${name}-${language}-${device}`;
  const mark = (score: number) => `input[name=score][value="${score}"]`;

  test("a basket on a page of its own, and the letter itself", async () => {
    const links = await letterTo(`cart.${language}.${device}@example.com`, language, "cart");
    const context = await open(language, width, height);
    const page = await context.newPage();
    await page.goto(links["landing"] ?? "");
    expect(page.url()).toContain("/l/");
    await page.getByRole("heading", { name: words.basket }).waitFor();
    expect(await page.getByRole("link", { name: words.back }).getAttribute("href")).toContain("utm_medium=email");
    expect(await page.locator("main").textContent()).not.toMatch(NOTHING);
    await looks.inspect(page, shot("1-basket"));
    await page.goto(links["web"] ?? "");
    await page.getByText("landing").waitFor();
    expect(await page.content()).not.toContain("/o/");
    await context.close();
  });

  test("a mark that the letter's link brings along, sent by the button alone", async () => {
    const links = await letterTo(`nps.${language}.${device}@example.com`, language, "order");
    const context = await open(language, width, height);
    const page = await context.newPage();
    await page.goto(links["landing"] ?? "");
    await page.getByRole("heading", { name: words.order }).waitFor();
    await looks.inspect(page, shot("2-order"));
    await page.goto(links["nps"] ?? "");
    await page.getByRole("heading", { name: words.recommend }).waitFor();
    expect(await page.locator(mark(9)).isChecked()).toBe(true);
    await page.locator(mark(10)).check({ force: true });
    await page.getByLabel(words.add).fill("Livraison rapide, merci.");
    await looks.inspect(page, shot("3-nps"));
    await page.getByRole("button", { name: words.send }).click();
    await page.getByRole("heading", { name: words.thanks }).waitFor();
    await looks.inspect(page, shot("4-thanks"));
    await context.close();
  });

  test("a review of one of the products, and what is missing of it", async () => {
    const links = await letterTo(`review.${language}.${device}@example.com`, language, "order");
    const context = await open(language, width, height);
    const page = await context.newPage();
    await page.goto(links["review"] ?? "");
    await page.getByRole("heading", { name: words.review }).waitFor();
    await page.getByLabel(words.few).fill("Une belle lumière");
    await page.locator("select").selectOption("ML-GALET");
    // A browser of old sends what is incomplete.
    await page
      .locator("form")
      .evaluate("form => form.setAttribute('novalidate', '')")
      .catch(() => undefined);
    const url = page.url();
    const answer = await context.request.post(url, {
      form: { do: "say", product: "ML-GALET", title: "Une belle lumière" },
    });
    expect(answer.status()).toBe(400);
    await page.setContent(await answer.text());
    await page.getByText(words.missing).waitFor();
    await looks.inspect(page, shot("5-review-missing"));
    await page.goto(url);
    await page.locator("select").selectOption("ML-GALET");
    await page.locator(mark(4)).check({ force: true });
    await looks.inspect(page, shot("6-review"));
    await page.getByRole("button", { name: words.send }).click();
    await page.getByRole("heading", { name: words.thanks }).waitFor();
    await page.goto(`${url.split("?")[0]}x`);
    await page.getByRole("heading", { name: words.gone }).waitFor();
    await context.close();
  });
});

describe("the scenario's page", () => {
  test("says what its messages came to, to the marketer", async () => {
    const links = await letterTo("buyer@example.com", "en", "cart");
    const person = await browser.newContext({ userAgent: PERSON });
    await (await person.newPage()).goto(links["landing"] ?? "");
    const order = { order_id: "o-buyer", currency: "EUR", total: 177, products: [lamp] };
    await server.send("track", { userId: "buyer", event: "Order Completed", properties: order });
    const console = await browser.newContext();
    await console.setExtraHTTPHeaders({ Authorization: `Bearer ${keys.admin}` });
    const page = await console.newPage();
    for (const language of ["en", "fr"] as const) {
      await page.goto(`${server.url}/admin/scenarios/${scenario}?lang=${language}`);
      const card = page.locator("section", { has: page.getByRole("heading", { name: WORDS[language].earned }) });
      expect(await card.textContent()).toMatch(/€\s?177\.00|177,00\s€/);
      await new Looks(browser, server.url).everywhere(page, `pages-7-earned-${language}`);
    }
    const report = (await server.api(`/api/reports/scenarios/${scenario}`)).json;
    expect(report.totals).toMatchObject({ orders: 1, revenue: { amount: 17_700, currency: "EUR" } });
  });
});
