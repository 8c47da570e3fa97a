import { describe, expect, it } from "vitest";
import type { Cart } from "../../../src/commerce/cart";
import { starTable } from "../../../src/contacts/star";
import { AT } from "../../../src/segments/collection";
import type { Terms } from "../../../src/segments/compile";
import { describeRule, whyRule } from "../../../src/segments/describe";
import type { Facts, Row } from "../../../src/segments/facts";
import type { Rule } from "../../../src/segments/rule";
import { ruleInput } from "../../../src/segments/rule";
import { facts } from "../scenarios/facts";

const terms: Terms = { shop: { zone: "Europe/Paris", currency: "EUR" }, table: starTable };
/** Half past midnight of the 29th in Paris. */
const NOW = Date.UTC(2026, 2, 28, 23, 30);

/** With plain spaces, so that what is expected can be read. */
const plain = (words: string): string => words.replace(/[\u00a0\u202f]/g, " ");
const said = (rule: object, shop: Terms = terms): string[] => {
  expect(ruleInput.safeParse(rule).error?.issues).toBeUndefined();
  return (["en", "fr"] as const).map((language) => plain(describeRule(rule as Rule, language, shop)));
};
const contact = (field: string, op: string, value?: unknown) => ({ type: "contact", field, op, value });
const orders = (more: object) => ({ type: "orders.count", op: "gte", value: 1, ...more });
const where = (field: string, op: string, value?: unknown) => ({ where: [{ field, op, value }] });

