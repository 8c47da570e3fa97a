import { factorOf } from "../commerce/exchange";
import type { RateRow } from "../commerce/exchange-store";
import { dropRates, writeRates } from "../commerce/exchange-store";
import { putSetting } from "../platform/settings";
import { CELLS, cellText } from "../segments/rfm/cell";
import { dayNumber } from "../segments/rfm/days";
import type { RfmDefinition } from "../segments/rfm/definition";
import { mapIn, ownShapes } from "../segments/rfm/definition";
import type { SegmentShape } from "../segments/rfm/map";
import { checkMap, namesOf, ownersOf } from "../segments/rfm/map";
import { RFM_FAMILY } from "../segments/rfm/run";
import type { Services } from "../services";
import { calendarOf, RFM_SETTING, readDefinition } from "../services/rfm-terms";
import { saveChecked } from "../services/segments/save";
import type { FieldError } from "../shared/fault";
import { Fault } from "../shared/fault";
import { inWords, usesOfParts } from "./segment-uses";

/** A rate as somebody states it: of a currency from a day of the shop's calendar on, a decimal; null takes it away. */
export interface StatedRate {
  readonly currency: string;
  readonly from: string;
  readonly rate: string | null;
}

/**
 * Sets what RFM goes by from its next run on. Throws unprocessable for a map that leaves cells out or gives some twice, and
 * conflict for one without a segment that something looks at.
 */
export async function saveDefinition(services: Services, definition: RfmDefinition): Promise<void> {
  const { DB } = services.env;
  const faults = faultsOf(ownShapes(definition) ?? []);
  if (ownShapes(definition) && faults.length > 0) {
    throw new Fault("unprocessable", "The map does not give each cell to one segment: see `errors`.", faults);
  }
  await saveChecked(services, async () => {
    const names = namesOf(mapIn(definition));
    const gone = Object.keys(namesOf(mapIn(await readDefinition(DB)))).filter((key) => !Object.hasOwn(names, key));
    const uses = gone.length > 0 ? await usesOfParts(services, RFM_FAMILY, gone) : [];
    if (uses.length > 0) {
      const detail = `leaves out ${gone.join(", ")}, in use by ${inWords(uses)}`;
      throw new Fault("conflict", `The map ${detail}.`, [{ pointer: "/map", detail }]);
    }
    return [putSetting(DB, RFM_SETTING, JSON.stringify(definition))];
  });
}

/** What is wrong with a map, cell by cell. */
function faultsOf(shapes: readonly SegmentShape[]): FieldError[] {
  const { uncovered, overlapping, unreachable } = checkMap(shapes);
  if (uncovered.length + overlapping.length === 0) return [];
  const pointer = "/map/segments";
  const owners = new Map(CELLS.map((cell) => [cellText(cell), ownersOf(shapes, cell)]));
  return [
    ...uncovered.map((cell) => ({ pointer, detail: `${cell} is in no segment` })),
    ...overlapping.map((cell) => ({ pointer, detail: `${cell} is in ${owners.get(cell)?.join(", ")}` })),
    ...unreachable.map((name) => ({ pointer, detail: `${name} is a segment that nobody can reach` })),
  ];
}

/** States exchange rates. Throws invalid-input for the shop's own currency and for two rates of one day. */
export async function stateRates(services: Services, rates: readonly StatedRate[]): Promise<void> {
  const { env, config } = services;
  const errors = rates.flatMap((one, index) => {
    const pointer = `/rates/${index}/currency`;
    if (one.currency === config.SHOP_CURRENCY) return [{ pointer, detail: "is the shop's own" }];
    const first = rates.findIndex(({ currency: code, from }) => code === one.currency && from === one.from);
    return first < index ? [{ pointer, detail: "has another rate of this day" }] : [];
  });
  if (errors.length > 0) throw new Fault("invalid-input", "The rates do not fit: see `errors`.", errors);
  const { start } = calendarOf(services);
  const placed = rates.map((one) => ({ ...one, fromAt: start(dayNumber(one.from)) }));
  const gone = placed.filter(({ rate: text }) => text === null);
  const stated = placed.flatMap(({ currency, from: day, fromAt, rate: text }): RateRow[] =>
    text === null
      ? []
      : [{ currency, fromAt, day, rate: text, factor: factorOf(Number(text), currency, config.SHOP_CURRENCY) }],
  );
  if (stated.length > 0) await writeRates(env.DB, stated);
  if (gone.length > 0) await dropRates(env.DB, gone);
}
