import { Hono } from "hono";
import { expect, test } from "vitest";
import { isLanguage, preferredLanguage } from "../../../src/shared/language";
import { languageOf } from "../../../src/tracking/common-routes";

test("the language follows what the browser prefers of the two", () => {
  expect(preferredLanguage("fr-CA,fr;q=0.9,en;q=0.8")).toBe("fr");
  expect(preferredLanguage("de,en;q=0.7,fr;q=0.9")).toBe("fr");
  expect(preferredLanguage("de,en;q=0.9,fr;q=0.7")).toBe("en");
  expect(preferredLanguage("fr;q=0,en;q=0.1")).toBe("en");
  expect(preferredLanguage("")).toBe("en");
});

test("a language of ours is told from everything else", () => {
  expect(["en", "fr", "de", "", undefined, 1].filter(isLanguage)).toEqual(["en", "fr"]);
});

test.each([
  ["de,fr;q=0.9,en;q=0.8", "/", "fr"],
  ["fr;q=0.1,en", "/", "en"],
  ["fr", "/?lang=en", "en"],
  ["fr", "/?lang=de", "fr"],
])("a shopper's page for %s at %s is in %s", async (header, path, language) => {
  const app = new Hono().get("/", (context) => context.text(languageOf(context)));
  const answer = await app.request(path, { headers: { "Accept-Language": header } });
  expect(await answer.text()).toBe(language);
});
