import * as z from "zod";
import { inBaseSql } from "../../commerce/exchange";
import type { OrderStatus } from "../../commerce/order";
import { isSale, metricsOf, SALE } from "../../commerce/order";
import type { Collection } from "../collection";
import { tablesOf } from "../collection";
import { behaviour } from "../collections/behaviour";
import { orders } from "../collections/orders";
import { scores } from "../collections/scores";
import type { Compilation } from "../compile";
import type { Read } from "../condition";
import { condition } from "../condition";
import type { Cell, Facts, Row } from "../facts";
import type { Field } from "../field";
import { fieldSql } from "../field";
import { filterFaults } from "../filter";
import { fieldHint, hinted } from "../hint";
import { holds, operatorOf } from "../operators";
import { phrase, valueInWords } from "../phrase";
import { readOf } from "../read";
import { ofFamily } from "../rows";

type Metric = Field & { readonly cell: (facts: Facts) => Cell; readonly read?: Read };

const figure = (column: string): string =>
  `coalesce((SELECT m.${column} FROM contact_metrics m WHERE m.contact = c.id), 0)`;

/** The fields of a table that has one row for each contact; some are 0 of whoever has none. */
function figuresOf(collection: Collection, zero: readonly string[] = []): Record<string, Metric> {
  const { key, fields } = collection;
  const { from, where } = tablesOf(collection, "= c.id");
  const figures = Object.entries(fields).map(([name, field]) => {
    const none = zero.includes(name) ? 0 : null;
    const value = (c: Compilation): string => `(SELECT ${fieldSql(field, c)} FROM ${from} WHERE ${where})`;
    const sql = (c: Compilation): string => (none === null ? value(c) : `coalesce(${value(c)}, ${none})`);
    const cell = ({ rows }: Facts): Cell => rows?.[key]?.[0]?.[name] ?? none;
    return [name, { ...field, sql, cell, read: readOf(collection) }] as const;
  });
  return Object.fromEntries(figures);
}

function isSold({ status, net }: Row): boolean {
  return isSale(String(status) as OrderStatus, Number(net));
}

function sumOf(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => sum + amount, 0);
}

/** Figures that are kept of every contact. The one place to add one. */
const METRICS: Readonly<Record<string, Metric>> = {
  orders: {
    type: "integer",
    sql: figure("orders"),
    cell: ({ commerce, shop }) => metricsOf(commerce.orders, shop.currency).orders,
    words: { en: "number of orders", fr: "nombre de commandes" },
  },
  net_total: {
    type: "money",
    sql(c) {
      const worth = inBaseSql(c.bind(c.shop.currency));
      const all = ofFamily(
        (whose) => `(SELECT coalesce(sum(${worth}), 0) FROM orders o WHERE o.contact ${whose} AND ${SALE})`,
      );
      // Without a rate only the shop's own currency counts, which is what is kept.
      return `CASE WHEN EXISTS (SELECT 1 FROM exchange_rates) THEN ${all} ELSE ${figure("net_total")} END`;
    },
    cell: ({ rows }) => sumOf((rows?.[orders.key] ?? []).filter(isSold).map(({ value }) => Number(value))),
    read: readOf(orders),
    words: { en: "total of all orders", fr: "montant total des commandes" },
  },
  ...figuresOf(scores),
  ...figuresOf(behaviour, ["engagement_score", "visit_days_30d", "visit_days_90d"]),
};

const params = hinted(
  z
    .strictObject({
      name: z.enum(Object.keys(METRICS) as [string, ...string[]]),
      op: z.string().max(20),
      value: z.unknown().optional(),
    })
    .superRefine(({ name, op, value }, context) => {
      for (const { path, message } of filterFaults(METRICS[name], op, value)) {
        context.addIssue({ code: "custom", path: [...path], message });
      }
    }),
  fieldHint("name", METRICS),
);

/** What a figure of a contact is. Those of a contact are those of all who were merged into them. */
export const metric = condition({
  title: { en: "A figure that is kept", fr: "Un chiffre tenu à jour" },
  params,
  describe({ name, ...filter }, reader) {
    const known = METRICS[name];
    return known ? phrase(known, filter, reader, "has") : name;
  },
  test(facts, { name, op, value }, moment) {
    const known = METRICS[name];
    return known !== undefined && holds(known.type, op, known.cell(facts), value, moment);
  },
  sql({ name, op, value }, compilation) {
    const known = METRICS[name];
    return (known && operatorOf(known.type, op)?.sql(fieldSql(known, compilation), value, compilation)) ?? "0";
  },
  found(facts, { name }, _moment, reader) {
    const known = METRICS[name];
    return known ? valueInWords(known, known.cell(facts), reader) : "";
  },
  reads({ name }) {
    const read = METRICS[name]?.read;
    return read ? [read] : [];
  },
  weight: 5,
  example: { name: "net_total", op: "gte", value: 50_000 },
});
