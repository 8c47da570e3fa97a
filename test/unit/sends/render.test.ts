import { describe, expect, it } from "vitest";
import { type Content, ContentFault, type ContentFaultReason } from "../../../src/sends/content";
import type { MessageData, MessageLinks } from "../../../src/sends/message";
import { renderMessage } from "../../../src/sends/render";
import type { Shop } from "../../../src/sends/scope";
import { emailOf, lineOf, linksOf, people, shop, unsubscribe } from "./samples";

const english = people.typical("en");

function render(content: Content, data: MessageData = english, links: MessageLinks = linksOf(), by: Shop = shop) {
  return renderMessage(content, data, links, by);
}

function named(first_name: string | null): MessageData {
  return { ...english, contact: { first_name, last_name: null } };
}

function faultOf(action: () => unknown): ContentFaultReason {
  try {
    action();
  } catch (error) {
    if (error instanceof ContentFault) return error.reason;
    throw error;
  }
  throw new Error("no fault");
}

const greeting = emailOf("<p>Hello{% if contact.first_name %} {{ contact.first_name }}{% endif %},</p>");

describe("names and other data", () => {
  it("greets without a name where there is none (Appendix B 39)", () => {
    for (const nothing of [null, "", "  ", "null", "undefined", "NaN", "N/A", "-", "\u200e"]) {
      expect(render(greeting, named(nothing)).html).toContain("<p>Hello,</p>");
    }
  });

  it("falls back on a default for what is missing or empty", () => {
    const content = emailOf("<p>{{ contact.first_name | default: 'you' }} {{ contact.nothing | default: 'x' }}</p>");
    expect(render(content, named(null)).html).toContain("<p>you x</p>");
  });

  it("takes an address for no name, so that nobody makes the shop mail a link", () => {
    expect(render(greeting, named("Win at https://evil.test")).html).toContain("<p>Hello,</p>");
    expect(render(greeting, named("www.evil.test")).html).toContain("<p>Hello,</p>");
  });

  it("prints Liquid in a name as text", () => {
    const { html, text } = render(greeting, named("{{ 'x' | upcase }}{% include 'a' %}"));
    expect(html).toContain("Hello {{ &#39;x&#39; | upcase }}{% include &#39;a&#39; %},");
    expect(text).toContain("Hello {{ 'x' | upcase }}{% include 'a' %},");
  });

  it("escapes markup in HTML and leaves it as it is in the text part", () => {
    const { html, text } = render(greeting, named("<img src=x onerror=alert(1)>"));
    expect(html).not.toContain("<img src=x");
    expect(html).toContain("&lt;img src=x onerror=alert(1)&gt;");
    expect(text).toContain("Hello <img src=x onerror=alert(1)>,");
  });

  it("reads no inherited property", () => {
    const content = emailOf("<p>[{{ contact.constructor }}{{ shop.__proto__.x }}{{ contact.toString }}]</p>");
    expect(render(content).html).toContain("<p>[]</p>");
  });

  it("prints nothing for a list or an object", () => {
    expect(render(emailOf("<p>[{{ cart }}{{ cart.lines }}]</p>")).html).toContain("<p>[]</p>");
  });
});

describe("money and dates", () => {
  const money = emailOf("<p>{{ cart.total | money: cart.currency }}</p>");
  const priced = (language: "en" | "fr", total: number, currency: string): string => {
    const cart = { id: "c", total, currency, url: "https://x.test", lines: [lineOf()] };
    const { html } = render(money, { ...english, language, cart });
    return /<p>([^<]*)<\/p>/.exec(html)?.[1] ?? "";
  };

  it("writes amounts as each language does", () => {
    expect(priced("en", 123_450, "EUR")).toBe("€1,234.50");
    expect(priced("fr", 123_450, "EUR")).toBe("1\u202f234,50\u00a0€");
    expect(priced("en", 1_999, "USD")).toBe("$19.99");
    expect(priced("en", 500, "JPY")).toBe("¥500");
    expect(priced("en", 1_234, "KWD")).toBe("KWD\u00a01.234");
  });

  it("refuses what is no amount rather than print a wrong one", () => {
    expect(faultOf(() => priced("en", 1.5, "EUR"))).toBe("money_invalid");
    expect(faultOf(() => priced("en", Number.NaN, "EUR"))).toBe("money_invalid");
    expect(faultOf(() => priced("en", 100, "euro"))).toBe("money_invalid");
  });

  it("writes dates in the shop's zone and language", () => {
    const content = emailOf("<p>{{ order.placed_at | date }} / {{ order.placed_at | date: 'time', 'UTC' }}</p>");
    const late = (language: "en" | "fr"): MessageData => ({
      ...english,
      language,
      order: { id: "o", placed_at: Date.UTC(2027, 1, 28, 23, 30), lines: [] },
    });
    const paris = { ...shop, timezone: "Europe/Paris" };
    expect(render(content, late("en"), linksOf(), paris).html).toContain("<p>1 March 2027 / 23:30</p>");
    expect(render(content, late("fr"), linksOf(), paris).html).toContain("<p>1er mars 2027 / 23:30</p>");
    expect(render(content, late("fr")).html).toContain("<p>28 février 2027 / 23:30</p>");
    expect(faultOf(() => render(content, { ...english, order: null }))).toBe("date_invalid");
    expect(faultOf(() => render(emailOf("{{ order.placed_at | date: '%5000000d' }}")))).toBe("date_invalid");
  });

  it("counts nouns by language", () => {
    const content = emailOf("<p>{{ cart.id | size | minus: 6 | plural: 'a', 'b' }}</p>");
    expect(render(content).html).toContain("<p>0\u00a0b</p>");
    expect(render(content, people.typical("fr")).html).toContain("<p>0\u00a0a</p>");
  });
});

