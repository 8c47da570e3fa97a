import { readProgramme } from "../../commerce/loyalty-store";
import { countryOfPhone } from "../../contacts/address";
import type { ScenarioDefinition } from "../../scenarios/definition";
import type { LiveScenario, Playbook } from "../../scenarios/live";
import { withDefaults } from "../../scenarios/live";
import { inReplayOrder } from "../../scenarios/rehearsal";
import { reactionsTo } from "../../scenarios/rehearsal-assumed";
import { compareEntries } from "../../scenarios/rehearsal-difference";
import type { PartResult } from "../../scenarios/rehearsal-plan";
import type { EntryOf } from "../../scenarios/rehearsal-report";
import type { SmsTariff } from "../../scenarios/rehearsal-sms";
import type { RehearsalRow } from "../../scenarios/rehearsal-store";
import type { Winner } from "../../scenarios/winner";
import { withWinners } from "../../scenarios/winner";
import { STARTER_CONTENTS } from "../../sends/contents";
import { economical, measureSms } from "../../sends/sms";
import type { Services } from "../../services";
import { makeRehearsal, readRowsOfToday } from "../rehearse";
import { Cast } from "./cast";
import { readSmsPrices } from "./prices";
import { readPart } from "./spool";

/** Entries of a rehearsal that are listed, about; the totals count all. */
const LISTED = 50_000;

/** Events, some 20 ms of work, after which other requests of the isolate have their turn. */
const BREATH = 1_000;

/** What parts are played with: read once, and the same for all of them. */
export interface Stage {
  readonly row: RehearsalRow;
  readonly definitions: readonly ScenarioDefinition[];
  readonly playbook: Playbook;
  readonly compared: Playbook | undefined;
  readonly programme: Awaited<ReturnType<typeof readProgramme>>;
  readonly sms: SmsTariff;
}

type Versions = ReadonlyMap<string, ScenarioDefinition>;

/** Reads what a rehearsal is played with. Throws where a version is gone. */
export async function setStage(services: Services, row: RehearsalRow): Promise<Stage> {
  const { plan, scenario } = row;
  const asked: (readonly [string, number])[] = [[scenario, plan.version]];
  for (const [other, version, beside] of plan.others) {
    asked.push([other, version]);
    if (beside) asked.push([other, beside[0]]);
  }
  if (plan.compare !== null) asked.push([scenario, plan.compare]);
  const sql =
    "SELECT v.scenario, v.version, v.definition FROM json_each(?1) a JOIN scenario_versions v " +
    "ON v.scenario = a.value ->> 0 AND v.version = a.value ->> 1";
  const { results } = await services.env.DB.prepare(sql)
    .bind(JSON.stringify(asked))
    .all<{ scenario: string; version: number; definition: string }>();
  const won = await wonSplits(services.env.DB, asked);
  const versions: Versions = new Map(
    results.map(({ scenario: id, version, definition }) => {
      const own = withDefaults(JSON.parse(definition) as ScenarioDefinition);
      return [`${id}.${version}`, withWinners(own, won.get(`${id}.${version}`) ?? [])] as const;
    }),
  );
  const own = (version: number) => playbookOf([[scenario, version], ...plan.others], versions);
  return {
    row,
    definitions: [...versions.values()],
    playbook: own(plan.version),
    compared: plan.compare === null ? undefined : own(plan.compare),
    programme: await readProgramme(services.env.DB),
    sms: await tariffOf(services),
  };
}

type WonSplit = Pick<Winner, "scenario" | "version" | "block" | "arm">;

/** The winners of splits, as they are today, by version. */
async function wonSplits(
  db: D1Database,
  asked: readonly (readonly [string, number])[],
): Promise<ReadonlyMap<string, readonly WonSplit[]>> {
  const sql =
    "SELECT w.scenario, w.version, w.block, w.arm FROM json_each(?1) a JOIN split_winners w " +
    "ON w.scenario = a.value ->> 0 AND w.version = a.value ->> 1";
  const { results } = await db.prepare(sql).bind(JSON.stringify(asked)).all<WonSplit>();
  return Map.groupBy(results, ({ scenario, version }) => `${scenario}.${version}`);
}

