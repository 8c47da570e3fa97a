import { showAmounts, showShortLines } from "./amounts-view";
import { cartAmounts, closeCart, eventProducts, type FullLine, fullLines, readCart } from "./cart";
import { byId, fieldsOf, whileBusy } from "./dom";
import { eventsSent, post, profile, shop, signIn } from "./shop";

/** The lines of the order just placed, for its confirmation; they end with the tab. */
const PLACED = "demo.placed";

function trackCheckoutStarted(lines: readonly FullLine[]): void {
  const { subtotal, shipping, total } = cartAmounts(lines);
  window.relance.track("Checkout Started", {
    cart_id: readCart().id,
    affiliation: lines[0]?.product.brand,
    value: total / 100,
    revenue: subtotal / 100,
    shipping: shipping / 100,
    tax: 0,
    discount: 0,
    currency: shop.currency,
    products: eventProducts(lines),
  });
}

/** The order itself is told by the shop's server: what a browser says of an order is only a claim. */
async function place(form: HTMLFormElement, lines: readonly FullLine[]): Promise<void> {
  const { email = "", first_name = "", last_name = "" } = fieldsOf(form);
  const userId = await signIn(email, { first_name, last_name });
  // The cart's last events belong before its order.
  await eventsSent();
  const placed = (await post(`/demo/orders?lang=${shop.language}`, {
    cart_id: readCart().id,
    email,
    user_id: userId,
    first_name,
    last_name,
    anonymous_id: window.relance.user?.()?.anonymousId,
    lines: lines.map(({ sku, quantity }) => ({ sku, quantity })),
  })) as { order_id: string };
  sessionStorage.setItem(PLACED, JSON.stringify({ id: placed.order_id, lines }));
  closeCart();
  const [path, query] = shop.links.order.split("?");
  location.assign(`${path}${placed.order_id}${query ? `?${query}` : ""}`);
}

export function startCheckout(): void {
  const lines = fullLines();
  if (!lines.length) {
    location.replace(shop.links.cart);
    return;
  }
  showShortLines(byId("summary-lines"), lines);
  showAmounts(lines);
  trackCheckoutStarted(lines);
  byId<HTMLInputElement>("checkout-email").value = profile().email ?? "";
  const form = byId<HTMLFormElement>("checkout-form");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const status = byId("checkout-status");
    status.textContent = "";
    void whileBusy(
      [byId<HTMLButtonElement>("place-order")],
      () => place(form, lines),
      () => {
        status.textContent = shop.texts.failed;
      },
    );
  });
}

export function startOrder(): void {
  const summary = byId("order-summary");
  const placed = JSON.parse(sessionStorage.getItem(PLACED) ?? "null") as { id: string; lines: FullLine[] } | null;
  if (placed?.id !== summary.dataset.order || !placed) return;
  showShortLines(byId("summary-lines"), placed.lines);
  showAmounts(placed.lines);
  summary.hidden = false;
}
