import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Content, ContentFault } from "../../../src/sends/content";
import { STARTER_CONTENTS } from "../../../src/sends/contents";
import { contentInput } from "../../../src/sends/input";
import { renderMessage } from "../../../src/sends/render";
import { measureSms } from "../../../src/sends/sms";
import { linksOf, people, shop, unsubscribe } from "./samples";

const contents: [string, Content][] = Object.entries(STARTER_CONTENTS);
const languages = ["en", "fr"] as const;
const everybody = Object.entries(people);

/** What a reader sees of an HTML part. */
function visible(html: string): string {
  return html
    .replace(/<style>.*?<\/style>/s, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");
}

describe.each(contents)("%s", (key, content) => {
  const cases = languages.flatMap((language) => everybody.map(([who, of]) => [language, who, of(language)] as const));

  it.each(cases)("is whole in %s for the %s contact", (language, who, data) => {
    const message = renderMessage(content, data, linksOf(), shop);
    for (const part of [message.subject, message.text, visible(message.html)]) {
      expect(part).not.toMatch(/\bnull\b|\bundefined\b|\bNaN\b|\[object/);
      // The hostile contact's own braces stand there as text.
      if (who !== "hostile") expect(part).not.toMatch(/\{\{|\{%|%\}|\}\}/);
      expect(part).not.toMatch(/\b(Hello|Bonjour)\s+,/);
    }
    expect(message.html).not.toMatch(/<script|\sonerror="|javascript:|href=""/i);
    expect(Buffer.byteLength(message.html)).toBeLessThan(102 * 1024);
    if (content.channel === "email") expect(message.text).toContain(language === "en" ? "Hello" : "Bonjour");
  });

  it("is in two languages that differ", () => {
    const [en, fr] = languages.map((language) => renderMessage(content, people.typical(language), linksOf(), shop));
    expect(en?.text).not.toBe(fr?.text);
    if (content.channel === "email") expect(en?.subject).not.toBe(fr?.subject);
  });

  it("is catalogued under its own key and fit to be saved again", () => {
    expect(content.key).toBe(key);
    const { version, ...input } = content;
    expect(version).toBe(1);
    expect(contentInput.parse(input)).toEqual(input);
  });

  it("sets French as French is set", () => {
    if (content.channel !== "email") return;
    const { text, subject } = renderMessage(content, people.typical("fr"), linksOf(), shop);
    // A no-break space before double punctuation, and curly apostrophes.
    expect(`${subject}\n${text}`).not.toMatch(/ [;:!?»]|«[^\u00a0]|\p{L}'\p{L}/u);
  });

  it("has the same structure whatever the names are", () => {
    const tags = (html: string) => html.match(/<\/?[a-z][a-z0-9]*/gi)?.join("");
    const typical = people.typical("en");
    const expected = tags(renderMessage(content, typical, linksOf(), shop).html);
    const named = (first_name: string, name: string) => {
      const lines = typical.cart?.lines.map((line) => ({ ...line, name })) ?? [];
      const cart = typical.cart && { ...typical.cart, lines };
      return renderMessage(content, { ...typical, cart, contact: { first_name, last_name: null } }, linksOf(), shop);
    };
    const anything = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.mixedCase(fc.constantFrom("<a href=x>", "{{x}}", '">')),
    );
    fc.assert(
      fc.property(anything, anything, (first, name) => {
        const { html, subject } = named(first, name);
        expect(tags(html)).toBe(expected);
        expect(subject).toMatch(/^[^\p{Cc}]*$/u);
      }),
      { numRuns: 200, seed: 1 },
    );
  });
});

const sms = contents.filter(([, content]) => content.channel === "sms");
const emails = contents.filter(([, content]) => content.channel === "email");

describe.each(sms)("%s", (_, content) => {
  it("says how to stop, where it is marketing, and stays within two segments of the cheap alphabet", () => {
    for (const language of languages) {
      const { text, html, subject } = renderMessage(content, people.typical(language), linksOf(), shop);
      const isMarketing = content.class === "marketing";
      expect([text.includes("STOP"), text.endsWith(unsubscribe)]).toEqual([isMarketing, isMarketing]);
      expect(measureSms(text).encoding).toBe("GSM-7");
      expect(measureSms(text).segments).toBeLessThanOrEqual(2);
      expect(html + subject).toBe("");
    }
  });
});

describe.each(emails)("%s", (_, content) => {
  it("is built for mail programs", () => {
    const { html } = renderMessage(content, people.typical("fr"), linksOf(), shop);
    expect(html).toContain('<html lang="fr">');
    expect(html).toContain("prefers-color-scheme:dark");
    expect(html).toContain('width="600"');
    expect(html).not.toMatch(/<img(?![^>]*\salt=)/);
    expect(html.match(/<table(?![^>]*role="presentation")/g)).toBeNull();
  });

  it("leads back to where it should", () => {
    const { links } = renderMessage(content, people.typical("en"), linksOf(), shop);
    const target = content.needs.length > 0 ? "https://maison-lumen.test/cart?id=1&from=mail" : shop.url;
    expect(links.at(-1)).toBe(target);
  });
});

describe("the confirmation of an address", () => {
  it.each(languages)("leads to its page, uncounted, and advertises nothing (%s)", (language) => {
    const { html, text, headers, links } = renderMessage(
      STARTER_CONTENTS.optin_email,
      people.typical(language),
      linksOf(),
      shop,
    );
    const page = "https://go.maison-lumen.test/optin/tok_optin";
    expect(html).toContain(`href="${page}"`);
    expect(text).toContain(page);
    expect(headers).toEqual({});
    // Beside its button it names the house in its head, and nothing else.
    expect(links).toEqual([shop.url]);
    expect(html).not.toMatch(/Aube|189|unsubscribe|désabonner/i);
  });

  it.each(languages)("by text message carries the code (%s)", (language) => {
    expect(renderMessage(STARTER_CONTENTS.optin_sms, people.typical(language), linksOf(), shop).text).toContain(
      "1234 5678",
    );
  });
});

describe("every marketing letter", () => {
  it.each(emails.filter(([, { class: kind }]) => kind === "marketing"))("%s leads to the preferences", (_, content) => {
    const { html, text } = renderMessage(content, people.typical("fr"), linksOf(), shop);
    expect(html).toContain('href="https://go.maison-lumen.test/p/tok_preferences"');
    expect(text).toContain("https://go.maison-lumen.test/p/tok_preferences");
  });
});

describe("the cart's letters", () => {
  it("show picture, name, quantity, price and total of each line, and the total", () => {
    const { html, text } = renderMessage(STARTER_CONTENTS.cart_1, people.typical("en"), linksOf(), shop);
    expect(html).toContain('src="https://maison-lumen.test/i/aube.jpg"');
    for (const shown of ["Lampe à poser Aube", "Quantity: 2 · €24.00 each", "€48.00", "€189.00", "€237.00"]) {
      expect(visible(html)).toContain(shown);
      expect(text).toContain(shown);
    }
  });

  it("show the first lines of a large cart and count the others", () => {
    const { text } = renderMessage(STARTER_CONTENTS.cart_1, people.longest("fr"), linksOf(), shop);
    expect(text).toContain("+ 55\u00a0autres articles");
  });

  it("cannot be sent without a cart", () => {
    const data = { ...people.typical("en"), cart: null };
    for (const key of ["cart_1", "cart_2", "cart_2_sms", "cart_3", "cart_3_sms"] as const) {
      expect(() => renderMessage(STARTER_CONTENTS[key], data, linksOf(), shop)).toThrow(ContentFault);
    }
  });
});
