import type { ScenarioPosition } from "../admin/scenario-actions";
import { lintScenario, readPositions, scenarioOf } from "../admin/scenario-actions";
import type { StoredScenario } from "../scenarios/admin-store";
import { findVersion } from "../scenarios/admin-store";
import type { BlockNode, ScenarioDefinition } from "../scenarios/definition";
import type { Finding } from "../scenarios/lint";
import type { TakeOverChoice } from "../scenarios/publishing";
import type { Services } from "../services";
import { sortedText } from "../shared/sorted-text";

/** What the form of publishing says. */
export interface PublishingChoice extends TakeOverChoice {
  /** `beside`: the draft replaces nothing, and is for a share of those who come. */
  readonly runs: "keep" | "migrate" | "beside";
  /** That share, in whole percent. */
  readonly share: number;
}

/** A block that people wait at and that the draft has no like of. */
export interface Homeless {
  readonly block: string;
  /** Undefined where its version is gone. */
  readonly node: BlockNode | undefined;
  readonly runs: number;
  /** Blocks of the draft of the same kind, at which they could go on. */
  readonly options: readonly string[];
}

/** A block as a version has it, and how the draft changes it. */
export interface BlockChange {
  readonly block: string;
  readonly change: "new" | "gone" | "changed" | "rewired";
  /** The draft's, or the one that is gone. */
  readonly node: BlockNode;
}

/** All that publishing a draft would mean, as of now and of a choice. */
export interface Publishing {
  readonly scenario: StoredScenario;
  /** What runs now; null where nothing ever ran, or its version is gone. */
  readonly live: ScenarioDefinition | null;
  readonly changes: readonly BlockChange[];
  readonly findings: readonly Finding[];
  readonly choice: PublishingChoice;
  readonly positions: readonly ScenarioPosition[];
  readonly homeless: readonly Homeless[];
  /** The block of a version that people wait at. */
  readonly nodeOf: (version: number, block: string) => BlockNode | undefined;
}

const RUNS = ["migrate", "beside"] as const;

/** Reads a posted choice; what it does not say is as the API has it. */
export function choiceOf(form: URLSearchParams): PublishingChoice {
  const named = [...form].filter(([name, value]) => name.startsWith("to.") && value !== "");
  return {
    runs: RUNS.find((one) => one === form.get("runs")) ?? "keep",
    share: /^[1-9]\d?$/.test(form.get("share") ?? "") ? Number(form.get("share")) : 50,
    unmatched: form.get("unmatched") === "exit" ? "exit" : "stay",
    blocks: Object.fromEntries(named.map(([name, value]) => [name.slice("to.".length), value])),
  };
}

/** How a draft differs from what runs, block by block. */
export function changesOf(live: ScenarioDefinition, draft: ScenarioDefinition): BlockChange[] {
  const before = new Map(Object.entries(live.blocks));
  const after = Object.entries(draft.blocks).flatMap(([block, node]): BlockChange[] => {
    const known = before.get(block);
    before.delete(block);
    if (!known) return [{ block, change: "new", node }];
    if (sortedText(known) === sortedText(node)) return [];
    const isSame = sortedText({ ...known, next: {} }) === sortedText({ ...node, next: {} });
    return [{ block, change: isSame ? "rewired" : "changed", node }];
  });
  return [...after, ...[...before].map(([block, node]): BlockChange => ({ block, change: "gone", node }))];
}

/** Reads what publishing the draft of a scenario would mean. Throws not-found. */
export async function readPublishing(services: Services, id: string, choice: PublishingChoice): Promise<Publishing> {
  const { DB } = services.env;
  const scenario = await scenarioOf(services, id);
  const [live, findings, positions, unmatched] = await Promise.all([
    scenario.liveVersion === null ? null : findVersion(DB, id, scenario.liveVersion),
    lintScenario(services, scenario),
    readPositions(services, id, choice),
    // Who has no like whatever is chosen: each of them keeps its field.
    readPositions(services, id, { ...choice, blocks: {} }),
  ]);
  const versions = new Map<number, ScenarioDefinition>();
  for (const version of new Set(positions.map((position) => position.version))) {
    const found = await findVersion(DB, id, version);
    if (found) versions.set(version, found);
  }
  const nodeOf = (version: number, block: string): BlockNode | undefined => versions.get(version)?.blocks[block];
  const draft = scenario.definition;
  return {
    scenario,
    live,
    changes: live ? changesOf(live, draft) : [],
    findings,
    choice,
    positions,
    homeless: homelessOf(unmatched, draft, nodeOf),
    nodeOf,
  };
}

function homelessOf(
  positions: readonly ScenarioPosition[],
  draft: ScenarioDefinition,
  nodeOf: Publishing["nodeOf"],
): Homeless[] {
  const lost = Map.groupBy(
    positions.filter(({ inDraft }) => inDraft === null),
    ({ block }) => block,
  );
  return [...lost].map(([block, some]) => {
    const node = some.map(({ version }) => nodeOf(version, block)).find((one) => one !== undefined);
    const options = Object.keys(draft.blocks).filter((name) => node && draft.blocks[name]?.type === node.type);
    return { block, node, runs: some.reduce((sum, { runs }) => sum + runs, 0), options };
  });
}
