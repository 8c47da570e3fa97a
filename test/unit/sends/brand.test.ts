import { describe, expect, it } from "vitest";
import { branded, brandInput, brandMark, DEFAULT_BRAND } from "../../../src/sends/brand";
import { contrastsOf, unreadable } from "../../../src/sends/brand-contrast";

describe("a brand", () => {
  it("that the product comes with can be read by day and by night", () =>
    expect(unreadable(DEFAULT_BRAND)).toEqual([]));

  it("is refused where its colours could hardly be read, with their places", () => {
    const pale = brandInput.parse({ colours: { accent: "#ffe0b0" }, night: { soft: "#333333" } });
    expect(unreadable(pale).map(({ pointer }) => pointer)).toEqual([
      "/colours/on_accent",
      "/night/soft",
      "/night/soft",
    ]);
  });

  it("warns of colours that are weak where letters use them for more than running text", () => {
    const light = brandInput.parse({ colours: { accent: "#e0a040", on_accent: "#1f1914" } });
    expect(unreadable(light)).toEqual([]);
    const weak = contrastsOf(light).filter(({ ratio }) => ratio < 4.5);
    expect(weak).toMatchObject([{ scheme: "colours", text: "accent", ground: "sheet", strict: false }]);
  });

  it("has a mark of its own, which any change of it changes", () => {
    const same = brandInput.parse({ radius: DEFAULT_BRAND.radius });
    expect(brandMark(same)).toBe(brandMark(DEFAULT_BRAND));
    const others = [{ radius: 4 }, { logo: "https://a.test/l.png" }, { night: { ink: "#ffffff" } }];
    const marks = others.map((one) => brandMark(brandInput.parse(one)));
    expect(new Set([...marks, brandMark(DEFAULT_BRAND)]).size).toBe(4);
  });

  it("puts its parts in by name, and tells of names that it does not have", () => {
    const made = branded("{{ brand.ink }} {{brand.radius}} {{ brand.nothing }}", DEFAULT_BRAND, "en", true);
    expect(made.text).toBe("#2a241e 3 ");
    expect(made.unknown).toEqual(["brand.nothing"]);
  });

  it("leaves out what stands only where it has a picture for it", () => {
    const source = '{% if brand.countdown %}<img src="{{ brand.countdown }}{{ coupon.until }}">{% endif %}.';
    expect(branded(source, DEFAULT_BRAND, "en", true).text).toBe(".");
    const counting = brandInput.parse({ countdown: "https://count.test/draw" });
    expect(branded(source, counting, "en", true).text).toBe(
      '<img src="https://count.test/draw?until={{ coupon.until }}">.',
    );
  });

  it("shows its logo in place of the shop's name", () => {
    const { text } = branded(
      "{{ brand.masthead }}",
      brandInput.parse({ logo: "https://shop.test/logo.png?a=1&b=2", logo_width: 90 }),
      "fr",
      true,
    );
    expect(text).toContain('src="https://shop.test/logo.png?a=1&amp;b=2"');
    expect(text).toContain('width="90px"');
  });
});
