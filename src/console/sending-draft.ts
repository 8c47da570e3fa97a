import type { SendingSettings, StatedSending } from "../decisions/sending";
import { DAY, HOUR } from "../shared/clock";
import { parseDuration } from "../shared/duration";

/** One line of the caps' table, as its fields hold it. */
export interface CapLine {
  readonly channel: string;
  readonly count: string;
  readonly length: string;
  readonly unit: "hours" | "days";
  readonly level: string;
}

/** One line of the windows' table; `country` is empty for everybody else. */
export interface HoursLine {
  readonly country: string;
  readonly days: string;
  readonly from: string;
  readonly to: string;
  readonly isHoliday: boolean;
}

/** The form, as its fields hold it. */
export interface SendingDraft {
  readonly caps: readonly CapLine[];
  readonly moment: string;
  readonly on: boolean;
  readonly channels: readonly string[];
  readonly hours: readonly HoursLine[];
  readonly rest: HoursLine;
  readonly age: string;
  readonly served: string;
  /** Text messages an hour: in all, to any one country, and to named ones as `FR 20000, BE 500`. */
  readonly budget: string;
  readonly budgetCountry: string;
  readonly budgetCountries: string;
  readonly complaints: string;
  readonly bounces: string;
  readonly least: string;
}

const EMPTY_CAP: CapLine = { channel: "email", count: "", length: "", unit: "days", level: "" };
const EMPTY_HOURS: HoursLine = { country: "", days: "", from: "08:00", to: "20:00", isHoliday: false };
/** Lines that stand ready for more. */
const SPARE_CAPS = 2;
const SPARE_HOURS = 1;

type Hours = SendingSettings["windows"]["rest"];

/** The form of settings. */
export function draftOf(settings: SendingSettings): SendingDraft {
  const { caps, moment, windows, minimum_age: age, sms_countries: served, sms_budget: budget, brake } = settings;
  const lineOf = ([country, { days, from, to, holidays }]: readonly [string, Hours]): HoursLine => {
    return { country, days: days.join(","), from, to, isHoliday: holidays === "include" };
  };
  return {
    caps: [
      ...caps.map(({ channel, count, within, level = "" }) => ({
        ...lengthOf(within),
        channel,
        count: String(count),
        level,
      })),
      ...Array.from({ length: SPARE_CAPS }, () => EMPTY_CAP),
    ],
    moment: moment === null ? "" : String((parseDuration(moment) ?? 0) / HOUR),
    on: windows.on,
    channels: windows.channels,
    hours: [
      ...Object.entries(windows.countries).map(lineOf),
      ...Array.from({ length: SPARE_HOURS }, () => EMPTY_HOURS),
    ],
    rest: lineOf(["", windows.rest]),
    age: String(age),
    served: served?.join(" ") ?? "",
    budget: String(budget.hour ?? ""),
    budgetCountry: String(budget.country ?? ""),
    budgetCountries: Object.entries(budget.countries)
      .map(([country, most]) => `${country} ${most}`)
      .join(", "),
    complaints: percent(brake.complaints),
    bounces: percent(brake.bounces),
    least: String(brake.least),
  };
}

function lengthOf(within: string): Pick<CapLine, "length" | "unit"> {
  const ms = parseDuration(within) ?? 0;
  // A day is said as 24 hours: it is no day of any calendar.
  return ms % DAY === 0 && ms > DAY
    ? { length: String(ms / DAY), unit: "days" }
    : { length: String(ms / HOUR), unit: "hours" };
}

function percent(share: number): string {
  return String(Math.round(share * 100_000) / 1_000);
}

/** What somebody sent, field by field. */
export function draftFrom(form: URLSearchParams): SendingDraft {
  const text = (name: string): string => (form.get(name) ?? "").trim();
  const column = (name: string): string[] => form.getAll(name).map((value) => value.trim());
  const [channels, counts, lengths, units, levels] = ["channel", "count", "length", "unit", "level"].map((name) =>
    column(`cap_${name}`),
  );
  const [countries = [], days = [], from = [], to = [], holidays = []] = [
    "country",
    "days",
    "from",
    "to",
    "holidays",
  ].map((name) => column(`hours_${name}`));
  const lines = countries.map((country, place) => ({
    country: country.toUpperCase(),
    days: days[place] ?? "",
    from: from[place] ?? "",
    to: to[place] ?? "",
    isHoliday: holidays[place] === "include",
  }));
  return {
    caps: (channels ?? []).map((channel, place) => ({
      channel,
      count: counts?.[place] ?? "",
      length: lengths?.[place] ?? "",
      unit: units?.[place] === "hours" ? "hours" : "days",
      level: levels?.[place] ?? "",
    })),
    moment: text("moment"),
    on: form.has("on"),
    channels: column("ringing"),
    hours: lines.slice(1),
    rest: lines[0] ?? EMPTY_HOURS,
    age: text("age"),
    served: text("served").toUpperCase(),
    budget: text("budget"),
    budgetCountry: text("budget_country"),
    budgetCountries: text("budget_countries").toUpperCase(),
    complaints: text("complaints"),
    bounces: text("bounces"),
    least: text("least"),
  };
}

/**
 * Settings as the API takes them. What the form has no field for stays as it is. A line without a number, or without a
 * country, is none.
 */
export function statedOf(draft: SendingDraft, before: SendingSettings): StatedSending {
  const caps = draft.caps.filter(({ count, length }) => count !== "" || length !== "");
  const hours = draft.hours.filter(({ country }) => country !== "");
  return {
    ...before,
    caps: caps.map(({ channel, count, length, unit, level }) => ({
      channel: channel as "email",
      count: numberOf(count),
      within: unit === "days" ? `P${length}D` : `PT${length}H`,
      ...(level !== "" && { level }),
    })),
    moment: draft.moment === "" || draft.moment === "0" ? null : `PT${draft.moment}H`,
    windows: {
      ...before.windows,
      on: draft.on,
      channels: draft.channels as "sms"[],
      countries: Object.fromEntries(hours.map((line) => [line.country, hoursOf(line)])),
      rest: hoursOf(draft.rest),
    },
    sms_countries: draft.served === "" ? null : draft.served.split(/[\s,;]+/),
    sms_budget: budgetOf(draft),
    minimum_age: numberOf(draft.age),
    brake: {
      complaints: numberOf(draft.complaints) / 100,
      bounces: numberOf(draft.bounces) / 100,
      least: numberOf(draft.least),
    },
  };
}

function budgetOf({ budget, budgetCountry, budgetCountries }: SendingDraft): StatedSending["sms_budget"] {
  const named = budgetCountries.split(/[,;\n]+/).map((part) => part.trim());
  return {
    hour: budget === "" ? null : numberOf(budget),
    country: budgetCountry === "" ? null : numberOf(budgetCountry),
    countries: Object.fromEntries(
      named.filter(Boolean).map((part) => {
        const [country = "", most = ""] = part.split(/[\s:=]+/);
        return [country, numberOf(most)];
      }),
    ),
  };
}

function hoursOf({ days, from, to, isHoliday }: HoursLine): StatedSending["windows"]["rest"] {
  return { days: days.split(",") as "mon"[], from, to, holidays: isHoliday ? "include" : "skip" };
}

/** What is no number is left for the schema to refuse. */
function numberOf(text: string): number {
  return text === "" ? Number.NaN : Number(text.replace(",", "."));
}
