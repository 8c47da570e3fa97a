import { byId } from "./dom";
import { addToCart } from "./list";
import { productOf, shop } from "./shop";

export function startProduct(): void {
  const [sku = ""] = shop.listed;
  const product = productOf(sku);
  window.relance.track("Product Viewed", { ...product, quantity: 1, value: product?.price });
  const quantity = byId<HTMLInputElement>("quantity");
  byId<HTMLFormElement>("add-form").addEventListener("submit", (event) => {
    event.preventDefault();
    addToCart(sku, quantity.valueAsNumber || 1);
    quantity.value = "1";
  });
}
