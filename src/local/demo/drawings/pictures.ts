import { CANDLES } from "./candles";
import { HERO } from "./hero";
import { HOME } from "./home";
import { LAMPS } from "./lamps";

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="7" fill="#1d2942"/>
<path d="M16 2v6" stroke="#f7f1e6" stroke-width="1.6"/><path d="M12.5 8h7l1.5 4h-10z" fill="#c69a4b"/>
<circle cx="16" cy="19" r="8.5" fill="#ffe3a6"/></svg>`;

const PICTURES = new Map(Object.entries({ ...LAMPS, ...CANDLES, ...HOME, hero: HERO, icon: ICON }));

/** The drawing of a product by its sku, of the room at the head of the shop (`hero`), or the tab's `icon`. */
export function pictureOf(name: string): string | undefined {
  return PICTURES.get(name);
}
