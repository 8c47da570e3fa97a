import { describe, expect, it } from "vitest";
import { STARTER_CONTENTS } from "../../../src/sends/contents";
import { LIBRARY } from "../../../src/sends/library";
import { renderMessage } from "../../../src/sends/render";
import { previewLinks, sampleOf } from "../../../src/sends/sample";
import { mayPrintCart, usesOf } from "../../../src/sends/uses";
import { publishedDesign } from "../../support/library";

const sms = (en: string, fr = "Bonjour") => usesOf({ texts: { en: { body: en }, fr: { body: fr } } });

describe("the variables of a content", () => {
  it("are what its templates print, loop over and ask about, in both languages", () => {
    const said = sms(
      "{{ cart.total | money }} {% for line in cart.lines %}{{ line.name }}{% endfor %}",
      "{{ order.id }}",
    );
    expect(said).toEqual({ names: ["cart.lines", "cart.total", "order.id"], asked: [], askedNames: [], unknown: [] });
  });

  it("are asked about where a condition names them, or another text stands in", () => {
    expect(sms("{% if coupon %}{{ coupon.code }}{% endif %} {{ contact.first_name | default: 'you' }}").asked).toEqual([
      "contact",
      "coupon",
    ]);
    expect(sms("{{ coupon.code }}").asked).toEqual([]);
  });

  it("are known by name", () => {
    const said = sms(
      "{{ cart.total }}{{ language }}{% if coupon %}{{ cart.sum }}{% endif %}{{ product.naem }}{{ nobody }}{{ tables.pets.name }}",
    );
    expect(said.unknown).toEqual(["cart.sum", "nobody", "product.naem"]);
    expect(sms("{{ contact.frist_name }}").unknown).toEqual(["contact.frist_name"]);
    expect(sms("{{ coupon.code }} {{ coupon.expires_at | date }} {{ coupon.until }}").unknown).toEqual([]);
  });

  it.each(Object.entries(STARTER_CONTENTS))("of %s, which comes with the product, are all known", (_key, content) => {
    const { names, unknown } = usesOf(content);
    expect(names.length).toBeGreaterThan(0);
    expect(unknown).toEqual([]);
  });
});

describe("a cart", () => {
  const says = (body: string) => mayPrintCart({ needs: [], texts: { en: { body }, fr: { body: "Bonjour" } } });

  it.each([
    "{{ cart.total }}",
    "{% if cart %}…{% endif %}",
    "{{ product.name }}",
    "{% for one in reco %}{{ one.name }}{% endfor %}",
    "{{ link.landing }}",
    "{{ tables.pets.name }}",
  ])("may be printed by %s", (body) => expect(says(body)).toBe(true));

  it("is frozen for whoever cannot be sent without one", () => {
    expect(mayPrintCart({ needs: ["cart"], texts: { en: { body: "Hello" }, fr: { body: "Bonjour" } } })).toBe(true);
  });

  it("leaves no trace in a content that prints none", async () => {
    const shop = { name: "Shop", url: "https://shop.test", postalAddress: "1 Street", emailFrom: "a@shop.test" };
    const links = { ...previewLinks("https://go.shop.test"), click: (destination: string) => destination };
    const contents = [
      ...Object.values(STARTER_CONTENTS),
      ...(await Promise.all(LIBRARY.map((design) => publishedDesign(design)))),
    ];
    const without = contents.filter((content) => !mayPrintCart(content));
    expect(without.length).toBeGreaterThan(3);
    for (const content of without) {
      const data = sampleOf("typical", "fr", shop.url, 1_795_424_401_158);
      expect(data.cart).not.toBeNull();
      const letter = renderMessage(content, data, links, shop);
      expect(renderMessage(content, { ...data, cart: null }, links, shop)).toEqual(letter);
    }
  });
});
