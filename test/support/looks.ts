import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { expect } from "vitest";

/** Where pictures of the pages go, for a person to look at; none are made without it. */
const SHOTS = process.env["SHOTS"];

/** A page with what was typed since it was drawn: a document tells of its fields what they were drawn with. */
const AS_TYPED = `(() => {
  const copy = document.documentElement.cloneNode(true);
  const fieldsOf = (root) => [...root.querySelectorAll("input, textarea, option")];
  const typed = fieldsOf(document);
  for (const [index, field] of fieldsOf(copy).entries()) {
    const { value, checked, selected } = typed[index];
    if (field.localName === "option") field.toggleAttribute("selected", selected);
    else if (field.localName === "textarea") field.textContent = value;
    else {
      field.setAttribute("value", value);
      field.toggleAttribute("checked", checked);
    }
  }
  return "<!doctype html>" + copy.outerHTML;
})()`;
const TYPED = `[...document.querySelectorAll("input:not([type=file]), select, textarea")].map(({ value, checked }) => [value, checked])`;

type Scheme = "light" | "dark";
type Axe = { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } };

/** Looks at pages as they were made, in tabs that may run scripts: ours may not. */
export class Looks {
  private readonly readers = new Map<Scheme, Page>();

  /** @param base where the pages' own style sheets lie */
  constructor(
    private readonly browser: Browser,
    private readonly base: string | null = null,
  ) {}

  /** Fails where axe finds a violation, by day or by night, or where a page is wider than its window or runs scripts. */
  async inspect(page: Page, name: string): Promise<void> {
    const size = page.viewportSize() ?? { width: 1280, height: 900 };
    const html = await page.evaluate<string>(AS_TYPED);
    // The form in which rules are written names one script of ours, and its policy no other.
    expect(html.replace('<script src="/admin/assets/rule-builder.js" defer=""></script>', "")).not.toContain("<script");
    // The night differs in colours alone: it is read once for each page.
    for (const scheme of size.width < 500 ? (["light", "dark"] as const) : (["light"] as const)) {
      const reader = await this.readerOf(scheme);
      await reader.setViewportSize(size);
      await this.show(reader, html);
      expect(await reader.evaluate(TYPED), `${name} shows what was typed`).toEqual(await page.evaluate(TYPED));
      await reader.evaluate(axe.source);
      const { violations } = await reader.evaluate(() => (globalThis as unknown as Axe).axe.run());
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
      const width = await reader.evaluate("document.documentElement.scrollWidth");
      expect(width, `${name} is no wider than its window`).toBeLessThanOrEqual(size.width);
      if (SHOTS) await reader.screenshot({ path: `${SHOTS}/${name}-${scheme}.png`, fullPage: true });
    }
  }

  /** The same on a phone and at a desk. */
  async everywhere(page: Page, name: string): Promise<void> {
    for (const size of [
      { width: 390, height: 844 },
      { width: 1280, height: 900 },
    ]) {
      await page.setViewportSize(size);
      await this.inspect(page, `${name}-${size.width}`);
    }
  }

  /** A picture of a letter, which no policy of ours keeps from its style. */
  async photograph(html: string, page: Page, name: string): Promise<void> {
    if (!SHOTS) return;
    const reader = await this.readerOf("light");
    await reader.setViewportSize(page.viewportSize() ?? { width: 1280, height: 900 });
    await this.show(reader, html);
    await reader.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
  }

  private async show(reader: Page, html: string): Promise<void> {
    const based = this.base === null ? html : html.replace("<head>", `<head><base href="${this.base}/">`);
    // A page that loads itself again would leave nothing to look at.
    await reader.setContent(based.replace(/<meta http-equiv="refresh"[^>]*>/, ""), { waitUntil: "load" });
  }

  private async readerOf(colorScheme: Scheme): Promise<Page> {
    const known = this.readers.get(colorScheme);
    if (known) return known;
    const page = await (await this.browser.newContext({ colorScheme })).newPage();
    this.readers.set(colorScheme, page);
    return page;
  }
}
