import * as z from "zod";
import { listOffers } from "../commerce/coupon-store";
import type { StoredScenario } from "../scenarios/admin-store";
import {
  activation,
  archiving,
  findScenario,
  findVersion,
  insertScenario,
  insertVersion,
  pausing,
  resuming,
  takingOver,
} from "../scenarios/admin-store";
import { blockDefinition } from "../scenarios/blocks";
import type { ScenarioDefinition } from "../scenarios/definition";
import { definitionInput } from "../scenarios/definition";
import { checkGraph, completeGraph } from "../scenarios/graph";
import type { Finding } from "../scenarios/lint";
import { lint } from "../scenarios/lint";
import type { KnownContent } from "../scenarios/lint-contents";
import { withDefaults } from "../scenarios/live";
import type { TakeOverChoice } from "../scenarios/publishing";
import { withSeeds } from "../scenarios/seeds";
import type { Position } from "../scenarios/take-over";
import { likeOf } from "../scenarios/take-over";
import type { TemplateKey } from "../scenarios/templates";
import { buildTemplate, TEMPLATES } from "../scenarios/templates";
import type { Versus } from "../scenarios/versus";
import { goingOn } from "../scenarios/versus-store";
import { usesOf } from "../sends/uses";
import type { Services } from "../services";
import { putPlan } from "../services/back-plan";
import { changeSettings } from "../services/revision";
import { Fault } from "../shared/fault";
import { checkOutboundUrl } from "../shared/outbound-url";
import { pointersOf } from "../shared/pointer";
import { latePlan } from "./back-population-actions";
import type { BackPopulation } from "./back-population-schema";
import { listContents } from "./content-store";
import { checkMapping } from "./take-over-check";

const fromTemplate = z.strictObject({
  template: z.enum(Object.keys(TEMPLATES) as [TemplateKey, ...TemplateKey[]]),
  preset: z.string().max(80).optional(),
  params: z.record(z.string(), z.unknown()).optional(),
  name: z.string().min(1).max(120).optional(),
});

const fromDefinition = z.strictObject({ definition: definitionInput });

/** What a scenario is made of: a template with its choices, or a whole definition. */
export interface ScenarioSource {
  readonly template: TemplateKey | null;
  readonly definition: ScenarioDefinition;
}

/** Why the operator's list of hosts keeps an address from being called; null where it does not. */
export function callRefusal({ outbound }: Services): (url: string) => string | null {
  return (url) => {
    const checked = checkOutboundUrl(url, outbound);
    return checked.ok ? null : checked.reason;
  };
}

/**
 * Reads `{template, preset?, params?, name?}` or `{definition}`; throws a Fault with the places of what is wrong.
 * `refusesCall` says why an address may not be called.
 */
export function readSource(input: unknown, refusesCall?: (url: string) => string | null): ScenarioSource {
  const source = Object.hasOwn(Object(input) as object, "definition") ? readDefinition(input) : readTemplate(input);
  const faults = checkGraph(source.definition, refusesCall).map(({ pointer, detail }) => ({
    pointer: `/definition${pointer}`,
    detail,
  }));
  if (faults.length > 0) throw new Fault("unprocessable", "The graph cannot be run as it is.", faults);
  return { ...source, definition: completeGraph(source.definition) };
}

function readDefinition(input: unknown): ScenarioSource {
  const parsed = fromDefinition.safeParse(input);
  if (!parsed.success) throw new Fault("invalid-input", "This is not a scenario.", pointersOf(parsed.error));
  return { template: null, definition: parsed.data.definition };
}

function readTemplate(input: unknown): ScenarioSource {
  const parsed = fromTemplate.safeParse(input);
  if (!parsed.success) {
    throw new Fault("invalid-input", "Give a `template` or a whole `definition`.", pointersOf(parsed.error));
  }
  const { template, preset, params, name } = parsed.data;
  const built = buildTemplate(template, preset, params);
  if (!built.ok) throw new Fault("invalid-input", "The template cannot be filled in like this.", built.errors);
  return { template, definition: { ...built.definition, ...(name !== undefined && { name }) } };
}