const CLAUSES: [object, string, string][] = [
  [contact("country", "is", "FR"), "has “FR” as country", "a pour pays « FR »"],
  [
    contact("email", "not_in", ["a", "b"]),
    "has an email address other than “a” and “b”",
    "a une adresse e-mail autre que « a » et « b »",
  ],
  [contact("email", "known"), "has an email address", "a une adresse e-mail"],
  [{ type: "segment", segment: "vip" }, "is in “vip”", "est dans « vip »"],
  [
    { type: "segment", segment: "vip", before: "P30D" },
    "came into “vip” at least 30 days ago and is still in it",
    "est entré dans « vip » il y a au moins 30 jours et y est toujours",
  ],
  [contact("email", "unknown"), "has no email address", "n’a pas d’adresse e-mail"],
  [contact("country", "unknown"), "has no country", "n’a pas de pays"],
  [
    contact("first_name", "ends", "ie"),
    "has a first name that ends with “ie”",
    "a un prénom qui se termine par « ie »",
  ],
  [
    contact("country", "in", ["FR", "BE", "LU", "CH", "MC", "CA"]),
    "has “FR”, “BE”, “LU”, “CH”, “MC” or 1 more as country",
    "a pour pays « FR », « BE », « LU », « CH », « MC » ou 1 autre",
  ],
  [
    contact("created_at", "within", "P30D"),
    "was created in the last 30 days",
    "a été créé au cours des 30 derniers jours",
  ],
  [
    contact("seen_at", "longer_ago", "P1D"),
    "was last seen at least 24 hours ago",
    "a été vu pour la dernière fois il y a au moins 24 heures",
  ],
  [
    contact("seen_at", "within", "PT1H"),
    "was last seen in the last hour",
    "a été vu pour la dernière fois au cours de la dernière heure",
  ],
  [
    contact("seen_at", "from", "2026-03-29T00:30:00Z"),
    "was last seen on 29 March 2026, 01:30 or later",
    "a été vu pour la dernière fois le 29 mars 2026 à 01:30 ou après",
  ],
  [contact("birth_date", "until", "1990-05-01"), "was born before 1 May 1990", "est né(e) avant le 1er mai 1990"],
  [contact("birth_date", "days_ago", 1), "was born at least 1 day ago", "est né(e) il y a au moins 1 jour"],
  [
    contact("birth_date", "anniversary", { from: 0, to: 0 }),
    "has a birthday today",
    "fête son anniversaire aujourd’hui",
  ],
  [
    contact("birth_date", "anniversary", { from: 1, to: 7 }),
    "has a birthday in 1 to 7 days",
    "fête son anniversaire dans 1 à 7 jours",
  ],
  [
    contact("birth_date", "in_days", { from: -5, to: 35 }),
    "was born from 5 days before today to 35 days after",
    "est né(e) de 5 jours avant aujourd’hui à 35 jours après",
  ],
  [contact("birth_date", "unknown"), "has no date of birth", "n’a pas de date de naissance"],
  [orders({ op: "ne" }), "has placed a number of orders other than 1", "a passé un nombre de commandes autre que 1"],
  [
    { type: "reviews.count", op: "ne", value: 2 },
    "has written a number of reviews other than 2",
    "a laissé un nombre d’avis autre que 2",
  ],
  [orders({ op: "lt", value: 1 }), "has placed no orders", "n’a passé aucune commande"],
  [orders({ op: "gt", value: 1_000 }), "has placed more than 1,000 orders", "a passé plus de 1 000 commandes"],
  [
    orders({ within: "P90D", before: "P1D" }),
    "has placed at least 1 order in the last 90 days and at least 24 hours ago",
    "a passé au moins 1 commande au cours des 90 derniers jours et il y a au moins 24 heures",
  ],
  [
    orders({ between: ["2026-03-01", "2026-03-31"] }),
    "has placed at least 1 order from 1 March 2026 to 31 March 2026",
    "a passé au moins 1 commande du 1er mars 2026 au 31 mars 2026",
  ],
  [
    orders(where("status", "in", ["delivered", "shipped"])),
    "has placed at least 1 order (with “delivered” or “shipped” as status)",
    "a passé au moins 1 commande (avec pour statut « livrée » ou « expédiée »)",
  ],
  [
    orders(where("discount", "gte", 1_250)),
    "has placed at least 1 order (with a discount of at least €12.50)",
    "a passé au moins 1 commande (avec une remise d’au moins 12,50 €)",
  ],
  [
    orders({ lines: [[where("brand", "is", "Nord").where[0], where("sku", "unknown").where[0]]] }),
    "has placed at least 1 order (including a line with “Nord” as brand and without a variant)",
    "a passé au moins 1 commande (dont une ligne avec pour marque « Nord » et sans variante)",
  ],
  [
    orders(where("gift", "is", false)),
    "has placed at least 1 order (not as a gift)",
    "a passé au moins 1 commande (pas en cadeau)",
  ],
  [
    { type: "messages.count", op: "gte", value: 2, ...where("clicked", "unknown") },
    "was sent at least 2 messages (not clicked by a person)",
    "a reçu au moins 2 messages (non cliqués par une personne)",
  ],
  [
    { type: "orders.first", within: "P30D" },
    "placed their first order in the last 30 days",
    "a passé sa première commande au cours des 30 derniers jours",
  ],
  [
    { type: "orders.value", op: "gte", value: 123_450, measure: "average" },
    "has spent at least €1,234.50 on average",
    "a dépensé au moins 1 234,50 € en moyenne",
  ],
  [
    { type: "cart.value", op: "gte", value: 10_000 },
    "has a cart worth at least €100.00",
    "a un panier d’une valeur d’au moins 100,00 €",
  ],
  [{ type: "loyalty.points", op: "gte", value: 1 }, "has at least 1 point in all", "a au moins 1 point au total"],
  [
    { type: "reviews.rating", op: "gte", value: 4.5, measure: "average" },
    "has rated at least 4.5 on average",
    "a noté au moins 4,5 en moyenne",
  ],
  [
    { type: "consent", key: "email", state: "granted", within: "P7D" },
    "agreed to email in the last 7 days",
    "a accepté les e-mails au cours des 7 derniers jours",
  ],
  [
    { type: "segment", segment: "vip", at: "2026-03-01" },
    "was in “vip” on 1 March 2026",
    "était dans « vip » le 1er mars 2026",
  ],
  [
    { type: "table", table: "crm_events", op: "gte", value: 1 },
    "has at least 1 row of “Customer relations”",
    "a au moins 1 ligne de « Événements relation client »",
  ],
  [
    { type: "table", table: "crm_events", op: "eq", value: 0, time: "opened_at", within: "P7D" },
    "has no rows of “Customer relations” in the last 7 days by “opened_at”",
    "n’a aucune ligne de « Événements relation client » au cours des 7 derniers jours selon « opened_at »",
  ],
  [
    { type: "attribute", name: "shoe size", as: "number", op: "gte", value: 42.5 },
    "has an attribute “shoe size” of at least 42.5",
    "a un attribut « shoe size » d’au moins 42,5",
  ],
];

describe("a rule is said in good English and good French", () => {
  it.each(CLAUSES)("%j", (rule, en, fr) => {
    expect(said(rule)).toEqual([en, fr]);
  });

  it("with amounts in the shop's own currency and its decimals", () => {
    const worth = { type: "cart.value", op: "gte", value: 1_500 };
    const inShop = (currency: string) => said(worth, { ...terms, shop: { ...terms.shop, currency } });
    expect(inShop("JPY")).toEqual(["has a cart worth at least ¥1,500", "a un panier d’une valeur d’au moins 1 500 ¥"]);
    expect(inShop("KWD")[1]).toBe("a un panier d’une valeur d’au moins 1,500 KWD");
    expect(plain(describeRule(worth as Rule, "fr"))).toBe("a un panier d’une valeur d’au moins 15,00");
  });

  it("with spaces at which no line breaks, as French sets them", () => {
    expect(describeRule(contact("country", "is", "FR") as Rule, "fr", terms)).toBe("a pour pays «\u00a0FR\u00a0»");
  });
});

