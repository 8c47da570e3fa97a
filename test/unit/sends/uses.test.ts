import { describe, expect, it } from "vitest";
import { STARTER_CONTENTS } from "../../../src/sends/contents";
import { usesOf } from "../../../src/sends/uses";

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