describe("links", () => {
  it("sends every web link through the click address, with its index", () => {
    const content = emailOf(
      '<a class="x" href="{{ cart.url }}">a</a> <A HREF=\'https://b.test/?q=1&amp;r=2\'>b</A> ' +
        "<a href=https://c.test>c</a>",
    );
    const { html, links } = render(content);
    expect(links).toEqual([
      "https://maison-lumen.test/cart?id=1&from=mail",
      "https://b.test/?q=1&r=2",
      "https://c.test",
    ]);
    for (const index of [0, 1, 2]) expect(html).toContain(`href="https://go.maison-lumen.test/c/tok${index}"`);
    expect(html).not.toContain("b.test");
  });

  it("leaves links as they are without consent to tracking", () => {
    const { html, links } = render(emailOf('<a href="{{ cart.url }}">a</a>'), english, linksOf(false));
    expect(html).toContain('href="https://maison-lumen.test/cart?id=1&amp;from=mail"');
    expect(links).toEqual(["https://maison-lumen.test/cart?id=1&from=mail"]);
  });

  it("does not count the unsubscribe link", () => {
    const { html, links } = render(emailOf('<a href="{{ link.unsubscribe }}">x</a>{{ shop.postal_address }}'));
    expect(links).toEqual([]);
    expect(html).toContain(`href="${unsubscribe}"`);
  });

  it("drops every other scheme, however it is written", () => {
    const schemes = [
      "javascript:alert(1)",
      " jAvaScript:x",
      "java\tscript:x",
      "data:text/html,x",
      "vbscript:x",
      "//e.test",
    ];
    for (const first_name of schemes) {
      const { html, links } = render(emailOf('<a href="{{ contact.first_name }}">x</a>'), named(first_name));
      expect(html).toContain('<a href="#">x</a>');
      expect(links).toEqual([]);
    }
    expect(render(emailOf('<a href="&#106;avascript:x">x</a>')).html).toContain('<a href="#">x</a>');
    expect(render(emailOf('<a href="mailto:a@b.test">x</a>')).html).toContain('<a href="mailto:a@b.test">x</a>');
  });

  it("finds the real target behind attributes that only look like it", () => {
    const { html } = render(emailOf('<a data-href="https://a.test" title="href=x > y" href="javascript:x">x</a>'));
    expect(html).toContain('href="#"');
    expect(html).not.toContain("javascript");
  });

  it("keeps pictures that are on the web and empties the others", () => {
    const content = emailOf("<img src='{{ contact.first_name }}'><img src=\"https://a.test/i.png\">");
    expect(render(content, named("data:image/svg+xml,x")).html).toContain('<img src="">');
    expect(render(content).html).toContain('<img src="https://a.test/i.png">');
  });

  it("makes paths of the shop absolute and forgets addresses that are none", () => {
    const cart = { ...(people.typical("en").cart as NonNullable<MessageData["cart"]>) };
    const lines = [lineOf({ url: "/p/aube", image: "/i/a b.jpg" }), lineOf({ url: "not an address", image: "" })];
    const content = emailOf("{% for l in cart.lines %}[{{ l.url }} {{ l.image }}]{% endfor %}");
    const { html } = render(content, { ...english, cart: { ...cart, lines } });
    expect(html).toContain("[https://maison-lumen.test/p/aube https://maison-lumen.test/i/a%20b.jpg][ ]");
  });

  it("gives the text part the same addresses", () => {
    const { text } = render(emailOf('<p><a href="{{ cart.url }}">My basket</a></p>'));
    expect(text).toContain("My basket <https://go.maison-lumen.test/c/tok0>");
  });
});

