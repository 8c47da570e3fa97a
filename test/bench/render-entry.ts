import { LIBRARY } from "../../src/sends/library";
import { renderMessage } from "../../src/sends/render";
import { previewLinks, sampleOf } from "../../src/sends/sample";
import { LANGUAGES } from "../../src/shared/language";
import { publishedDesign } from "../support/library";

const shop = {
  name: "Maison Lumen",
  url: "https://maison-lumen.test",
  postalAddress: "12 rue des Lilas, 75011 Paris, France",
  emailFrom: "bonjour@maison-lumen.test",
};
const links = {
  ...previewLinks("https://go.maison-lumen.test"),
  click: (_: string, index: number) => `https://go.maison-lumen.test/c/${"t".repeat(80)}${index}`,
};
const contents = await Promise.all(LIBRARY.map((design) => publishedDesign(design)));
let next = 0;

/** Renders the next letter of the library for a typical contact, languages in turn. Tells how long its HTML is. */
export function once(): number {
  const content = contents[next % contents.length];
  const language = LANGUAGES[next++ % 2] ?? "en";
  if (!content) return 0;
  return renderMessage(content, sampleOf("typical", language, shop.url, 1_795_424_401_158), links, shop).html.length;
}
