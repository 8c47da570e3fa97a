import type { SeenRun, WhyStep } from "../reports/why";
import { stepsOf } from "../reports/why";
import { findVersion } from "../scenarios/admin-store";
import { startTarget } from "../scenarios/blocks/start-targeting";
import type { BlockNode, ScenarioDefinition } from "../scenarios/definition";
import { describeScenario } from "../scenarios/describe";
import { isChallenged, triggerOf, withDefaults } from "../scenarios/live";
import type { ContactState, Passage } from "../scenarios/state";
import type { Why } from "../segments/describe";
import { whyRule } from "../segments/describe";
import type { Rule } from "../segments/rule";
import type { Services } from "../services";
import { factsFor } from "../services/targeting";
import { byShard, shardOf } from "../shared/ids";
import type { Words } from "../shared/language";
import { listRunActs } from "./act-store";
import { listRunMessages } from "./run-store";
import { scenarioOf } from "./scenario-actions";
import type { ContactRun } from "./why-store";
import { runsOfContact } from "./why-store";

/** The latest passages through a scenario that are told. */
const TOLD = 20;

/** A run with all that happened to it. */
export interface ExplainedRun {
  readonly id: string;
  readonly version: number;
  readonly enteredAt: number;
  readonly outcome: string | null;
  readonly reason: string | null;
  readonly steps: readonly WhyStep[];
}

/** Why a contact did or did not get what a scenario sends. */
export interface Explanation {
  readonly name: string;
  readonly state: string;
  /** How the scenario begins. */
  readonly start: Words;
  readonly runs: readonly ExplainedRun[];
  /** Whether the contact is among those whom the scenario is for, now; in both languages. */
  readonly fits: { readonly en: Why; readonly fr: Why };
}

/**
 * Explains what a contact had of a scenario, from the rows of its runs and the shard's state. Throws not-found.
 *
 * @param terms the shop, with the names of segments where words are to have them
 */
export async function explain(
  services: Services,
  contact: number,
  scenario: string,
  terms = services.terms,
): Promise<Explanation> {
  const { env, clock } = services;
  const stored = await scenarioOf(services, scenario);
  const { challenger, liveVersion } = stored;
  const version = challenger && isChallenged(scenario, challenger, contact) ? challenger.version : liveVersion;
  const live = version === null ? null : await findVersion(env.DB, scenario, version);
  const definition = withDefaults(live ?? stored.definition);
  await services.tables.read();
  const rows = await runsOfContact(env.DB, contact, scenario, TOLD);
  const [messages, acts, state] = await Promise.all([
    listRunMessages(env.DB, rows),
    listRunActs(env.DB, rows),
    stateOf(services, contact),
  ]);
  const versions = new Map<number, ScenarioDefinition>();
  for (const { version } of rows) {
    const found = versions.has(version) ? null : await findVersion(env.DB, scenario, version);
    if (found) versions.set(version, withDefaults(found));
  }
  const runs = rows.map((row) => {
    const isOwn = ({ run, contact: of }: { run: string; contact: number }): boolean =>
      run === row.id && of === row.contact;
    const deeds = { messages: messages.filter(isOwn), acts: acts.filter(isOwn) };
    const { id, version, enteredAt, outcome, reason } = row;
    return {
      id,
      version,
      enteredAt,
      outcome,
      reason,
      steps: stepsOf(seen(row, state), deeds, versions.get(version), terms),
    };
  });
  const node = definition.blocks[definition.start];
  const asked: Rule[] = triggerOf(definition)?.kind === "targeting" ? [startTarget(node?.params).rule] : [];
  const rule: Rule = { all: [...asked, definition.filter] };
  const [facts] = await factsFor(services, [contact], rule);
  const why = (language: "en" | "fr"): Why =>
    facts ? whyRule(rule, facts, clock.now(), language, terms) : { holds: false, words: "" };
  const start = describeScenario(definition, terms)[0]?.sentence ?? { en: "", fr: "" };
  return { name: stored.name, state: stored.state, start, runs, fits: { en: why("en"), fr: why("fr") } };
}

/** The run as its row tells it and, while it is on its way, as the shard knows it. */
function seen({ id, enteredAt, exitedAt, outcome, reason, path }: ContactRun, state: ContactState | null): SeenRun {
  const open = exitedAt === null ? state?.runs.find((run) => run.id === id) : undefined;
  const kept = ((path === null ? [] : JSON.parse(path)) as [string, number, string][]).map(
    ([block, at, output]): Passage => ({ block, at, output }),
  );
  const waits = open ? { block: open.block, due: open.due } : null;
  return { enteredAt, exitedAt, outcome, reason, waits, path: open?.path ?? kept };
}

async function stateOf(services: Services, contact: number): Promise<ContactState | null> {
  const shard = services.shard(shardOf(contact, services.config.CONTACT_SHARDS));
  const [row] = (await shard.rowsOf([contact]))["contact"] ?? [];
  const text = row?.["state"];
  return typeof text === "string" ? (JSON.parse(text) as ContactState) : null;
}

/** Where a run waits now. */
export interface RunWait {
  readonly block: string;
  /** Undefined where its version is gone. */
  readonly node: BlockNode | undefined;
  /** Until when at most, epoch ms; null where nothing but what it waits for moves it on. */
  readonly due: number | null;
  /** Since when the gate holds a message of it back, and when it asks again. */
  readonly heldUntil: number | null;
}

type Open = Pick<ContactRun, "contact" | "id" | "version" | "exitedAt"> & { readonly scenario: string };

/** Where those of some runs wait that are on their way, by the run's id. */
export async function waitsOf(services: Services, runs: readonly Open[]): Promise<ReadonlyMap<string, RunWait>> {
  const open = runs.filter(({ exitedAt }) => exitedAt === null);
  const shards = byShard([...new Set(open.map(({ contact }) => contact))], services.config.CONTACT_SHARDS);
  const read = await Promise.all(
    [...shards].map(async ([shard, contacts]) => (await services.shard(shard).rowsOf(contacts))["contact"] ?? []),
  );
  const states = read.flat().flatMap((row) => (typeof row["state"] === "string" ? [row["state"]] : []));
  const known = states.map((text) => JSON.parse(text) as ContactState);
  const wanted = new Set(open.map(({ id }) => id));
  const found = known.flatMap((state) =>
    state.runs.filter(({ id }) => wanted.has(id)).map((run) => ({ run, held: state.held })),
  );
  const versions = new Map<string, ScenarioDefinition | null>();
  for (const { run } of found) {
    const key = `${run.scenario} ${run.version}`;
    if (!versions.has(key)) versions.set(key, await findVersion(services.env.DB, run.scenario, run.version));
  }
  return new Map(
    found.map(({ run, held }): [string, RunWait] => {
      const node = versions.get(`${run.scenario} ${run.version}`)?.blocks[run.block];
      const asked = held.filter((send) => send.run === run.id).map(({ askAt }) => askAt);
      const heldUntil = asked.length > 0 ? Math.min(...asked) : null;
      return [run.id, { block: run.block, node, due: run.due, heldUntil }];
    }),
  );
}