describe("brackets alone tell", () => {
  const [cart, order] = [{ type: "carts.count", op: "gte", value: 1 }, orders({})];

  it("what of a group is denied", () => {
    const one = said({ all: [{ not: cart }, order] });
    const both = said({ not: { all: [cart, order] } });
    expect(one).toEqual([
      "not (has at least 1 cart) and has placed at least 1 order",
      "non (a au moins 1 panier) et a passé au moins 1 commande",
    ]);
    expect(both).toEqual([
      "not (has at least 1 cart and has placed at least 1 order)",
      "non (a au moins 1 panier et a passé au moins 1 commande)",
    ]);
  });

  it("which conditions of a group within a group belong together, and none stand around one", () => {
    const either = { any: [cart, order] };
    const [en] = said({ all: [either, { all: [cart] }, { any: [either] }] });
    const words = "(has at least 1 cart or has placed at least 1 order)";
    expect(en).toBe(`${words} and has at least 1 cart and ${words}`);
  });

  it("where a group holds nothing", () => {
    expect(said({ all: [] })).toEqual(["is anybody", "est n’importe qui"]);
    expect(said({ not: { any: [] } })).toEqual(["not (is nobody)", "non (n’est personne)"]);
  });
});

describe("what was found", () => {
  const found = (rule: object, about: Partial<Facts>): string[] =>
    (["en", "fr"] as const).map((language) =>
      plain(whyRule(rule as Rule, { ...facts(), ...about, shop: terms.shop }, NOW, language, terms).found ?? ""),
    );
  const rows = (key: string, ...some: Row[]) => ({ rows: { [key]: some } });

  it("of a closed list is what it is called", () => {
    const asked = { type: "metric", name: "usual_part_of_day", op: "known" };
    const habits = rows("contact_behaviour", { usual_part_of_day: "morning" });
    expect(found(asked, habits)).toEqual(["“morning”", "« matin »"]);
  });

  it("of a segment at a moment is the one of then, and since when", () => {
    const moves = [
      { family: "rfm", to: "loyal", [AT]: Date.UTC(2026, 1, 1) },
      { family: "rfm", to: "champions", [AT]: Date.UTC(2026, 2, 9, 23) },
      { family: "rfm", to: "at_risk", [AT]: Date.UTC(2026, 2, 20) },
      { family: "rfm", to: null, [AT]: Date.UTC(2026, 2, 25) },
    ];
    const about = {
      rows: { segment_transitions: moves, segment_members: [{ family: "rfm", segment: "new", [AT]: NOW }] },
    };
    const asked = (at: string) => found({ type: "segment", family: "rfm", segment: "at_risk", at }, about);
    expect(asked("2026-03-10")).toEqual(["“champions” (10 March 2026)", "« champions » (10 mars 2026)"]);
    expect(asked("2026-03-09")).toEqual(["“loyal” (1 February 2026)", "« loyal » (1er février 2026)"]);
    expect(asked("2026-01-01")).toEqual(["in none", "dans aucun"]);
    expect(asked("2026-03-26")).toEqual(["in none", "dans aucun"]);
    const now = found({ type: "segment", family: "rfm", segment: "at_risk" }, about);
    expect(now).toEqual(["“new” (29 March 2026)", "« new » (29 mars 2026)"]);
  });

  it("are money of the shop and days of its zone", () => {
    const score = { rfm_r: 5, rfm_f: 5, rfm_m: 5, rfm_monetary: 123_456 };
    const money = { type: "metric", name: "rfm_monetary", op: "gte", value: 1 };
    expect(found(money, rows("rfm_scores", score))).toEqual(["€1,234.56", "1 234,56 €"]);
    expect(found(contact("seen_at", "within", "P1D"), { seenAt: NOW })).toEqual(["29 March 2026", "29 mars 2026"]);
    const cart = { state: "active", currency: "EUR", lines: [] } as unknown as Cart;
    expect(found({ type: "cart.value", op: "gte", value: 1 }, { commerce: { ...facts().commerce, cart } })).toEqual([
      "€0.00",
      "0,00 €",
    ]);
  });

  it("are counts with their nouns", () => {
    const asked = { type: "visits.count", op: "gte", value: 1 };
    const visit = { [AT]: NOW - 1, channel: "web", pages: 1, landing: null, store: null };
    expect(found(asked, rows("visits"))).toEqual(["0 visits", "0 visite"]);
    expect(found(asked, rows("visits", visit))).toEqual(["1 visit", "1 visite"]);
    expect(found(asked, rows("visits", visit, visit))).toEqual(["2 visits", "2 visites"]);
  });
});
