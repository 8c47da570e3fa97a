import type { Content } from "../../../src/sends/content";
import type { FrozenData } from "../../../src/sends/send-row";

const line = {
  product_id: "lamp",
  name: "Lampe Aube",
  quantity: 2,
  price: 4_900,
  currency: "EUR",
  url: "https://www.shop.test/lamp?colour=red",
  image: "https://www.shop.test/lamp.jpg",
};

/** A message of a content as it would leave, to somebody whose every name and address is known. */
export function samples(content: Content, language: "en" | "fr", tracking: boolean) {
  const data: FrozenData = {
    language,
    contact: { first_name: "Zoe", last_name: "Zoe" },
    cart: { id: "c1", total: 9_800, currency: "EUR", url: "https://www.shop.test/cart", lines: [line] },
    order: { id: "o1", placed_at: Date.UTC(2026, 0, 1), lines: [line] },
    coupon: { code: "LUMEN", until: Date.UTC(2026, 5, 1) },
    tracking,
    links: { v: 2, utm: { source: "relance", medium: content.channel, campaign: "s", content: content.key } },
  };
  const isOptin = content.key.startsWith("optin");
  const row = {
    contact: 77,
    id: "msg_abc",
    channel: content.channel,
    class: content.class,
    run: isOptin ? "optin" : "run_1",
    created_at: Date.UTC(2026, 0, 1),
  };
  const terms = { publicUrl: "https://go.shop.test", shopUrl: "https://www.shop.test", secret: "s" };
  const shop = { name: "Shop", url: "https://www.shop.test", postalAddress: "Lyon", emailFrom: "shop@shop.test" };
  return { data, row, terms, shop };
}
