import { fill } from "../texts";
import { showAmounts } from "./amounts-view";
import { centsOf, changeQuantity, type FullLine, fullLines, trackCartViewed } from "./cart";
import { byId, copyOf, toast, within } from "./dom";
import { price, shop } from "./shop";

const { texts } = shop;

/** Redraws, and puts the focus where it was: the button that was pressed is a new one, or gone. */
function change({ sku, product }: FullLine, by: number, selector: string): void {
  const left = changeQuantity(sku, by);
  draw();
  const line = document.querySelector<HTMLElement>(`[data-sku="${sku}"]`);
  if (line) within(line, selector).focus();
  else byId("cart-title").focus();
  if (left === 0) toast(fill(texts.removed, { name: product.name }));
}

function lineOf(line: FullLine): HTMLElement {
  const { product, quantity, sku } = line;
  const { name } = product;
  const item = copyOf("cart-line");
  item.dataset.sku = sku;
  within<HTMLImageElement>(item, "[data-image]").src = product.image_url;
  const anchor = within<HTMLAnchorElement>(item, "[data-name]");
  anchor.textContent = name;
  anchor.href = product.url;
  within(item, "[data-unit]").textContent = price(centsOf(product));
  within(item, "[data-quantity]").textContent = String(quantity);
  within(item, "[data-total]").textContent = price(centsOf(product) * quantity);
  within(item, "[data-group]").setAttribute("aria-label", fill(texts.quantityOf, { name }));
  const buttons: [selector: string, label: string, by: number][] = [
    ["[data-less]", texts.less, -1],
    ["[data-more]", texts.more, 1],
    ["[data-remove]", texts.removeNamed, -quantity],
  ];
  for (const [selector, label, by] of buttons) {
    const button = within<HTMLButtonElement>(item, selector);
    button.setAttribute("aria-label", fill(label, { name }));
    button.addEventListener("click", () => change(line, by, selector));
  }
  return item;
}

function draw(): void {
  const lines = fullLines();
  byId("cart-full").hidden = lines.length === 0;
  byId("cart-empty").hidden = lines.length > 0;
  byId("cart-lines").replaceChildren(...lines.map(lineOf));
  showAmounts(lines);
}

export function startCart(): void {
  draw();
  const lines = fullLines();
  if (lines.length) trackCartViewed(lines);
  byId("empty-cart").addEventListener("click", () => {
    for (const { sku, quantity } of fullLines()) changeQuantity(sku, -quantity);
    draw();
    byId("cart-title").focus();
    toast(texts.emptied);
  });
}
