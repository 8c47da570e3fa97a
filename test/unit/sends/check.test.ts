import { describe, expect, it } from "vitest";
import { checkContent, findingWords } from "../../../src/sends/check";
import { WORDS_OF_FINDINGS } from "../../../src/sends/check-words";
import type { Content } from "../../../src/sends/content";
import { civilityOf, genderOf } from "../../../src/sends/extra";
import { previewLinks } from "../../../src/sends/sample";
import { emailOf, shop, smsOf } from "./samples";

const ground = { shop, links: previewLinks("https://go.maison-lumen.test"), now: 0 };
const found = (content: Content) => checkContent(content, ground).map(({ code, at }) => `${code} ${at}`.trim());
/** An email whose two languages differ, so that this is not what is found. */
function mail(html: string, subject = "A subject", preheader = "A preheader"): Content {
  const content = emailOf(html);
  const fr = { subject: "Un objet", preheader: "Un préheader", html: "<p>Bonjour</p>" };
  return { ...content, texts: { en: { subject, preheader, html }, fr } };
}

describe("the checks of a content", () => {
  it("find nothing in a plain one", () => expect(found(mail("<p>Hello</p>"))).toEqual([]));

  it.each([
    ["a name of no variable", mail("<p>{{ contact.nickname }}</p>"), "variable_unknown contact.nickname"],
    ["a hole where nothing is known", mail("<p>Dear {{ contact.first_name }}, hello</p>"), "hole_in_text"],
    [
      "an address of a contact in a link",
      mail('<a href="https://x.test/?m=a@b.test">x</a>'),
      "address_in_link https://x.test/?m=a@b.test",
    ],
    ["a link to this machine", mail('<a href="http://localhost:8787/x">x</a>'), "link_local http://localhost:8787/x"],
    ["a link without encryption", mail('<a href="http://x.test/">x</a>'), "link_insecure http://x.test/"],
    ["a link to nowhere", mail('<a href="#">x</a>'), "link_empty"],
    ["what is left over", mail("<p>Lorem ipsum</p>"), "left_over Lorem ipsum"],
    ["a picture without words", mail('<img src="https://x.test/a.png"><p>x</p>'), "picture_without_words"],
    ["a subject in capitals", mail("<p>x</p>", "BUY THIS TODAY"), "subject_shouts"],
    ["a subject that is too long", mail("<p>x</p>", "word ".repeat(20)), "subject_long 100"],
    ["too many marks", mail("<p>x</p>", "Now!!!"), "subject_marks"],
    ["a word that filters know", mail("<p>x</p>", "Act now, friends"), "spam_word act now"],
    ["a preheader that repeats", mail("<p>x</p>", "Same", "Same"), "preheader_repeats"],
    ["a mail that is clipped", mail(`<p>${"word ".repeat(25_000)}</p>`), "clipped 124 KB"],
    ["two languages that are one", emailOf("<p>Hello</p>"), "languages_equal"],
    ["a text of several segments", smsOf("word ".repeat(50)), "sms_segments 2"],
    ["costly letters", smsOf("Привет"), "sms_costly_letters"],
  ])("find %s", (_, content, expected) => expect(found(content)).toContain(expected));

  it("know spam words by whole words, whatever their accents", () => {
    const french = (subject: string): Content => ({
      ...emailOf(""),
      texts: { fr: { subject, preheader: "x", html: "<p>Bonjour</p>" } },
    });
    expect(found(french("Derniere chance pour vous"))).toContain("spam_word dernière chance");
    expect(found(french("Des chances urgentissimes")).filter((one) => one.startsWith("spam"))).toEqual([]);
  });

  it("have words for each finding in both languages", () => {
    for (const code of Object.keys(WORDS_OF_FINDINGS) as (keyof typeof WORDS_OF_FINDINGS)[]) {
      const { en, fr } = findingWords({ code, at: "x" });
      expect(en).not.toBe(fr);
      expect(`${en}${fr}`).not.toContain("{at}");
    }
  });
});

describe("a civility", () => {
  it("is written as the language writes it, and says the gender", () => {
    expect([civilityOf("Mme", "fr"), civilityOf("mr.", "fr"), civilityOf("Mrs", "en"), civilityOf("dr", "en")]).toEqual(
      ["Madame", "Monsieur", "Ms", null],
    );
    expect([genderOf("Madame"), genderOf("M."), genderOf(""), genderOf("constructor")]).toEqual(["f", "m", null, null]);
  });
});
