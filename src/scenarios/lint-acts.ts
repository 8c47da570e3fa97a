import type { Terms } from "../segments/compile";
import type { BlockTraits, Emitted, Trigger } from "./block";
import { blockDefinition } from "./blocks";
import type { ScenarioDefinition } from "./definition";
import { triggerOf } from "./live";
import { testWhere } from "./where";

/** Another scenario as it would run. */
export interface OtherScenario {
  readonly id: string;
  readonly definition: ScenarioDefinition;
}

/** What a scenario stands among, where that is known. */
export interface Around {
  /** The scenario's own id, and the others that are active. */
  readonly self?: string;
  readonly others?: readonly OtherScenario[];
  /** Keys of the offers that there are. */
  readonly offers?: readonly string[];
  /** Why an address may not be called; null where it may. */
  readonly refusesCall?: (url: string) => string | null;
}

function traitsIn({ blocks }: ScenarioDefinition): readonly (readonly [block: string, traits: BlockTraits])[] {
  return Object.entries(blocks).map(([name, { type, params }]) => [name, blockDefinition(type)?.traits(params) ?? {}]);
}

function error(code: string, path: readonly string[], en: string, fr: string) {
  return { level: "error" as const, code, message: { en, fr }, path };
}

/** What begins what: a scenario is begun by its id, or by an event that says what its start asks for. */
function begunBy({ starts, emits }: BlockTraits, scenarios: readonly OtherScenario[]): readonly OtherScenario[] {
  return scenarios.filter(({ id, definition }) => id === starts || mayBegin(triggerOf(definition), emits));
}

/** No date that a start asks for is known beforehand: for what moves with time, any moment will do. */
const SOMETIME = { now: 0, shop: { zone: "UTC", currency: "EUR" } };

function mayBegin(trigger: Trigger | null, emits: Emitted | undefined): boolean {
  if (!emits || trigger?.kind !== "event" || trigger.event !== emits.event) return false;
  const { properties, andMore } = emits;
  const asked = (trigger.where ?? []).filter(({ property, as }) => {
    const name = property.split(".", 1)[0] ?? "";
    if (Object.hasOwn(properties, name)) return as !== "date";
    return andMore !== true && andMore?.includes(name) !== true;
  });
  return testWhere(asked, properties, SOMETIME);
}

/** The shortest way from what a block begins back to the scenario itself, by the names of scenarios; null without one. */
function wayBack(first: readonly OtherScenario[], self: string, all: readonly OtherScenario[]): string[] | null {
  const ways = first.map((next) => [next]);
  const seen = new Set<string>();
  for (let way = ways.shift(); way; way = ways.shift()) {
    const last = way.at(-1);
    if (!last) continue;
    if (last.id === self) return way.map(({ definition }) => definition.name);
    if (seen.has(last.id)) continue;
    seen.add(last.id);
    for (const [, traits] of traitsIn(last.definition)) {
      for (const next of begunBy(traits, all)) ways.push([...way, next]);
    }
  }
  return null;
}

/** A scenario that begins itself again, itself or through others, would never let a contact go (H10). */
export function circles(definition: ScenarioDefinition, { self, others = [] }: Around) {
  const id = self ?? "";
  const all = [{ id, definition }, ...others.filter((other) => other.id !== id)];
  return traitsIn(definition).flatMap(([block, traits]) => {
    const way = wayBack(begunBy(traits, all), id, all);
    if (!way) return [];
    const names = way.map((name) => `“${name}”`).join(" → ");
    const en = `“${block}” begins this scenario again: ${names}.`;
    const fr = `« ${block} » fait recommencer ce scénario : ${way.map((name) => `« ${name} »`).join(" → ")}.`;
    return [error("circle", [block], en, fr)];
  });
}

/** Whom a block starts is there and runs, and nobody waits for a scenario that was archived. */
export function startsOfOthers(definition: ScenarioDefinition, { self, others }: Around) {
  if (!others) return [];
  return traitsIn(definition).flatMap(([block, { starts }]) => {
    if (starts === undefined || starts === self || others.some(({ id }) => id === starts)) return [];
    const en = `“${block}” starts the scenario “${starts}”, which is not active.`;
    const fr = `« ${block} » démarre le scénario « ${starts} », qui n’est pas actif.`;
    return [{ ...error("scenario_not_active", [block], en, fr), level: "warning" as const }];
  });
}

/** The operator's list of hosts counts at the call as well: what it does not hold would never be called. */
export function addressesOfCalls(definition: ScenarioDefinition, { refusesCall }: Around) {
  return traitsIn(definition).flatMap(([block, { calls }]) => {
    const reason = calls === undefined ? null : (refusesCall?.(calls.url) ?? null);
    if (reason === null) return [];
    const en = `The address that “${block}” calls ${reason}.`;
    const fr = `L’adresse qu’appelle « ${block} » n’est pas autorisée : ${reason}.`;
    return [error("address_refused", [block], en, fr)];
  });
}

/** A coupon of an offer that there is none of would never be issued. */
export function offersOfCoupons(definition: ScenarioDefinition, { offers }: Around) {
  return traitsIn(definition).flatMap(([block, { offer }]) => {
    if (offer === undefined || !offers || offers.includes(offer)) return [];
    const en = `“${block}” issues coupons of the offer “${offer}”, which does not exist.`;
    const fr = `« ${block} » émet des bons de l’offre « ${offer} », qui n’existe pas.`;
    return [error("offer_missing", [block], en, fr)];
  });
}

/** A table that there is none of, or whose rows hang on nobody, would begin nothing. */
export function tablesOfStarts(definition: ScenarioDefinition, { terms }: { readonly terms?: Terms }) {
  return traitsIn(definition).flatMap(([block, { table: key }]) => {
    if (key === undefined || !terms) return [];
    const known = terms.table(key);
    // A visit becomes a row when the next one begins.
    if (known && known.contact !== "none" && key !== "visits") return [];
    const en = `“${block}” starts on rows of “${key}”, which is no table whose rows tell of contacts as they come.`;
    const fr = `« ${block} » démarre sur les lignes de « ${key} », qui n’est pas une table dont les lignes arrivent par contact.`;
    return [error("table_unknown", [block], en, fr)];
  });
}