/** A scenario by its id; throws not-found. */
export async function scenarioOf(services: Services, id: string): Promise<StoredScenario> {
  const found = await findScenario(services.env.DB, id);
  if (!found) throw new Fault("not-found", "No scenario has this id.");
  return found;
}

/** Stores a new draft. The same id again is the same scenario. */
export async function createScenario(services: Services, id: string, source: ScenarioSource): Promise<StoredScenario> {
  await insertScenario(services.env.DB, id, source.template, withSeeds(id, source.definition), services.clock.now());
  return scenarioOf(services, id);
}

/** Stores a new draft version over `base`, or over whatever is newest where no base is stated. */
export async function reviseScenario(
  services: Services,
  id: string,
  source: ScenarioSource,
  base: number | null,
): Promise<StoredScenario> {
  const known = await scenarioOf(services, id);
  if (known.state === "archived") throw new Fault("conflict", "The scenario is archived. Make a new one.");
  const expected = base ?? known.draftVersion;
  if (!(await insertVersion(services.env.DB, id, expected, withSeeds(id, source.definition), services.clock.now())))
    throw stale();
  return scenarioOf(services, id);
}

/** The contents that there are, with the variables of those that a scenario sends. */
async function contentsOf(services: Services, { blocks }: ScenarioDefinition): Promise<readonly KnownContent[]> {
  const sent = new Set(
    Object.values(blocks).flatMap(({ type, params }) =>
      (blockDefinition(type)?.traits(params).sends ?? []).map(({ content }) => content),
    ),
  );
  const listed = await listContents(services.env.DB);
  return Promise.all(
    listed.map(async ({ key, channel, class: kind, needs, version }) => {
      const content = sent.has(key) ? await services.content(key, version) : null;
      return { key, channel, class: kind, needs, ...(content && usesOf(content)) };
    }),
  );
}

/** What lint says of a scenario's draft, against the contents and channels of this deployment. */
export async function lintScenario(services: Services, { id: self, definition }: StoredScenario): Promise<Finding[]> {
  const { env, briefing, terms, tables } = services;
  const [contents, { playbook }, offers] = await Promise.all([
    contentsOf(services, definition),
    services.briefings.read(),
    listOffers(env.DB),
    tables.read(),
  ]);
  return lint(withDefaults(definition), {
    contents,
    channels: briefing.ready,
    terms,
    self,
    others: playbook.live.filter(({ id, state }) => id !== self && state === "active"),
    offers: offers.map(({ key }) => key),
    refusesCall: callRefusal(services),
  });
}

/**
 * A scenario whose draft may run. Throws conflict where it is archived, precondition-failed where its draft is not `base`,
 * unprocessable with what lint forbids.
 */
export async function runnableDraft(services: Services, id: string, base: number | null): Promise<StoredScenario> {
  const known = await scenarioOf(services, id);
  if (known.state === "archived") throw new Fault("conflict", "The scenario is archived. Make a new one.");
  if (base !== null && base !== known.draftVersion) throw stale();
  const errors = (await lintScenario(services, known)).filter(({ level }) => level === "error");
  if (errors.length > 0) {
    const listed = errors.map(({ path, message, code }) => ({
      pointer: `/definition/blocks/${path[0] ?? ""}`,
      detail: `${code}: ${message.en}`,
    }));
    throw new Fault("unprocessable", "Lint found errors that must be mended first.", listed);
  }
  return known;
}

/** While two versions run side by side, only a pause can be ended: whatever else would end the test unasked. */
async function goOnBeside(services: Services, known: StoredScenario, { version }: Versus): Promise<StoredScenario> {
  const { id, state, draftVersion, liveVersion } = known;
  if (state !== "paused" || draftVersion !== version) {
    throw new Fault(
      "conflict",
      `Versions ${liveVersion ?? "–"} and ${version} run side by side. Keep one of them first: ` +
        `POST /api/scenarios/${id}/versions/{version}/keep`,
    );
  }
  await changeSettings(services, [goingOn(services.env.DB, id, version, services.clock.now())]);
  return scenarioOf(services, id);
}

