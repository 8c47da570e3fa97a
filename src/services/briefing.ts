import type { GatePolicy } from "../decisions/gate";
import type { Playbook } from "../scenarios/live";
import type { Briefing, PolicyTerms } from "../scenarios/shard-port";
import { readPlaybook, selectPlaybook } from "../scenarios/store";
import { STARTER_CONTENTS } from "../sends/contents";
import { sendRow } from "../sends/send-row";
import { durationMs } from "../shared/duration";
import { revisionOf, selectSettings } from "./revision";

/** What the briefing is made of beside the database. */
export interface BriefingSettings {
  readonly cartUrl: string;
  /** Channels that can send now. */
  readonly ready: readonly string[];
  readonly now: () => number;
}

/** Reads scenarios, contents and switches as they are now. */
export async function readBriefing(db: D1Database, settings: BriefingSettings): Promise<Briefing> {
  const [switches, contents, scenarios, versions, winners] = await db.batch([
    selectSettings(db),
    db.prepare("SELECT key, max(version) AS version FROM contents GROUP BY key"),
    ...selectPlaybook(db),
  ]);
  const killed = ((switches?.results ?? []) as { key: string; value: string }[]).find(({ key }) => key === "kill");
  const playbook = readPlaybook(scenarios?.results ?? [], versions?.results ?? [], winners?.results ?? []);
  const own = new Map(
    ((contents?.results ?? []) as { key: string; version: number }[]).map(({ key, version }) => [key, version]),
  );
  const channels = killed ? (JSON.parse(killed.value) as string[]) : [];
  return briefingOf(revisionOf(switches?.results ?? []), playbook, own, channels, settings);
}

function briefingOf(
  revision: number,
  playbook: Playbook,
  ownContents: ReadonlyMap<string, number>,
  killed: readonly string[],
  settings: BriefingSettings,
): Briefing {
  return {
    revision,
    playbook,
    policy: (definition) => policyOf(definition, killed, settings.ready),
    makeSend({ send, intent, told }, facts) {
      const starter = (STARTER_CONTENTS as Record<string, { version: number }>)[intent.content];
      const version = ownContents.get(intent.content) ?? starter?.version;
      if (version === undefined) return null;
      const content = { key: intent.content, version };
      return sendRow(send, intent, content, facts, { cartUrl: settings.cartUrl, told }, settings.now());
    },
  };
}

function policyOf(definition: PolicyTerms, killed: readonly string[], ready: readonly string[]): GatePolicy {
  return { killed, ready, holdout: definition.holdout, maxLatenessMs: durationMs(definition.max_lateness) };
}

/** Keeps the last briefing for as long as its revision is the current one. */
export class BriefingCache {
  private last: Briefing | null = null;

  constructor(
    private readonly db: D1Database,
    private readonly settings: BriefingSettings,
  ) {}

  async read(): Promise<Briefing> {
    const { results } = await selectSettings(this.db).all();
    if (this.last?.revision !== revisionOf(results)) this.last = await readBriefing(this.db, this.settings);
    return this.last;
  }
}
