// D18: no address or number of a person stands in the query of a link that we make. It is asked of what is written here, and
// of every content of ours as it leaves.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Content } from "../../../src/sends/content";
import { STARTER_CONTENTS } from "../../../src/sends/contents";
import { renderMessage } from "../../../src/sends/render";
import { linksFor } from "../../../src/tracking/links";
import { samples } from "./samples";

const root = join(import.meta.dirname, "../../../src");
const sources = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => [path, readFileSync(join(root, path), "utf8")] as const);
/** Puts a value of a name that is an address, number or name into a query, by hand or by `searchParams`. */
const LEAK =
  /[?&](?:e?mail|address|phone|mobile|tel|name|first_?name|last_?name)=\$\{|searchParams\.(?:set|append)\(\s*["'](?:e?mail|phone|name)/i;
const VARIABLE = /(?:href|src|url)\s*[:=]\s*["'`][^"'`]*\{\{-?\s*contact\./i;

describe("links of ours", () => {
  test("are written nowhere with somebody's address in their query", () => {
    expect(sources.length).toBeGreaterThan(400);
    const leaks = sources.filter(([, text]) => LEAK.test(text) || VARIABLE.test(text)).map(([path]) => path);
    expect(leaks).toEqual([]);
    expect([LEAK.test("`/x?email=$" + "{a}`"), VARIABLE.test('href="https://x/?m={{ contact.first_name }}"')]).toEqual([
      true,
      true,
    ]);
  });

  test.each(Object.entries<Content>(STARTER_CONTENTS))("of %s carry none", (_key, content) => {
    for (const language of ["en", "fr"] as const) {
      for (const tracking of [true, false]) {
        const { data, row, terms, shop } = samples(content, language, tracking);
        const { html, text, headers, links } = renderMessage(content, data, linksFor(row, data, terms), shop);
        const all = [
          ...links,
          ...`${html} ${text} ${Object.values(headers).join(" ")}`.matchAll(/https?:\/\/[^\s"'<>]+/g),
        ].map(String);
        expect(all.length > 0 || content.channel !== "email").toBe(true);
        for (const link of all)
          expect(decodeURIComponent(link.replaceAll("&amp;", "&"))).not.toMatch(/zoe|@|\+?33612/i);
      }
    }
  });
});