describe("what every marketing email carries", () => {
  it("both headers for unsubscribing in one click (Appendix B 24)", () => {
    expect(render(greeting).headers).toEqual({
      "List-Unsubscribe": `<${unsubscribe}>`,
      "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    });
  });

  it("a visible link and the postal address, even where the template forgot them", () => {
    const { html, text } = render(emailOf("<p>Hello</p>"));
    expect(html).toContain(`href="${unsubscribe}"`);
    expect(html).toContain(shop.postalAddress);
    expect(text).toContain(unsubscribe);
    expect(text).toContain(shop.postalAddress);
  });

  it("is refused where they cannot stand in it", () => {
    const hidden = emailOf("x{% if false %}{{ link.unsubscribe }}{{ shop.postal_address }}{% endif %}");
    expect(faultOf(() => render(hidden))).toBe("unsubscribe_missing");
    expect(faultOf(() => render(greeting, english, linksOf(), { ...shop, postalAddress: " " }))).toBe(
      "postal_address_missing",
    );
    for (const bad of ["", "mailto:x@y.test", "https://x.test/>\r\nBcc: a@b.test"]) {
      expect(faultOf(() => render(greeting, english, { ...linksOf(), unsubscribe: bad }))).toBe("unsubscribe_missing");
    }
  });

  it("is none of a transactional email", () => {
    const { html, headers } = render({ ...greeting, class: "transactional" });
    expect(headers).toEqual({});
    expect(html).not.toContain(unsubscribe);
  });

  it("an individual pixel only with consent to tracking (Appendix B 29)", () => {
    expect(render(greeting).html).toContain('<img src="https://go.maison-lumen.test/o/tok_open" width="1"');
    expect(render(greeting, english, linksOf(false)).html).not.toMatch(/<img|\/o\//);
  });
});

describe("subjects", () => {
  const subjectOf = (subject: string, data = english): string => render(emailOf("x", {}, subject), data).subject;

  it("are one line without controls or reversed writing", () => {
    expect(subjectOf("Hello {{ contact.first_name }}", named("A\r\nBcc: b@c.test\u0000\u202egnp"))).toBe("Hello");
    expect(subjectOf("{{ contact.first_name }}", named("A\r\nBcc: b\u0000\u202egnp"))).toBe("A Bcc: b gnp");
    expect(subjectOf("Two\nlines\u2028three")).toBe("Two lines three");
  });

  it("are not escaped, as they are no HTML", () => {
    expect(subjectOf("{{ contact.first_name }} & co", named("D'Arcy <3"))).toBe("D'Arcy <3 & co");
  });

  it("end at 250 characters without halving an emoji", () => {
    const long = subjectOf("x".repeat(248).concat("💡💡"));
    expect(long.length).toBeLessThanOrEqual(250);
    expect(long).toBe(`${"x".repeat(248)}…`);
    expect(long.isWellFormed()).toBe(true);
  });

  it("must not be empty", () => {
    expect(faultOf(() => subjectOf("{{ contact.nothing }}"))).toBe("subject_empty");
  });
});

describe("a notice", () => {
  const notice = (channel: "push" | "wallet" | "print", text: object = {}): Content => {
    const words = { title: "Hello {{ contact.first_name }}", body: "Look:\n\n{{ shop.url }}/sale", ...text };
    return { key: "n", channel, version: 1, class: "marketing", needs: [], texts: { en: words, fr: words } };
  };

  it("is a title and plain words, whose links are counted", () => {
    const { subject, html, text, links } = render(notice("push"), named("Ann"));
    expect([subject, html]).toEqual(["Hello Ann", ""]);
    expect(text).toMatch(/^Look:\n\nhttps:\/\/go\.maison-lumen\.test\/c\/tok0$/);
    expect(links).toEqual(["https://maison-lumen.test/sale"]);
  });

  it("says in a letter where to choose what one is sent, and on a telephone leaves that to its switch", () => {
    const choices = "What we may write to you: https://go.maison-lumen.test/p/tok_preferences";
    expect(render(notice("print")).text).toContain(choices);
    expect(render({ ...notice("print"), class: "transactional" }).text).not.toContain(choices);
    expect(render(notice("wallet")).text).not.toContain(choices);
  });

  it("is no message without words", () => {
    expect(faultOf(() => render(notice("push", { body: "{% if false %}x{% endif %}" })))).toBe("body_empty");
    expect(faultOf(() => render(notice("push", { title: " " })))).toBe("subject_empty");
  });
});
