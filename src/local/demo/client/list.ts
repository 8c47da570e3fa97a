import { fill } from "../texts";
import { changeQuantity } from "./cart";
import { toast } from "./dom";
import { productOf, shop } from "./shop";

export function addToCart(sku: string, quantity: number): void {
  const name = productOf(sku)?.name ?? "";
  changeQuantity(sku, quantity);
  toast(fill(shop.texts.added, { name }), { href: shop.links.cart, text: shop.texts.viewCart });
}

/** The buttons under the pictures, on every page that shows products. */
export function startCards(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[type=button][data-add]")) {
    button.addEventListener("click", () => addToCart(button.dataset.add ?? "", 1));
  }
}

export function startList(): void {
  const products = shop.listed.map((sku, index) => ({ ...productOf(sku), position: index + 1 }));
  window.relance.track("Product List Viewed", { list_id: shop.list, category: shop.list, products });
}
