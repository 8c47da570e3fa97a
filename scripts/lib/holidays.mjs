// Public holidays of every country as a module for the Worker, out of the package date-holidays, which is ten times as
// large and is never bundled. To work them out takes seconds: it is done once for each version of the package and year.
import { readFile } from "node:fs/promises";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

const DAY = 86_400_000;
/** One year back, since what is computed late looks back. */
const YEARS_BEFORE = 1;
const YEARS_AFTER = 12;
/** Parts of a country with days of their own that are looked up: Moselle, Bas-Rhin, Haut-Rhin. */
const REGIONS = { FR: ["57", "67", "68"] };

/**
 * The module's text, or null where the one at hand is of the same package and years.
 * @param {string | null} before text of the module as it is @param {Date} today
 */
export async function holidaysModule(before, today) {
  const { version } = JSON.parse(await readFile(new URL("package.json", packageUrl()), "utf8"));
  const from = today.getUTCFullYear() - YEARS_BEFORE;
  const years = Array.from({ length: YEARS_BEFORE + YEARS_AFTER + 1 }, (_, place) => from + place);
  const mark = `// date-holidays ${version}, ${from} to ${years.at(-1)}, form 1\n`;
  if (before?.startsWith(mark)) return null;
  const table = JSON.stringify(await tableOf(years));
  return `${mark}export const HOLIDAYS_FROM = ${from};\nexport const HOLIDAYS: Readonly<Record<string, string>> = ${table};\n`;
}

function packageUrl() {
  // `date-holidays` exports no package.json, but lies where its entry says.
  return new URL("../", import.meta.resolve("date-holidays"));
}

/** Threads that work the table out, each a part of the countries. */
const THREADS = 2;

/** @param {number[]} years @returns {Promise<Record<string, string>>} */
async function tableOf(years) {
  const parts = await Promise.all(
    Array.from({ length: THREADS }, (_, part) => inThread({ holidays: { years, part } })),
  );
  const rows = parts.flatMap((part) => Object.entries(part));
  return Object.fromEntries(rows.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** @returns {Promise<Record<string, string>>} */
function inThread(workerData) {
  return new Promise((done, fail) => {
    const thread = new Worker(new URL(import.meta.url), { workerData });
    thread.once("message", done);
    thread.once("error", fail);
    thread.once("exit", () => fail(new Error("The holidays of a part of the countries were not worked out.")));
  });
}

/** @param {{years: number[], part: number}} which every how manieth country, and in which years */
async function partOf({ years, part }) {
  const { default: Holidays } = await import("date-holidays");
  /** @type {Record<string, string>} */
  const table = {};
  const easters = eastersOf(new Holidays("FR"), years);
  const countries = Object.keys(new Holidays().getCountries());
  for (const country of countries.filter((_, place) => place % THREADS === part)) {
    const days = daysOf(new Holidays(country, { types: ["public"] }), years);
    table[country] = packed(days, easters);
    for (const region of REGIONS[country] ?? []) {
      const own = daysOf(new Holidays(country, region, { types: ["public"] }), years);
      table[`${country}-${region}`] = packed(new Set([...own].filter((day) => !days.has(day))), easters);
    }
  }
  return table;
}

/** Easter Sundays by year, told by the Monday behind them. */
function eastersOf(france, years) {
  return new Map(
    years.map((year) => {
      const monday = france.getHolidays(year).find(({ rule }) => rule === "easter 1");
      return [year, Date.parse(`${monday.date.slice(0, 10)}T00:00:00Z`) - DAY];
    }),
  );
}

/** Days `YYYY-MM-DD` on which everybody has a holiday, all days of one that lasts longer. */
function daysOf(calendar, years) {
  const days = new Set();
  for (const year of years) {
    for (const { date, start, end, type } of calendar.getHolidays(year)) {
      if (type !== "public") continue;
      // Days that begin in the evening before are told by the day itself.
      const first = Date.parse(`${date.slice(0, 10)}T00:00:00Z`);
      const length = Math.max(1, Math.round((end - start) / DAY));
      for (let day = 0; day < length; day++) days.add(new Date(first + day * DAY).toISOString().slice(0, 10));
    }
  }
  return days;
}

/**
 * `MMDD…|+39+50…|MMDD…,MMDD…`: days of every year, days from Easter Sunday that are one in every year, and what is left,
 * year by year. The first two hold for years beyond the table as well.
 */
function packed(days, easters) {
  const years = [...easters.keys()];
  const fromEaster = (year, offset) => new Date(easters.get(year) + offset * DAY).toISOString().slice(0, 10);
  const inEvery = (dayOf) => years.every((year) => days.has(dayOf(year)));
  const fixed = [];
  for (let at = Date.UTC(2024, 0, 1); at < Date.UTC(2025, 0, 1); at += DAY) {
    const day = new Date(at).toISOString().slice(5, 10);
    if (day !== "02-29" && inEvery((year) => `${year}-${day}`)) fixed.push(day);
  }
  const moving = [];
  for (let offset = -60; offset <= 80; offset++) if (inEvery((year) => fromEaster(year, offset))) moving.push(offset);
  const left = years.map((year) => {
    const known = new Set([
      ...fixed.map((day) => `${year}-${day}`),
      ...moving.map((offset) => fromEaster(year, offset)),
    ]);
    const others = [...days].filter((day) => day.startsWith(`${year}-`) && !known.has(day));
    return short(others.map((day) => day.slice(5)));
  });
  const signed = moving.map((offset) => (offset < 0 ? String(offset) : `+${offset}`));
  return [short(fixed), signed.join(""), left.join(",").replace(/,+$/, "")].join("|");
}

const short = (days) => days.sort().join("").replaceAll("-", "");

// What `inThread` has started.
if (!isMainThread && workerData?.holidays) parentPort?.postMessage(await partOf(workerData.holidays));
