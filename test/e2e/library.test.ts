import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LIBRARY } from "../../src/sends/library";
import { renderMessage } from "../../src/sends/render";
import { previewLinks, sampleOf } from "../../src/sends/sample";
import { LANGUAGES } from "../../src/shared/language";
import { launchBrowser } from "../support/browser";
import { publishedDesign } from "../support/library";
import { shop } from "../unit/sends/samples";

/** Pictures are kept for a person to look at: in SHOTS, or where the run puts what it makes. */
const FOLDER = process.env["SHOTS"] ?? join(import.meta.dirname, "../../node_modules/.cache/mails");
const SCHEMES = ["light", "dark"] as const;
const WIDTHS = [390, 1280] as const;
const now = Date.UTC(2026, 10, 23, 9);
const links = previewLinks("https://go.maison-lumen.test");

type Axe = {
  axe: {
    run(options: object): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
  };
};

let browser: Browser;
const readers = new Map<string, Page>();

beforeAll(async () => {
  browser = await launchBrowser();
  await mkdir(FOLDER, { recursive: true });
  for (const colorScheme of SCHEMES)
    readers.set(colorScheme, await (await browser.newContext({ colorScheme })).newPage());
});
afterAll(async () => browser.close());

/** A letter in a reader of this width; a reader's program runs no scripts and loads nothing that is not there. */
async function show(scheme: string, width: number, html: string): Promise<Page> {
  const page = readers.get(scheme) as Page;
  await page.setViewportSize({ width, height: 900 });
  await page.setContent(html, { waitUntil: "load" });
  return page;
}

describe.each(LIBRARY.map((design) => [design.key, design] as const))("the letter %s", (key, design) => {
  test.each(LANGUAGES)("is read on a phone and at a desk, by day and by night (%s)", async (language) => {
    const content = await publishedDesign(design);
    const { html } = renderMessage(content, sampleOf("typical", language, shop.url, now), links, shop);
    const grounds = new Set<string>();
    for (const scheme of SCHEMES) {
      for (const width of WIDTHS) {
        const page = await show(scheme, width, html);
        await page.screenshot({ path: join(FOLDER, `${key}-${language}-${width}-${scheme}.png`), fullPage: true });
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
        const text = await page.evaluate<string>("document.body.innerText");
        expect(text).not.toMatch(/\bnull\b|\bundefined\b|\bNaN\b|\{\{|\{%|brand\./);
        grounds.add(
          await page.evaluate<string>(
            "getComputedStyle(document.querySelector('.sheet')).backgroundColor + ' ' + matchMedia('(prefers-color-scheme:dark)').matches",
          ),
        );
      }
      const page = readers.get(scheme) as Page;
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(() =>
        (globalThis as unknown as Axe).axe.run({
          runOnly: ["color-contrast", "image-alt", "link-name", "html-has-lang"],
        }),
      );
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
    }
    // Day and night differ, and by nothing else does the sheet.
    expect(grounds.size).toBe(2);
  });
});
