import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../support/browser";
import { Looks } from "../support/looks";
import type { Server } from "../support/server";
import { startServer, until } from "../support/server";

interface Message {
  readonly html: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

let browser: Browser;
let looks: Looks;
let server: Server;

beforeAll(async () => {
  browser = await launchBrowser();
  looks = new Looks(browser);
  server = await startServer();
  await server.api("/dev/demo", { method: "POST" });
  const topics = [
    { key: "lamps", en: "Lamps", fr: "Luminaires" },
    { key: "candles", en: "Candles", fr: "Bougies" },
  ];
  await server.put("/api/settings/topics", { topics });
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function inbox(to: string): Promise<readonly Message[]> {
  return ((await server.api(`/dev/inbox.json?to=${encodeURIComponent(to)}`)).json as { data: Message[] }).data;
}

const messageTo = (to: string, has: (message: Message) => boolean = () => true): Promise<Message> =>
  until(async () => (await inbox(to)).find(has), { what: `a message to ${to}` });

const hrefOf = (html: string, path: string): string =>
  new RegExp(`href="([^"]*${path}[^"]+)"`).exec(html)?.[1]?.replaceAll("&amp;", "&") ?? "";

async function consentsOf(email: string): Promise<Record<string, { state: string }>> {
  const { data } = (await server.api(`/api/contacts?email=${encodeURIComponent(email)}`)).json as {
    data: { email: string | null; consents: Record<string, { state: string }> }[];
  };
  return data.find((contact) => contact.email === email)?.consents ?? {};
}

/** Leaves a cart behind, and comes back when its first reminder has been sent. */
async function leaveCart(email: string): Promise<Message> {
  const userId = email.split("@")[0];
  await server.send("identify", { userId, traits: { email } });
  const line = { product_id: "ML-GALET", name: "Vase Galet", category: "Vases", price: 48, quantity: 1 };
  const properties = { cart_id: `cart-${userId}`, currency: "EUR", ...line };
  await server.send("track", { userId, event: "Product Added", properties });
  await server.moveClock({ advance: "PT5H" });
  return messageTo(email, ({ headers }) => headers["List-Unsubscribe"] !== undefined);
}

const WORDS = {
  en: {
    email: "Email address",
    name: "First name (optional)",
    agree: /news and offers .* by email/,
    subscribe: "Subscribe",
    inbox: "Please look into your inbox.",
    yes: "Yes, that was me",
    welcome: "Welcome.",
    choose: "Choose what you receive, and how often",
    save: "Save my choices",
    saved: "Your choices are saved",
    pause: "60 days",
    silent: "We are silent until",
    unsubscribe: "Unsubscribe",
    done: "Done.",
    topic: "Lamps",
    weekly: "One message a week at most",
    missing: "Please tick the box about emails",
  },
  fr: {
    email: "Adresse e-mail",
    name: "Prénom (facultatif)",
    agree: /recevoir par e-mail/,
    subscribe: "M’inscrire",
    inbox: "Regardez votre boîte de réception.",
    yes: "Oui, c’était moi",
    welcome: "Bienvenue.",
    choose: "Choisir ce que je reçois, et à quel rythme",
    save: "Enregistrer mes choix",
    saved: "Vos choix sont enregistrés",
    pause: "60 jours",
    silent: "Nous restons silencieux jusqu’au",
    unsubscribe: "Me désinscrire",
    done: "C’est fait.",
    topic: "Luminaires",
    weekly: "Un message par semaine au plus",
    missing: "Cochez la case des e-mails",
  },
} as const;

const walks = (["en", "fr"] as const).flatMap((language) => [
  [language, "phone", 390, 844] as const,
  [language, "desktop", 1280, 900] as const,
]);

async function open(language: "en" | "fr", width: number, height: number): Promise<BrowserContext> {
  const locale = language === "fr" ? "fr-FR" : "en-GB";
  return browser.newContext({ javaScriptEnabled: false, viewport: { width, height }, locale });
}

describe.each(walks)("without JavaScript, in %s on a %s", (language, device, width, height) => {
  const words = WORDS[language];
  const email = `walk.${language}.${device}@example.com`;
  const shot = (name: string): string => `${name}-${language}-${device}`;

  test("from the form to the letter, its confirmation, the preferences and the way out", async () => {
    const context = await open(language, width, height);
    const page = await context.newPage();
    await page.goto(`${server.url}/subscribe`);
    expect(await page.locator("html").getAttribute("lang")).toBe(language);
    // No box is ticked beforehand.
    expect(await page.locator("input:checked").count()).toBe(0);
    await looks.inspect(page, shot("1-form"));

    await page.getByRole("textbox", { name: words.email }).fill(email);
    await page.getByLabel(words.name).fill("Camille");
    await page.getByLabel(words.topic).check();
    await page.getByRole("button", { name: words.subscribe }).click();
    await page.getByText(words.missing).waitFor();
    // What was typed is still there.
    expect(await page.getByRole("textbox", { name: words.email }).inputValue()).toBe(email);
    expect(await page.getByLabel(words.topic).isChecked()).toBe(true);
    await looks.inspect(page, shot("2-form-missing"));

    await page.getByLabel(words.agree).check();
    await page.getByRole("button", { name: words.subscribe }).click();
    await page.getByRole("heading", { name: words.inbox }).waitFor();
    await looks.inspect(page, shot("3-sent"));

    const letter = await messageTo(email);
    await looks.photograph(letter.html, page, shot("4-letter"));
    await page.goto(hrefOf(letter.html, "/optin/"));
    await looks.inspect(page, shot("5-confirm"));
    expect(await consentsOf(email)).toEqual({});
    await page.getByRole("button", { name: words.yes }).click();
    await page.getByRole("heading", { name: words.welcome }).waitFor();
    expect(await consentsOf(email)).toMatchObject({ email: { state: "granted" } });
    await looks.inspect(page, shot("6-welcome"));

    const reminder = await leaveCart(email);
    await page.goto(hrefOf(reminder.html, "/p/"));
    await page.getByLabel(words.weekly).check();
    await page.getByRole("button", { name: words.save }).click();
    await page.getByText(words.saved).waitFor();
    expect(await page.getByLabel(words.weekly).isChecked()).toBe(true);
    expect(await page.getByLabel(words.topic).isChecked()).toBe(true);
    await page.getByRole("button", { name: words.pause }).click();
    await page.getByText(words.silent).waitFor();
    await looks.inspect(page, shot("7-preferences"));

    const unsubscribe = hrefOf(reminder.html, "/u/");
    await page.goto(unsubscribe);
    await looks.inspect(page, shot("8-unsubscribe"));
    expect(await consentsOf(email)).toMatchObject({ email: { state: "granted" } });
    await page.getByRole("button", { name: words.unsubscribe }).click();
    await page.getByRole("heading", { name: words.done }).waitFor();
    expect(await consentsOf(email)).toMatchObject({ email: { state: "withdrawn" } });
    await looks.inspect(page, shot("9-done"));
    await page.goto(`${unsubscribe.slice(0, -1)}?lang=${language}`);
    await looks.inspect(page, shot("10-unknown"));
    await context.close();
  });
});

describe("by keyboard alone", () => {
  /** Goes on with the Tab key until this stands in focus. */
  async function tabTo(page: Page, what: string): Promise<void> {
    for (let steps = 0; steps < 60; steps++) {
      await page.keyboard.press("Tab");
      if ((await page.locator(`${what}:focus`).count()) > 0) return;
    }
    throw new Error(`${what} cannot be reached with the Tab key`);
  }

  test("a phone number is confirmed with its code, and everything is stopped again", async () => {
    const context = await open("en", 1280, 900);
    const page = await context.newPage();
    const email = "keys@example.com";
    await page.goto(`${server.url}/subscribe`);
    await tabTo(page, "#email");
    await page.keyboard.type(email);
    await tabTo(page, "#phone");
    await page.keyboard.type("+33 6 98 76 54 32");
    for (const box of ["email", "sms"]) {
      await tabTo(page, `[name=consent_${box}]`);
      await page.keyboard.press("Space");
    }
    await tabTo(page, "button");
    await page.keyboard.press("Enter");
    await page.getByText("A code is on its way").waitFor();
    await looks.inspect(page, "11-sent-with-phone");

    await page.goto(hrefOf((await messageTo(email)).html, "/optin/"));
    await tabTo(page, "button");
    await page.keyboard.press("Enter");
    await tabTo(page, "#code");
    await page.keyboard.type("12345678");
    await page.keyboard.press("Enter");
    await page.getByText("This is not the code").waitFor();
    await looks.inspect(page, "12-wrong-code");
    const code = /\d{4} \d{4}/.exec((await messageTo("+33698765432")).text)?.[0] ?? "";
    // The wrong field has the focus already.
    expect(await page.locator("#code:focus").count()).toBe(1);
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.type(code);
    await page.keyboard.press("Enter");
    await page.getByText("Your phone number is confirmed").waitFor();
    expect(await consentsOf(email)).toMatchObject({ email: { state: "granted" }, sms: { state: "granted" } });

    await tabTo(page, 'a[href^="/p/"]');
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Your preferences" }).waitFor();
    await tabTo(page, "button[value=stop]");
    await page.keyboard.press("Space");
    await page.getByText("No more news and offers").waitFor();
    expect(await consentsOf(email)).toMatchObject({ email: { state: "withdrawn" }, sms: { state: "withdrawn" } });
    await looks.inspect(page, "13-stopped");
    await context.close();
  });
});
