import type { RfmDefinition } from "../segments/rfm/definition";
import { DEFAULT_DEFINITION, moneyBounds, ORDER_FIELDS, ownShapes, rfmInput } from "../segments/rfm/definition";
import { decimalsOf, decimalText, parseMajor } from "../shared/money";
import { pointersOf } from "../shared/pointer";
import { mapText, readMap } from "./rfm-map-text";

/** The fields of the form of settings, as somebody typed them. */
export interface RfmDraft {
  readonly method: string;
  readonly map: string;
  readonly own: string;
  readonly window: string;
  readonly r: readonly string[];
  readonly f: readonly string[];
  readonly m: readonly string[];
  readonly isMerged: boolean;
  readonly isSmall: boolean;
  readonly exclude: string;
  readonly weight: string;
  readonly subscriptions: string;
}

/** What does not fit: the field of the form, and why, in the words of the definition. */
export interface DraftProblem {
  readonly field: string;
  readonly reason: string;
}

const FOUR = [0, 1, 2, 3];

/** The form of what is set. */
export function draftOf(definition: RfmDefinition, currency: string): RfmDraft {
  const { method, map, window_months: months, thresholds, subscriptions } = definition;
  return {
    method,
    map: typeof map === "string" ? map : "own",
    own: mapText(ownShapes(definition) ?? []),
    window: String(months),
    r: thresholds.r.map(String),
    f: thresholds.f.map(String),
    m: moneyBounds(definition, decimalsOf(currency)).map((bound) => decimalText(bound, currency).replace(/\.0+$/, "")),
    isMerged: definition.merge_same_day,
    isSmall: definition.small_bases,
    exclude: conditionText(definition.exclude_orders),
    weight: String(subscriptions?.weight ?? 0.5),
    subscriptions: conditionText(subscriptions?.orders ?? []),
  };
}

/** The fields of a form that was sent. */
export function draftFrom(form: URLSearchParams): RfmDraft {
  const text = (name: string): string => (form.get(name) ?? "").trim();
  const four = (axis: string): string[] => FOUR.map((index) => text(`${axis}${index + 1}`).replace(",", "."));
  return {
    method: text("method"),
    map: text("map"),
    own: form.get("own") ?? "",
    window: text("window"),
    r: four("r"),
    f: four("f"),
    m: four("m"),
    isMerged: form.has("merged"),
    isSmall: form.has("small"),
    exclude: form.get("exclude") ?? "",
    weight: text("weight").replace(",", "."),
    subscriptions: form.get("subscriptions") ?? "",
  };
}

/** What a form comes to: a definition whose map may still leave cells out, or what does not fit. */
export function definitionOf(
  draft: RfmDraft,
  currency: string,
): { readonly definition: RfmDefinition } | { readonly problems: readonly DraftProblem[] } {
  const own = readMap(draft.own);
  const exclude = readConditions(draft.exclude);
  const deliveries = readConditions(draft.subscriptions);
  const problems = [
    ...(draft.map === "own" ? own.wrong : []).map((line) => ({ field: "own", reason: wrongLine(line, MAP_LINE) })),
    ...exclude.wrong.map((line) => ({ field: "exclude", reason: wrongLine(line, ORDER_LINE) })),
    ...deliveries.wrong.map((line) => ({ field: "subscriptions", reason: wrongLine(line, ORDER_LINE) })),
    ...(["r", "f", "m"] as const).flatMap((axis) =>
      draft[axis].some((one) => !/^\d+(\.\d+)?$/.test(one)) ? [{ field: axis, reason: "is no number" }] : [],
    ),
  ];
  if (problems.length > 0) return { problems };
  const money = draft.m.map((one) => parseMajor(one, currency));
  const usual = moneyBounds(DEFAULT_DEFINITION, decimalsOf(currency));
  const isOurs = money.every((bound, index) => bound === usual[index]);
  const parsed = rfmInput.safeParse({
    method: draft.method,
    map: draft.map === "own" ? { segments: own.shapes } : draft.map,
    window_months: Number(draft.window),
    thresholds: { r: draft.r.map(Number), f: draft.f.map(Number), ...(!isOurs && { m: money }) },
    merge_same_day: draft.isMerged,
    exclude_orders: exclude.conditions,
    subscriptions:
      deliveries.conditions.length > 0 ? { weight: Number(draft.weight), orders: deliveries.conditions } : null,
    small_bases: draft.isSmall,
  });
  if (parsed.success) return { definition: parsed.data };
  return {
    problems: pointersOf(parsed.error).map(({ pointer, detail }) => ({ field: fieldOf(pointer), reason: detail })),
  };
}

const MAP_LINE = "“Name: 555 554” or “Name: R 4-5, F 3-5”";
const ORDER_LINE = "“channel: web, app”";
const wrongLine = (line: number, as: string): string => `line ${line} is not ${as}`;

const FIELDS: readonly (readonly [string, string])[] = [
  ["/map", "own"],
  ["/window_months", "window"],
  ["/thresholds/r", "r"],
  ["/thresholds/f", "f"],
  ["/thresholds/m", "m"],
  ["/exclude_orders", "exclude"],
  ["/subscriptions/weight", "weight"],
  ["/subscriptions", "subscriptions"],
];

/** The field of the form that a part of a definition is typed in. */
export function fieldOf(pointer: string): string {
  return FIELDS.find(([prefix]) => pointer.startsWith(prefix))?.[1] ?? "method";
}

type Condition = RfmDefinition["exclude_orders"][number];

function conditionText(conditions: readonly Condition[]): string {
  return conditions.map(({ field, in: values }) => `${field}: ${values.join(", ")}`).join("\n");
}

/** One condition a line: `channel: marketplace, staff`. */
function readConditions(text: string): { readonly conditions: Condition[]; readonly wrong: number[] } {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const read = lines.map((line): Condition | null => {
    const [, name, list = ""] = /^(\w+)\s*:\s*(.+)$/.exec(line) ?? [];
    const field = ORDER_FIELDS.find((one) => one === name?.toLowerCase());
    const values = list
      .split(",")
      .map((value) => value.trim())
      .filter((value) => value !== "");
    return field && values.length > 0 ? { field, in: values } : null;
  });
  return {
    conditions: read.flatMap((one) => one ?? []),
    wrong: read.flatMap((one, index) => (one === null && lines[index] !== "" ? [index + 1] : [])),
  };
}
