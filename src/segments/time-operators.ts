import * as z from "zod";
import { durationMs, parseDuration } from "../shared/duration";
import { localDate } from "../shared/wall-time";
import { number } from "./compile";
import type { Cell } from "./facts";
import { hinted } from "./hint";
import { anniversaries, dayAfter, momentOf } from "./local-day";
import { operator, presence, saidOf } from "./operator";
import { agoInWords, daysAgoInWords, lastInWords, nearInWords, nextInWords } from "./span";

export const durationText = hinted(
  z
    .string()
    .max(40)
    .refine((text) => parseDuration(text) !== null, "is not an ISO 8601 duration such as P30D"),
  { as: "duration" },
);
/** A local day of the shop. */
export const dayText = z.iso.date("is not a date such as 2026-02-28");
export const timeText = hinted(
  z.union([dayText, z.iso.datetime({ offset: true })], "is neither a date nor an ISO 8601 time with its zone"),
  { as: "moment" },
);

const ON_OR_AFTER = saidOf({ en: "on % or later", fr: "le % ou après" });
const BEFORE = saidOf({ en: "before %", fr: "avant le %" });

/** Of moments, in epoch ms. */
export const time = {
  within: operator({
    label: { en: "in the last", fr: "au cours des derniers" },
    value: durationText,
    sql: (expression, value, { now }) =>
      `${expression} > ${number(now - durationMs(value))} AND ${expression} <= ${number(now)}`,
    test: (cell, value, { now }) => Number(cell) > now - durationMs(value) && Number(cell) <= now,
    form: "falls",
    words: (value, { language }) => lastInWords(value, language),
  }),
  longer_ago: operator({
    label: { en: "at least so long ago", fr: "il y a au moins" },
    value: durationText,
    sql: (expression, value, { now }) => `${expression} <= ${number(now - durationMs(value))}`,
    test: (cell, value, { now }) => Number(cell) <= now - durationMs(value),
    form: "falls",
    words: (value, { language }) => agoInWords(value, language),
  }),
  in_next: operator({
    label: { en: "in the next", fr: "dans les … à venir" },
    value: durationText,
    sql: (expression, value, { now }) =>
      `${expression} > ${number(now)} AND ${expression} <= ${number(now + durationMs(value))}`,
    test: (cell, value, { now }) => Number(cell) > now && Number(cell) <= now + durationMs(value),
    form: "falls",
    words: (value, { language }) => nextInWords(value, language),
  }),
  from: operator({
    label: { en: "from", fr: "à partir de" },
    value: timeText,
    sql: (expression, value, { shop }) => `${expression} >= ${number(momentOf(value, shop.zone))}`,
    test: (cell, value, { shop }) => Number(cell) >= momentOf(value, shop.zone),
    form: "falls",
    words: ON_OR_AFTER,
  }),
  until: operator({
    label: { en: "before", fr: "avant" },
    value: timeText,
    sql: (expression, value, { shop }) => `${expression} < ${number(momentOf(value, shop.zone))}`,
    test: (cell, value, { shop }) => Number(cell) < momentOf(value, shop.zone),
    form: "falls",
    words: BEFORE,
  }),
  ...presence,
};

const IS_DATE = "GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'";
const isDate = (cell: Cell): boolean => /^\d{4}-\d\d-\d\d$/.test(String(cell));
/** Of a whole life. */
const days = z.number().int().min(0).max(45_000);
/** Days from today: negative ones are past. */
const aDay = () => z.number().int().min(-366).max(366);
const inDays = z
  .strictObject({
    from: hinted(aDay(), { words: { en: "from day", fr: "du jour" } }),
    to: hinted(aDay(), { words: { en: "to day", fr: "au jour" } }),
  })
  .refine(({ from, to }) => from <= to, "ends before it begins");

/** Compared as texts: a date is ten characters of ASCII. */
export const date = {
  from: operator({
    label: { en: "from", fr: "à partir du" },
    value: dayText,
    sql: (expression, value, c) => `${expression} ${IS_DATE} AND ${expression} >= ${c.bind(value)}`,
    test: (cell, value) => isDate(cell) && String(cell) >= value,
    form: "falls",
    words: ON_OR_AFTER,
  }),
  until: operator({
    label: { en: "before", fr: "avant le" },
    value: dayText,
    sql: (expression, value, c) => `${expression} ${IS_DATE} AND ${expression} < ${c.bind(value)}`,
    test: (cell, value) => isDate(cell) && String(cell) < value,
    form: "falls",
    words: BEFORE,
  }),
  days_ago: operator({
    label: { en: "at least so many days ago", fr: "il y a au moins (jours)" },
    value: days,
    sql: (expression, value, c) =>
      `${expression} ${IS_DATE} AND ${expression} <= ${c.bind(dayAfter(localDate(c.now, c.shop.zone), -value))}`,
    test: (cell, value, { now, shop }) => isDate(cell) && String(cell) <= dayAfter(localDate(now, shop.zone), -value),
    form: "falls",
    words: (value, { language }) => daysAgoInWords(value, language),
  }),
  in_days: operator({
    label: { en: "between days from today", fr: "entre des jours à compter d’aujourd’hui" },
    value: inDays,
    sql(expression, { from, to }, c) {
      const today = localDate(c.now, c.shop.zone);
      const between = `BETWEEN ${c.bind(dayAfter(today, from))} AND ${c.bind(dayAfter(today, to))}`;
      return `${expression} ${IS_DATE} AND ${expression} ${between}`;
    },
    test(cell, { from, to }, { now, shop }) {
      const today = localDate(now, shop.zone);
      return isDate(cell) && String(cell) >= dayAfter(today, from) && String(cell) <= dayAfter(today, to);
    },
    form: "falls",
    words: (value, { language }) => nearInWords(value, language),
  }),
  anniversary: operator({
    label: { en: "comes round", fr: "tombe chaque année" },
    value: inDays,
    sql: (expression, { from, to }, c) =>
      `${expression} ${IS_DATE} AND substr(${expression}, 6) IN ${c.list(anniversaries(c.now, c.shop.zone, from, to))}`,
    test: (cell, { from, to }, { now, shop }) =>
      isDate(cell) && anniversaries(now, shop.zone, from, to).includes(String(cell).slice(5)),
    form: "round",
    words: (value, { language }) => nearInWords(value, language),
  }),
  ...presence,
};
