import type { Brakes } from "../decisions/brake";
import { BRAKES } from "../decisions/brake";
import type { GatePolicy } from "../decisions/gate";
import type { ContentNeed } from "../decisions/question";
import type { SendingRules } from "../decisions/sending";
import { rulesOf } from "../decisions/sending";
import type { Earnings } from "../decisions/worth";
import type { Playbook } from "../scenarios/live";
import type { Briefing } from "../scenarios/shard-port";
import { readPlaybook, selectPlaybook } from "../scenarios/store";
import type { Content } from "../sends/content";
import { STARTER_CONTENTS } from "../sends/contents";
import { sendRow } from "../sends/send-row";
import { durationMs } from "../shared/duration";
import { selectTracking, trackingOf } from "../tracking/settings-store";
import { EARNINGS, revisionOf, selectSettings } from "./revision";
import { SENDING_KEY, sendingOf } from "./sending-settings";

/** What the briefing is made of beside the database. */
export interface BriefingSettings {
  readonly cartUrl: string;
  /** The inbox that takes unsubscribes by mail; empty where the shop has none. */
  readonly mailbox: string;
  /** Channels that can send now. */
  readonly ready: readonly string[];
  /** Whether it is the local demo shop, which begins with nothing held back. */
  readonly isLocal: boolean;
  readonly now: () => number;
}

/** Reads scenarios, contents and switches as they are now. */
export async function readBriefing(db: D1Database, settings: BriefingSettings): Promise<Briefing> {
  const [switches, tracking, contents, scenarios, versions, winners] = await db.batch([
    selectSettings(db),
    selectTracking(db),
    // A bare column beside max() comes from the row of the maximum.
    db.prepare("SELECT key, max(version) AS version, definition ->> 'needs' AS needs FROM contents GROUP BY key"),
    ...selectPlaybook(db),
  ]);
  const stored = new Map(
    ((switches?.results ?? []) as { key: string; value: string }[]).map((row) => [row.key, row.value]),
  );
  const playbook = readPlaybook(scenarios?.results ?? [], versions?.results ?? [], winners?.results ?? []);
  const published = (contents?.results ?? []) as { key: string; version: number; needs: string | null }[];
  const own = new Map(published.map(({ key, version }) => [key, version]));
  const limits = { ...limitsOf(stored, settings.isLocal), needs: needsOf(published), ready: settings.ready };
  const { utm } = trackingOf(tracking?.results ?? []);
  const more = { ...settings, utmSource: utm.enabled ? utm.source : null };
  return briefingOf(revisionOf(switches?.results ?? []), playbook, own, limits, more);
}

function briefingOf(
  revision: number,
  playbook: Playbook,
  ownContents: ReadonlyMap<string, number>,
  limits: ShopWide & Pick<GatePolicy, "ready" | "needs">,
  settings: BriefingSettings & { readonly utmSource: string | null },
): Briefing {
  return {
    revision,
    playbook,
    sending: limits.sending,
    policy: ({ holdout, max_lateness }) => ({ ...limits, holdout, maxLatenessMs: durationMs(max_lateness) }),
    makeSend({ send, intent, told, about }, facts) {
      const starter = (STARTER_CONTENTS as Record<string, { version: number }>)[intent.content];
      const version = ownContents.get(intent.content) ?? starter?.version;
      if (version === undefined) return null;
      const content = { key: intent.content, version };
      const { cartUrl, mailbox, utmSource } = settings;
      return sendRow(send, intent, content, facts, { cartUrl, mailbox, told, about, utmSource }, settings.now());
    },
  };
}

/** What the newest version of each content needs; a shop's own stands before one that comes with the product. */
function needsOf(published: readonly { readonly key: string; readonly needs: string | null }[]): GatePolicy["needs"] {
  const starters = Object.values<Content>(STARTER_CONTENTS).map(({ key, needs }) => [key, needs] as const);
  const own = published.map(({ key, needs }) => [key, JSON.parse(needs ?? "[]") as ContentNeed[]] as const);
  return Object.fromEntries([...starters, ...own]);
}

/** What holds for every scenario of the shop. */
type ShopWide = Pick<GatePolicy, "killed" | "brakes" | "mailboxes" | "earnings"> & { readonly sending: SendingRules };

function limitsOf(stored: ReadonlyMap<string, string>, isLocal: boolean): ShopWide {
  const brakes = Object.entries(JSON.parse(stored.get(BRAKES) ?? "{}") as Brakes);
  return {
    killed: JSON.parse(stored.get("kill") ?? "[]") as string[],
    sending: rulesOf(sendingOf(stored.get(SENDING_KEY) ?? null, isLocal)),
    brakes: Object.fromEntries(brakes.map(([channel, { until }]) => [channel, until])),
    earnings: JSON.parse(stored.get(EARNINGS) ?? "{}") as Earnings,
    mailboxes: JSON.parse(stored.get("mailboxes") ?? "{}") as Record<string, number>,
  };
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