function playbookOf(ids: RehearsalRow["plan"]["others"], versions: Versions): Playbook {
  const find = (id: string, version: number): ScenarioDefinition => {
    const definition = versions.get(`${id}.${version}`);
    if (!definition) throw new Error(`version ${version} of ${id} is gone`);
    return definition;
  };
  const live = ids.map(([id, version, beside]): LiveScenario => {
    const own = { id, version, state: "active" as const, definition: find(id, version) };
    if (!beside) return own;
    const [other, share] = beside;
    return { ...own, challenger: { version: other, share, definition: find(id, other) } };
  });
  return { live, definition: (id, version) => versions.get(`${id}.${version}`) };
}

/** Segments are counted before names and links are filled in. */
async function tariffOf(services: Services): Promise<SmsTariff> {
  const { results } = await services.env.DB.prepare(
    "SELECT key, version, definition FROM contents WHERE (key, version) IN (SELECT key, max(version) FROM contents GROUP BY key)",
  ).all<{ key: string; definition: string }>();
  const own = new Map(results.map(({ key, definition }) => [key, definition]));
  const segments = new Map<string, number>();
  return {
    prices: await readSmsPrices(services.env.DB),
    countryOf: countryOfPhone,
    segmentsOf(content) {
      const known = segments.get(content);
      if (known !== undefined) return known;
      const text = own.get(content);
      const found: unknown = text === undefined ? Reflect.get(STARTER_CONTENTS, content) : JSON.parse(text);
      const counted = measureSms(economical(bodyOf(found))).segments;
      segments.set(content, counted);
      return counted;
    },
  };
}

function bodyOf(content: unknown): string {
  const texts = (content as { texts?: Record<string, { body?: string }> } | undefined)?.texts;
  return texts?.["fr"]?.body ?? texts?.["en"]?.body ?? "";
}

/** Plays one part to its end. */
export async function playPart(
  services: Services,
  stage: Stage,
  part: number,
  parts: number,
  places: readonly (readonly number[])[],
): Promise<{ readonly result: PartResult; readonly sides: readonly (readonly EntryOf[])[] }> {
  const { row, definitions, playbook, compared, programme, sms } = stage;
  const { id, scenario, plan } = row;
  const past = inReplayOrder(await readPart(services.env.ARCHIVE, id, part, places));
  const cast = await Cast.of(services.env.DB, past);
  const today = await readRowsOfToday(services, definitions, past, plan);
  const period = { from: plan.from, to: plan.to, programme };
  const rehearsal = makeRehearsal(services, { id: scenario, version: plan.version, playbook }, period, today, {
    compared,
    sms,
    numberFor: cast.numberFor,
    answers: plan.assume ? { reactions: reactionsTo(plan.assume) } : {},
  });
  for (const [index, event] of past.entries()) {
    rehearsal.play(event);
    if (index % BREATH === BREATH - 1) await new Promise((resolve) => setTimeout(resolve, 0));
  }
  rehearsal.finish();
  const played = rehearsal.played();
  const [own, other] = played.map(({ entries }) =>
    entries.map((one) => ({ ...one, contact: cast.contactOf(one.contact) })),
  );
  const between = other && compareEntries(own ?? [], other);
  const sides = [own ?? [], ...(other ? [other] : [])].map((entries) => listed(entries, parts));
  return {
    sides,
    result: {
      events: past.length,
      totals: played[0]?.totals ?? rehearsal.finish().totals,
      compared: played[1]?.totals ?? null,
      difference: between?.difference ?? null,
      examples: between?.examples ?? [],
      listed: sides[0]?.length ?? 0,
      today: today.kinds,
    },
  };
}

/** Where there are very many entries, some that chance has picked: always the same. */
function listed(entries: readonly EntryOf[], parts: number): readonly EntryOf[] {
  const most = Math.ceil(LISTED / parts);
  if (entries.length <= most) return entries;
  return entries.toSorted((one, other) => (one.run < other.run ? -1 : 1)).slice(0, most);
}
