import { describe, expect, it } from "vitest";
import { CLIPPED_AT, checkContent } from "../../../src/sends/check";
import { ContentFault } from "../../../src/sends/content";
import { LIBRARY } from "../../../src/sends/library";
import type { RenderedMessage } from "../../../src/sends/message";
import { renderMessage } from "../../../src/sends/render";
import { PEOPLE, previewLinks, sampleOf } from "../../../src/sends/sample";
import { usesOf } from "../../../src/sends/uses";
import { LANGUAGES, type Language } from "../../../src/shared/language";
import { publishedLibrary } from "../../support/library";
import { shop } from "./samples";

const now = Date.UTC(2026, 10, 23, 9);
const links = previewLinks("https://go.maison-lumen.test");
const contents = await publishedLibrary();

/** The message, or null where the design says that without its data there is none. */
function rendered(
  content: (typeof contents)[number],
  who: (typeof PEOPLE)[number],
  language: Language,
): RenderedMessage | null {
  try {
    return renderMessage(content, sampleOf(who, language, shop.url, now), links, shop);
  } catch (fault) {
    if (fault instanceof ContentFault && fault.reason === "data_missing") return null;
    throw fault;
  }
}

it("the library has more than a dozen designs, each under a key of its own", () => {
  expect(new Set(LIBRARY.map(({ key }) => key)).size).toBe(LIBRARY.length);
  expect(LIBRARY.length).toBeGreaterThanOrEqual(12);
});

describe.each(contents.map((content) => [content.key, content] as const))("the design %s", (_, content) => {
  it("has nothing that keeps it from being published, and names known variables alone", () => {
    const found = checkContent(content, { shop, links, now });
    expect(found.filter(({ level }) => level === "error")).toEqual([]);
    expect(found.map(({ code, at }) => `${code} ${at}`)).toEqual([]);
    expect(usesOf(content).unknown).toEqual([]);
  });

  it.each(LANGUAGES.flatMap((language) => PEOPLE.map((who) => [language, who] as const)))(
    "is whole in %s for the %s contact, or not sent",
    (language, who) => {
      const message = rendered(content, who, language);
      if (message === null) {
        expect(who, "only who has nothing of it is not written to").toBe("emptiest");
        return;
      }
      const { html, text, subject } = message;
      for (const part of [subject, text]) {
        expect(part).not.toMatch(/\bnull\b|\bundefined\b|\bNaN\b|\[object|\{\{|\{%|%\}|\}\}|brand\./);
        expect(part).not.toMatch(/\p{L} ,|,,|\b(Hello|Bonjour)\s+,/u);
      }
      expect(html).not.toMatch(/\{\{|\{%|[\ue000-\ue0ff]|href="#?"|<script|javascript:/);
      expect(new TextEncoder().encode(html).length).toBeLessThan(CLIPPED_AT);
      expect(text).toContain(language === "en" ? "Hello" : "Bonjour");
      if (language === "fr") expect(`${subject}\n${text}`).not.toMatch(/ [;:!?»]|«[^\u00a0]|\p{L}'\p{L}/u);
    },
  );

  it("differs between the languages, in every line but names and figures", () => {
    const [en, fr] = LANGUAGES.map((language) => rendered(content, "typical", language));
    expect(en?.subject).not.toBe(fr?.subject);
    const sentences = (text = "") =>
      text.split("\n").filter((one) => one.split(" ").length > 4 && !one.includes("://"));
    const english = new Set(sentences(en?.text));
    const own = sentences(fr?.text).filter((line) => english.has(line));
    expect(own.filter((line) => !line.includes("12 rue des Lilas"))).toEqual([]);
  });

  it("is dark where the reader's device is, and a marketing one can be ended", () => {
    const message = rendered(content, "typical", "fr");
    expect(message?.html).toContain("prefers-color-scheme:dark");
    expect(message?.html).toContain('lang="fr"');
    const isMarketing = content.class === "marketing";
    expect(message?.html.includes("Se désabonner")).toBe(isMarketing);
    expect("List-Unsubscribe" in (message?.headers ?? {})).toBe(isMarketing);
  });
});
