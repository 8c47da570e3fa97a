import type { Collection } from "../collection";

/** The last moment that JavaScript knows, epoch ms. */
const LAST = 8.64e15;

/** Lots of points that have not run out; an account is its lots. */
export const lots: Collection = {
  key: "loyalty_lots",
  words: { one: { en: "lot of points", fr: "lot de points" }, many: { en: "lots of points", fr: "lots de points" } },
  from: "loyalty_lots t",
  contact: "t.contact",
  at: "t.earned_at",
  fields: {
    points: { type: "integer", sql: "t.points_left", words: { en: "number of points", fr: "nombre de points" } },
    end: { type: "time", sql: `coalesce(t.expires_at, ${LAST})`, words: { en: "end", fr: "échéance" }, feminine: true },
    expires: {
      type: "time",
      sql: "t.expires_at",
      words: { en: "run out", fr: "expirent" },
      said: { en: "running out", fr: "expirant" },
      unsaid: { en: "that never run out", fr: "sans expiration" },
    },
  },
  // What never runs out is given the last time that there is.
  usual: { filters: ({ now }) => [{ field: "end", op: "from", value: new Date(now + 1).toISOString() }] },
};

/** What was earned, spent, taken back and lost. */
export const movements: Collection = {
  key: "loyalty_movements",
  words: {
    one: { en: "movement of points", fr: "mouvement de points" },
    many: { en: "movements of points", fr: "mouvements de points" },
  },
  from: "loyalty_movements t",
  contact: "t.contact",
  at: "t.at",
  fields: {
    kind: { type: "text", sql: "t.kind", words: { en: "kind", fr: "nature" }, feminine: true },
    points: { type: "integer", sql: "t.points", words: { en: "number of points", fr: "nombre de points" } },
    rule: { type: "text", sql: "t.rule", words: { en: "rule", fr: "règle" }, feminine: true },
  },
};

/** The account itself, which is that of whoever stands for a contact. */
export const accounts: Collection = {
  key: "loyalty_accounts",
  words: { one: { en: "Loyalty account", fr: "Compte de fidélité" }, many: { en: "accounts", fr: "comptes" } },
  from: "loyalty_accounts t",
  contact: "t.contact",
  own: true,
  at: null,
  fields: {
    tier: { type: "text", sql: "t.tier", words: { en: "tier", fr: "palier" } },
    since: {
      type: "time",
      sql: "t.tier_since",
      words: { en: "tier reached", fr: "palier atteint" },
      said: { en: "tier reached", fr: "palier atteint" },
      unsaid: { en: "no tier reached", fr: "aucun palier atteint" },
    },
    until: { type: "time", sql: "t.tier_until", words: { en: "end of tier", fr: "fin de palier" }, feminine: true },
  },
};
