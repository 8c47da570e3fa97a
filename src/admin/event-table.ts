import type { Feed, StarTable } from "../contacts/star/table";

/** Whose word an event needs to have its effect. */
const TRUST = {
  anyone: "anyone",
  server: "the shop's server",
  claim: "the shop's server; a browser claims",
  refused: "the shop's server; of a browser it is refused",
} as const;

interface Effect {
  /** As clients call it; the case of its letters does not matter. */
  readonly event: string;
  /** In Segment's Ecommerce Spec v2. */
  readonly spec: boolean;
  readonly does: string;
  readonly needs: keyof typeof TRUST;
}

const KEPT = "kept as it is";

const segment = (event: string, does: string = KEPT, needs: Effect["needs"] = "anyone"): Effect => {
  return { event, spec: true, does, needs };
};
const ours = (event: string, does: string, needs: Effect["needs"] = "anyone"): Effect => {
  return { event, spec: false, does, needs };
};

const CHECKOUT = "the open cart is in the checkout";

/** Events with a meaning of their own beside what fills a table of the star. */
const EFFECTS: readonly Effect[] = [
  segment("Products Searched"),
  segment("Product List Viewed"),
  segment("Product List Filtered"),
  segment("Promotion Viewed"),
  segment("Promotion Clicked"),
  segment("Product Clicked"),
  segment("Product Viewed", "counts in the open visit: which products, how often, when last"),
  segment("Product Added", "the product is in the cart, which opens where there is none"),
  segment("Product Removed", "so many are taken out of the cart; without a quantity all"),
  segment("Cart Viewed", "the cart has these lines; looking at the same ones changes nothing"),
  segment("Checkout Started", `the cart has these lines; ${CHECKOUT}`),
  segment("Checkout Step Viewed", CHECKOUT),
  segment("Checkout Step Completed", CHECKOUT),
  segment("Payment Info Entered", CHECKOUT),
  segment("Order Updated", "the order's status, amounts and lines, as far as they are told", "server"),
  segment(
    "Order Completed",
    "an order, its lines and coupon; the cart is converted. `mid` out of the address by which its buyer came says which message it counts to. A claim only ends the cart",
    "claim",
  ),
  segment("Order Refunded", "a refund of the order: its amount, and what came back of each line", "server"),
  segment("Order Cancelled", "the order is cancelled", "server"),
  segment("Coupon Entered"),
  segment("Coupon Applied"),
  segment("Coupon Denied"),
  segment("Coupon Removed"),
  segment("Product Added to Wishlist"),
  segment("Product Removed from Wishlist"),
  segment("Wishlist Product Added to Cart", "the product is in the cart, unless it was there already"),
  segment("Product Shared", `${KEPT} without \`recipient\`, who has told us nothing`),
  segment("Cart Shared", `${KEPT} without \`recipient\`, who has told us nothing`),
  segment("Product Reviewed", "one that a browser sends is marked as claimed"),
  ours("Cart Updated", "as Cart Viewed"),
  ours("Cart Abandoned", "the shop says that the open cart was left"),
  ours("Cart Expired", "the cart is gone"),
  ours("Cart Emptied", "the cart is empty"),
  ours("Order Shipped", "the order's status", "server"),
  ours("Order Delivered", "the order's status, and when it was delivered", "server"),
  ours("Product Updated", "a product's variant, its price and its stock", "refused"),
  ours("Points Earned", "points of the loyalty account", "server"),
  ours("Points Redeemed", "points of the loyalty account", "server"),
  ours("Points Adjusted", "points of the loyalty account", "server"),
  ours("Referral Shared", "a referral begins", "server"),
  ours("Referral Clicked", "who was recommended the shop", "server"),
  ours("Row Upserted", "a row of any table of the star or of the shop's own", "refused"),
  ours("Row Deleted", "the row is gone", "refused"),
];

/** What fills tables, by lower-case name. */
type Feeds = ReadonlyMap<string, { readonly table: StarTable; readonly feed: Feed }>;

/** Every event that has an effect beyond being kept, with those of Segment's specification that have none. */
export function eventEffects(feeds: Feeds): Effect[] {
  const known = new Map(EFFECTS.map((effect) => [effect.event.toLowerCase(), effect]));
  for (const [name, { table, feed }] of feeds) {
    const row = `a row of ${table.title.en}`;
    const before = known.get(name);
    const does = before === undefined || before.does === KEPT ? row : `${row}; ${before.does}`;
    const needs = table.guarded ? "refused" : feed.from === "server" ? "server" : "anyone";
    known.set(name, { event: before?.event ?? titleOf(name), spec: before?.spec ?? false, does, needs });
  }
  return [...known.values()];
}

function titleOf(name: string): string {
  return name.replace(/^nps/, "NPS").replaceAll(/(^| )[a-z]/g, (letter) => letter.toUpperCase());
}

/** The effects as a page of the documentation. */
export function eventsMarkdown(effects: readonly Effect[]): string {
  const rows = (spec: boolean): string[] => [
    "| Event | What it changes | Whose word it takes |",
    "| --- | --- | --- |",
    ...effects
      .filter((effect) => effect.spec === spec)
      .map(({ event, does, needs }) => `| ${event} | ${does} | ${TRUST[needs]} |`),
    "",
  ];
  return [
    "# What events change",
    "",
    "Generated from the catalogs of the code by `npm run register`; do not edit it. Every event is kept in the journal, shown",
    "in its contact's timeline, moves the timer of an open cart on, and can start a scenario or be waited for, whatever it is",
    "called. The names below change something besides. The shop's server is a secret key, a signed webhook of the shop, or an",
    "import, which starts nothing; anyone is a write key in a browser too. A browser's word never makes an order, points or a",
    "coupon. Amounts are decimals in major units.",
    "",
    "## Segment's Ecommerce Spec v2",
    "",
    ...rows(true),
    "## Others",
    "",
    ...rows(false),
  ].join("\n");
}
