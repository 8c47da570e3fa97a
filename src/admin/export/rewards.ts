import { timeText } from "../api";
import { ownedList } from "./owned";

const at = (value: string | number | null | undefined): string | null => timeText((value ?? null) as number | null);

/** Codes of offers, those of a pool that nobody has yet among them, in the columns of their import. */
export const coupons = ownedList({
  title: { en: "Coupons", fr: "Bons de réduction" },
  columns: "offer code external_id email occasion issued_at valid_from valid_to redeemed_at redeemed_order".split(" "),
  table: "coupons",
  keys: ["code"],
  select: "t.offer, t.code, t.occasion, t.issued_at, t.valid_from, t.valid_to, t.redeemed_at, t.redeemed_order",
  date: "issued_at",
  contacts: ["contact", "redeemed_by"],
  show: ({ issued_at: issued, valid_from: from, valid_to: to, redeemed_at: redeemed }) => ({
    issued_at: at(issued),
    valid_from: at(from),
    valid_to: at(to),
    redeemed_at: at(redeemed),
  }),
});

const KINDS = new Set(["earn", "spend", "adjust"]);

/** Movements of points in the columns of their import: what ran out or was taken back is an adjustment there. */
export const loyalty = ownedList({
  title: { en: "Loyalty points", fr: "Points de fidélité" },
  columns: "external_id email points kind at expires_at reason movement_id".split(" "),
  table: "loyalty_movements",
  keys: ["contact", "id"],
  select: "t.points, t.kind, t.at, t.reason, t.id, l.expires_at",
  join: "LEFT JOIN loyalty_lots l ON l.contact = t.contact AND l.id = t.id AND t.kind = 'earn'",
  date: "at",
  contacts: ["contact"],
  show: ({ id, kind, at: when, expires_at: until }) => ({
    kind: KINDS.has(String(kind)) ? kind : "adjust",
    at: at(when),
    expires_at: at(until),
    // An import puts the kind in front again.
    movement_id: String(id).replace(/^(earn|spend|adjust)\./, ""),
  }),
});
