import type { Feed, StarTable } from "./table";
import { plain } from "./table";

/** A review names itself, or is the one that this person wrote about a line, an order or a product. */
const reviewed: Feed = {
  from: "anyone",
  read(properties, { at, trust }) {
    const product = plain(properties["product_id"]);
    const order = plain(properties["order_id"]);
    const about = [order, plain(properties["order_line_id"]), product].filter((part) => part !== null).join(".");
    const id = plain(properties["review_id"]) ?? about;
    if (id === "") return null;
    const values = {
      product_id: product,
      order_id: order,
      order_line_id: plain(properties["order_line_id"]),
      rating: properties["rating"],
      nps: properties["nps"] ?? properties["score"],
      title: properties["review_title"] ?? properties["title"],
      text: properties["review_body"] ?? properties["text"],
      verified: trust !== "write",
      reviewed_at: at,
    };
    return { id, values, whole: true };
  },
};

/** What somebody thinks of a product or of the shop. One that only a browser sends is kept as a claim. */
export const reviews: StarTable = {
  name: "reviews",
  title: { en: "Reviews", fr: "Avis déposés" },
  description: "Ratings, net promoter scores and words about a product, an order line or the shop.",
  family: "interaction",
  contact: "required",
  unique: "contact",
  columns: {
    product_id: { type: "text" },
    order_id: { type: "text" },
    order_line_id: { type: "text" },
    rating: { type: "number" },
    nps: { type: "integer" },
    title: { type: "text" },
    text: { type: "text" },
    verified: { type: "boolean" },
    reviewed_at: { type: "time", required: true },
  },
  feeds: { "product reviewed": reviewed, "review submitted": reviewed, "nps submitted": reviewed },
  claims: true,
};