/**
 * Lets the draft run, or go on after a pause. Runs of earlier versions stay with theirs, unless the draft is to take them
 * over. Throws unprocessable with what lint forbids.
 */
export async function activateScenario(
  services: Services,
  id: string,
  base: number | null = null,
  takeOver: TakeOverChoice | null = null,
  late: BackPopulation | null = null,
): Promise<StoredScenario> {
  const known = await runnableDraft(services, id, base);
  if (known.challenger) return goOnBeside(services, known, known.challenger);
  const { DB } = services.env;
  if (takeOver) await checkMapping(services, known, takeOver);
  const plan = late && (await latePlan(services, known, late));
  const [activated] = await changeSettings(services, [
    activation(DB, id, known.draftVersion, services.clock.now()),
    // With it, or a target would be evaluated for everybody first.
    ...(plan ? [putPlan(DB, id, known.draftVersion, plan)] : []),
    ...(takeOver ? [takingOver(DB, id, known.draftVersion, takeOver)] : []),
  ]);
  if (activated?.meta.changes === 0) throw stale();
  return scenarioOf(services, id);
}

/** Runs that wait at a block of a version, and where they would go on if the draft took them over. */
export interface ScenarioPosition extends Position {
  /** Null where the draft has no like of the block. */
  readonly inDraft: string | null;
}

/** Where everybody in a scenario waits, in the order of versions and blocks. */
export async function readPositions(
  services: Services,
  id: string,
  choice: TakeOverChoice,
): Promise<readonly ScenarioPosition[]> {
  const { definition: draft } = await scenarioOf(services, id);
  const found = (await Promise.all(services.shards().map((shard) => shard.positions(id)))).flat();
  const byVersion = Map.groupBy(found, ({ version }) => version);
  const read = await Promise.all(
    [...byVersion].map(async ([version, positions]) => {
      const from = (await findVersion(services.env.DB, id, version)) ?? undefined;
      return [...Map.groupBy(positions, ({ block }) => block)].map(([block, some]) => ({
        version,
        block,
        runs: some.reduce((sum, { runs }) => sum + runs, 0),
        inDraft: likeOf(block, from, draft, choice),
      }));
    }),
  );
  return read.flat().sort((left, right) => left.version - right.version || (left.block < right.block ? -1 : 1));
}

/** Holds an active scenario where it stands. */
export async function pauseScenario(services: Services, id: string): Promise<StoredScenario> {
  const { state } = await scenarioOf(services, id);
  if (state === "draft" || state === "archived") throw new Fault("conflict", "Only an active scenario can be paused.");
  await changeSettings(services, [pausing(services.env.DB, id, services.clock.now())]);
  return scenarioOf(services, id);
}

/**
 * Lets a paused scenario go on in the version that ran before; a draft stays one. What fell due meanwhile comes at once.
 * One that runs is left as it is.
 */
export async function resumeScenario(services: Services, id: string): Promise<StoredScenario> {
  const known = await scenarioOf(services, id);
  if (known.state === "active") return known;
  if (known.state === "paused") await changeSettings(services, [resuming(services.env.DB, id, services.clock.now())]);
  const stored = await scenarioOf(services, id);
  if (stored.state === "active") return stored;
  const instead = stored.state === "draft" ? "It has never run: activate it." : "It is archived: make a new one.";
  throw new Fault("conflict", `Only a paused scenario can be resumed. ${instead}`);
}

/** Ends a scenario for good. */
export async function archiveScenario(services: Services, id: string): Promise<StoredScenario> {
  await scenarioOf(services, id);
  await changeSettings(services, archiving(services.env.DB, id, services.clock.now()));
  return scenarioOf(services, id);
}

/** What somebody hears who read the draft before it was changed. */
export function stale(): Fault {
  return new Fault("precondition-failed", "The scenario has a newer version. Read it again and repeat your change.");
}
