import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FeedRecord } from "../../../src/commerce/feed-record";
import { feedXmlReader } from "../../../src/commerce/feed-xml";

/** All items of a feed that comes in pieces of these lengths. */
function read(text: string, cuts: readonly number[] = []): FeedRecord[] {
  const reader = feedXmlReader();
  const records: FeedRecord[] = [];
  let from = 0;
  for (const cut of cuts) {
    records.push(...reader.push(text.slice(from, from + cut)));
    from += cut;
  }
  return [...records, ...reader.push(text.slice(from)), ...reader.end()];
}

const rss = (items: string, head = ""): string =>
  `<?xml version="1.0"?>\n${head}<rss xmlns:g="http://base.google.com/ns/1.0" version="2.0"><channel>\n` +
  `<title>Shop</title><link>https://shop.test</link>\n${items}</channel></rss>`;

const lamp = `<item><g:id>L1</g:id><title>Lamp</title><g:title>Lamp &amp; shade</g:title>
  <g:price>12.99 EUR</g:price><g:shipping><g:country>FR</g:country><g:price>4.90 EUR</g:price></g:shipping>
  <description><![CDATA[<p>Long</p>]]></description><g:link><![CDATA[https://shop.test/l1?a=1&b=2]]></g:link></item>\n`;

describe("a product feed in XML", () => {
  it("is read as RSS, where Google's own fields count before others and those of parts do not", () => {
    const fields = { id: "L1", title: "Lamp & shade", price: "12.99 EUR", link: "https://shop.test/l1?a=1&b=2" };
    expect(read(rss(lamp))).toEqual([{ line: 4, fields }]);
  });

  it("is read as Atom, where a link is an attribute", () => {
    const atom =
      '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0"><title>Shop</title>' +
      '<entry><g:id>A</g:id><title>Vase</title><link href="https://shop.test/a"/><g:image_link>https://shop.test/a.jpg' +
      "</g:image_link><id>urn:x</id></entry></feed>";
    expect(read(atom)).toEqual([
      {
        line: 1,
        fields: { id: "A", title: "Vase", link: "https://shop.test/a", image_link: "https://shop.test/a.jpg" },
      },
    ]);
  });

  it("says the same however it is cut into pieces", () => {
    const text = rss(lamp + lamp.replace("L1", "L2").replace("Lamp", "Lampe à huile 🪔"));
    const whole = read(text);
    expect(whole).toHaveLength(2);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 90 }), { maxLength: 30 }), (cuts) => {
        expect(read(text, cuts)).toEqual(whole);
      }),
    );
  });

  it("of an item that leaves out everything is an item all the same", () => {
    expect(read(rss("<item/>\n<item></item>"))).toEqual([
      { line: 4, fields: {} },
      { line: 5, fields: {} },
    ]);
  });

  describe("is refused", () => {
    const lol = `<!DOCTYPE r [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`;
    it.each([
      ["with entities of its own, before any is expanded", rss("<item><title>&b;</title></item>", lol), "DOCTYPE"],
      ["with an entity from elsewhere", rss("", '<!DOCTYPE r SYSTEM "file:///etc/passwd">'), "DOCTYPE"],
      ["as a page of the web", "<!DOCTYPE html><html><body>Log in<br></body></html>", "DOCTYPE"],
      ["with an entity that nobody knows", rss("<item><title>&nbsp;</title></item>"), "no XML"],
      ["when its tags do not close", rss("<item><title>Lamp</item>"), "no XML"],
      ["when it breaks off", rss(lamp + lamp).slice(0, 700), "whole"],
      ["when it is empty", "", "no XML|whole"],
      ["when it is nested too deeply", rss(`<item>${"<a>".repeat(40)}${"</a>".repeat(40)}</item>`), "deeply"],
    ])("%s", (_, text, why) => {
      expect(() => read(text)).toThrow(new RegExp(why));
    });

    it("when one text never ends, before it fills the memory", () => {
      const reader = feedXmlReader();
      reader.push(`${rss("").slice(0, 120)}<item><title>`);
      const push = (): void => {
        for (let pieces = 0; pieces < 100; pieces++) reader.push("a".repeat(64 * 1024));
      };
      expect(push).toThrow(/without an end/);
    });
  });
});
