import { withOrders } from "../commerce/guest-order";
import type { Programme } from "../commerce/loyalty-programme";
import { headsOfUsers } from "../contacts/head-store";
import { resolver } from "../contacts/identity";
import { profileOf } from "../contacts/profile";
import { starTable } from "../contacts/star";
import { isHistory } from "../events/event";
import { startTarget } from "../scenarios/blocks/start-targeting";
import type { ScenarioDefinition } from "../scenarios/definition";
import { rulesAsked, triggerOf } from "../scenarios/live";
import type { PastEvent } from "../scenarios/rehearsal";
import { inReplayOrder, Rehearsal } from "../scenarios/rehearsal";
import type { Row } from "../segments/facts";
import type { Rule } from "../segments/rule";
import { readsOf } from "../segments/rule";
import { loadRows } from "../segments/target-store";
import type { Services } from "../services";
import { durationMs } from "../shared/duration";
import { Fault } from "../shared/fault";
import { readJournal } from "./read-journal";
import { factsOf, projections } from "./records";

/** What fits into a Worker's memory; longer histories need to be rehearsed in parts. */
const MOST_EVENTS = 300_000;

/** Reads every past event up to `to`, from archive and journal, in the order of replay. */
export async function readPast(services: Services, to: number): Promise<PastEvent[]> {
  const past: PastEvent[] = [];
  for await (const rows of readJournal(services)) {
    for (const { seq, received_at, events } of rows) {
      events.forEach((event, index) => {
        const at = isHistory(event) ? event.at : received_at;
        // Of our own events words on consent, points and what runs told each other are history; reactions to messages that were really sent are not.
        const counts =
          event.type !== "internal" ||
          /^(consent|loyalty)\.|^referral\.(rewarded|reversed)$|^scenario\.emitted$/.test(event.name);
        if (counts && at <= to) past.push({ at, seq, index, event });
      });
    }
    if (past.length > MOST_EVENTS) {
      throw new Fault(
        "unprocessable",
        `There are more than ${MOST_EVENTS.toLocaleString("en")} events up to this time. Choose an earlier end.`,
      );
    }
  }
  return inReplayOrder(await named(services, past));
}

/** Our own events name a contact by its row. A rehearsal has rows of its own, and knows people by what they are called. */
async function named({ env }: Services, past: readonly PastEvent[]): Promise<PastEvent[]> {
  const rows = [...new Set(past.flatMap(({ event }) => event.contact ?? []))];
  const sql = "SELECT id, external_id, email, anonymous_id FROM contacts WHERE id IN (SELECT value FROM json_each(?1))";
  const { results } = await env.DB.prepare(sql)
    .bind(JSON.stringify(rows))
    .all<{ id: number; external_id: string | null; email: string | null; anonymous_id: string | null }>();
  const names = new Map(
    results.map(({ id, external_id: user, email, anonymous_id: anon }) => {
      return [id, user !== null ? { user } : email !== null ? { email } : anon !== null ? { anon } : null] as const;
    }),
  );
  return past.flatMap((each) => {
    const { contact, ...event } = each.event;
    if (contact === undefined) return [each];
    const who = names.get(contact) ?? null;
    return who ? [{ ...each, event: { ...event, ...who } }] : [];
  });
}

/** What a rehearsal takes from today, and the rows of it by the shop's own id of whom they belong to. */
export interface RowsOfToday {
  readonly kinds: readonly string[];
  readonly byUser: ReadonlyMap<string, Readonly<Record<string, readonly Row[]>>>;
}

const TOGETHER = 1_000;

/**
 * What a scenario's rules read beside profile, cart and orders, of everybody whom the past names. A rehearsal has no
 * history of it: rows are those of today, of which only what had happened by then counts.
 */
export async function readRowsOfToday(
  { env, clock, terms, tables }: Services,
  definition: ScenarioDefinition,
  past: readonly PastEvent[],
): Promise<RowsOfToday> {
  await tables.read();
  const reads = readsOf({ all: [...rulesAsked(definition), ...startRules(definition)] }, terms);
  const found = new Map<string, Readonly<Record<string, readonly Row[]>>>();
  const kinds = reads.map(({ key }) => key);
  if (reads.length === 0) return { kinds, byUser: found };
  const users = [...new Set(past.flatMap(({ event }) => event.user ?? []))];
  for (let place = 0; place < users.length; place += TOGETHER) {
    const heads = await headsOfUsers(env.DB, users.slice(place, place + TOGETHER));
    const rows = await loadRows(env.DB, [...new Set(heads.values())], reads, clock.now(), terms);
    for (const [user, head] of heads) found.set(user, rows.get(head) ?? {});
  }
  return { kinds, byUser: found };
}

function startRules(definition: ScenarioDefinition): Rule[] {
  const node = definition.blocks[definition.start];
  return node && triggerOf(definition)?.kind === "targeting" ? [startTarget(node.params).rule] : [];
}

/** A rehearsal of one version, ready to be played. */
export function makeRehearsal(
  services: Services,
  id: string,
  version: number,
  definition: ScenarioDefinition,
  { from, to, programme }: { readonly from: number; readonly to: number; readonly programme: Programme | null },
  today: RowsOfToday = { kinds: [], byUser: new Map() },
): Rehearsal {
  const live = { id, version, state: "active" as const, definition };
  const { ready } = services.briefing;
  const { SHOP_CURRENCY, LINK_SECRET } = services.config;
  const loyalty = { programme: () => programme, secret: LINK_SECRET };
  return new Rehearsal({
    scenario: id,
    version,
    from,
    to,
    fold: {
      resolver: withOrders(resolver),
      projections: projections(SHOP_CURRENCY, { tables: { find: starTable, strict: false }, loyalty }),
    },
    factsOf(record) {
      const facts = factsOf(record, services.terms.shop);
      const own = today.byUser.get(facts.profile.externalId ?? "");
      return own ? { ...facts, rows: own } : facts;
    },
    isMerged: (record) => profileOf(record).status === "merged",
    playbook: {
      live: [live],
      definition: (scenario, of) => (scenario === id && of === version ? definition : undefined),
    },
    policy: ({ holdout, max_lateness }) => ({ killed: [], ready, holdout, maxLatenessMs: durationMs(max_lateness) }),
  });
}
