import type { Offer } from "../commerce/coupon";
import type { Programme } from "../commerce/loyalty-programme";
import type { ShelfHistory } from "../commerce/shelf-store";
import { headsOfUsers } from "../contacts/head-store";
import type { Profile } from "../contacts/profile";
import { profileOf } from "../contacts/profile";
import type { GatePolicy } from "../decisions/question";
import type { LedgerEvent } from "../events/event";
import { isHistory } from "../events/event";
import { jsonParts } from "../platform/d1";
import { ACTED } from "../scenarios/acted";
import { API_KEY } from "../scenarios/begin";
import { startTarget } from "../scenarios/blocks/start-targeting";
import type { ScenarioDefinition } from "../scenarios/definition";
import { interestWithin } from "../scenarios/interest";
import type { Playbook } from "../scenarios/live";
import { rulesAsked, triggerOf } from "../scenarios/live";
import type { PastEvent, RehearsalParts } from "../scenarios/rehearsal";
import { inReplayOrder, Rehearsal } from "../scenarios/rehearsal";
import type { PastChange } from "../scenarios/rehearsal-caring";
import { members, transitions } from "../segments/collections/membership";
import type { Read } from "../segments/condition";
import type { Row } from "../segments/facts";
import { readOf } from "../segments/read";
import type { Rule } from "../segments/rule";
import { readsOf } from "../segments/rule";
import { staysOf } from "../segments/stays";
import { loadRows } from "../segments/target-store";
import { STARTER_CONTENTS } from "../sends/contents";
import type { Services } from "../services";
import { durationMs } from "../shared/duration";
import { Fault } from "../shared/fault";
import { answersOfPast, offersOfPast } from "./answers-of-past";
import { readBriefing } from "./briefing";
import { changesOfPast } from "./changes-of-past";
import type { ArchivedRow } from "./read-journal";
import { readJournal } from "./read-journal";
import { factsOf, meantBy, projections } from "./records";
import { castResolver } from "./rehearsals/cast";
import { shelvesOfPast } from "./shelves-of-past";

/** What fits into a Worker's memory; longer histories need to be rehearsed in parts. */
const MOST_EVENTS = 300_000;

/** Reads every past event up to `to`, from archive and journal, in the order of replay. */
export async function readPast(services: Services, to: number): Promise<PastEvent[]> {
  const past: PastEvent[] = [];
  for await (const rows of readJournal(services)) {
    for (const one of pastOf(rows, to)) past.push(one);
    if (past.length > MOST_EVENTS) {
      throw new Fault(
        "unprocessable",
        `There are more than ${MOST_EVENTS.toLocaleString("en")} events up to this time. Choose an earlier end.`,
      );
    }
  }
  return inReplayOrder(await namedPast(services, past));
}

/**
 * Of our own events, what was said of contacts, what one scenario told another, what came of acts and whom somebody let in
 * is history. Reactions to messages that were really sent are not, nor are entries that a start let in: a rehearsal looks
 * for its own.
 */
function isPast({ name, id, properties }: LedgerEvent): boolean {
  if (name !== "scenario.enter") return !NOT_PAST.test(name);
  return id.startsWith("enter.act_") || String(properties?.["key"]).startsWith(API_KEY);
}

const NOT_PAST = /^(message|privacy|audience)\.|^contact\.(merged|unmerged|erased)$/;

/** What rows of the journal tell of up to `to`, epoch ms. */
export function pastOf(rows: readonly ArchivedRow[], to: number): PastEvent[] {
  const past: PastEvent[] = [];
  for (const { seq, received_at, events } of rows) {
    for (const [index, event] of events.entries()) {
      const at = isHistory(event) ? event.at : received_at;
      if (at <= to && (event.type !== "internal" || isPast(event))) past.push({ at, seq, index, event });
    }
  }
  return past;
}

/** Our own events name a contact by its row. A rehearsal has rows of its own, and knows people by what they are called. */
export async function namedPast({ env }: Services, past: PastEvent[]): Promise<PastEvent[]> {
  const rows = [...new Set(past.flatMap(({ event }) => event.contact ?? []))];
  if (rows.length === 0) return past;
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
  /** Contacts by their verified identities: what is drawn for a contact, or measured of one, goes by their row. */
  readonly numbers?: ReadonlyMap<string, number>;
  /** Acts of which the past tells what came. */
  readonly acted?: ReadonlySet<unknown>;
  /** Keys of the contents that the shop has written. */
  readonly contents?: ReadonlySet<string>;
  /** Prices and stock as they were, of all products that the past speaks of. */
  readonly shelves?: ShelfHistory | null;
  /** The offers, where somebody gives coupons of them. */
  readonly offers?: readonly Offer[] | undefined;
  /** What changed in the catalogue, for scenarios that start on it. */
  readonly changes?: readonly PastChange[];
  /** Caps and hours as they are set, what contents need, and what scenarios earned. */
  readonly gate?: Pick<GatePolicy, "sending" | "needs" | "earnings">;
}

const TOGETHER = 1_000;

/**
 * What a scenario's rules read beside profile, cart and orders, of everybody whom the past names. A rehearsal has no
 * history of it, segments aside: rows are those of today, of which only what had happened by then counts.
 */
export async function readRowsOfToday(
  services: Services,
  definitions: readonly ScenarioDefinition[],
  past: readonly PastEvent[],
  period: { readonly from: number; readonly to: number },
): Promise<RowsOfToday> {
  const { env, clock, terms, tables } = services;
  await tables.read();
  const asked = definitions.flatMap(allRules);
  const reads = withMoves(readsOf({ all: asked }, terms));
  const found = new Map<string, Readonly<Record<string, readonly Row[]>>>();
  const kinds = reads.map(({ key }) => key).filter((key) => key !== members.key && key !== transitions.key);
  const acted = new Set(past.flatMap(({ event }) => (event.name === ACTED ? [event.properties?.["act"]] : [])));
  const users = reads.length === 0 ? [] : [...new Set(past.flatMap(({ event }) => event.user ?? []))];
  for (let place = 0; place < users.length; place += TOGETHER) {
    const heads = await headsOfUsers(env.DB, users.slice(place, place + TOGETHER));
    const rows = await loadRows(env.DB, [...new Set(heads.values())], reads, clock.now(), terms);
    for (const [user, head] of heads) found.set(user, asOfThen(rows.get(head) ?? {}));
  }
  const shelves = await shelvesOfPast(env.DB, definitions, past, found.values());
  const written = await env.DB.prepare("SELECT DISTINCT key FROM contents").all<{ key: string }>();
  const contents = new Set(written.results.map(({ key }) => key));
  const offers = await offersOfPast(env.DB, definitions);
  const changes = await changesOfPast(env.DB, definitions, past, period);
  const gate = await gateOf(services);
  return { kinds, byUser: found, acted, shelves, contents, changes, offers, gate };
}

/** What the gate goes by today beside switches, which a rehearsal leaves out. */
async function gateOf({ env, briefing }: Services): Promise<NonNullable<RowsOfToday["gate"]>> {
  const { policy } = await readBriefing(env.DB, briefing);
  const { sending, needs, earnings } = policy({ holdout: 0, max_lateness: "P1D" });
  return { sending, needs, earnings };
}

/** Whose rows the verified identities are that past events name, also of who was merged since. */
export async function readNumbers(db: D1Database, past: readonly PastEvent[]): Promise<ReadonlyMap<string, number>> {
  const named = new Set(past.flatMap(({ event }) => castResolver.keys(event)));
  const verified = [...named].filter((identity) => /^[ue]:/.test(identity));
  const sql = "SELECT i.identity, i.contact FROM json_each(?1) v JOIN identities i ON i.identity = v.value";
  const numbers = new Map<string, number>();
  for (const part of jsonParts(verified)) {
    const { results } = await db.prepare(sql).bind(part).all<{ identity: string; contact: number }>();
    for (const { identity, contact } of results) numbers.set(identity, contact);
  }
  return numbers;
}

/** Beyond all rows: nobody who is not known today is taken for somebody who is. */
const UNKNOWN = 2 ** 40;

function numberOf({ externalId, email }: Profile, numbers: ReadonlyMap<string, number>): number | undefined {
  return (externalId === null ? undefined : numbers.get(`u:${externalId}`)) ?? numbers.get(`e:${email}`);
}

/** Every rule that a version asks, that of its start included. */
export function allRules(definition: ScenarioDefinition): Rule[] {
  const node = definition.blocks[definition.start];
  const isTarget = node && triggerOf(definition)?.kind === "targeting";
  return [...rulesAsked(definition), ...(isTarget ? [startTarget(node.params).rule] : [])];
}

/** Segments have a history: whoever asks where somebody is reads how they came there. */
function withMoves(reads: readonly Read[]): readonly Read[] {
  const isAsked = (key: string): boolean => reads.some((read) => read.key === key);
  return isAsked(members.key) && !isAsked(transitions.key) ? [...reads, readOf(transitions)] : reads;
}

function asOfThen(rows: Readonly<Record<string, readonly Row[]>>): Readonly<Record<string, readonly Row[]>> {
  const { [members.key]: of, [transitions.key]: moves = [] } = rows;
  return of ? { ...rows, [members.key]: staysOf(of, moves) } : rows;
}

/** The projections that nothing which a scenario reads comes from: their rows would go nowhere. */
const UNREAD = new Set(["catalogue", "optin", "acts", "privacy"]);

/** The projections that scenarios of these playbooks can hear of. Rows of the star are read as they are today. */
function readProjections(
  all: RehearsalParts["fold"]["projections"],
  playbooks: readonly Playbook[],
  asksRows: boolean,
) {
  const isTold = playbooks
    .map(interestWithin)
    .some(({ tables, everything, visits }) => everything || visits || (tables?.size ?? 0) > 0);
  return Object.fromEntries(
    Object.entries(all).filter(([key]) => !UNREAD.has(key) && (key !== "star" || isTold || asksRows)),
  );
}

/** What is rehearsed: a scenario's version, in a playbook with whatever else plays. */
export interface Rehearsed {
  readonly id: string;
  readonly version: number;
  readonly playbook: Playbook;
}

/** A playbook of one version by itself. */
export function alone(id: string, version: number, definition: ScenarioDefinition): Rehearsed {
  const live = [{ id, version, state: "active" as const, definition }];
  const find = (scenario: string, of: number) => (scenario === id && of === version ? definition : undefined);
  return { id, version, playbook: { live, definition: find } };
}

/** A rehearsal of one version, ready to be played. Times of the period are epoch ms. */
export function makeRehearsal(
  services: Services,
  { id, version, playbook }: Rehearsed,
  { from, to, programme }: { readonly from: number; readonly to: number; readonly programme: Programme | null },
  today: RowsOfToday = { kinds: [], byUser: new Map() },
  more: Partial<RehearsalParts> = {},
): Rehearsal {
  const { numbers, acted, contents, changes, offers, shelves = null } = today;
  const { ready } = services.briefing;
  const { SHOP_CURRENCY, LINK_SECRET } = services.config;
  const loyalty = { programme: () => programme, secret: LINK_SECRET };
  const all = projections(SHOP_CURRENCY, { tables: { find: services.terms.table, strict: false }, loyalty });
  // Whoever cares for a product is known by the rows that events put.
  const asksRows = (changes ?? []).length > 0;
  const read = readProjections(all, more.compared ? [playbook, more.compared] : [playbook], asksRows);
  return new Rehearsal({
    scenario: id,
    version,
    from,
    to,
    fold: { resolver: castResolver, projections: read, ...(!asksRows && { writes: false }) },
    factsOf(record) {
      const facts = factsOf(record, services.terms.shop);
      const contact = numbers ? (numberOf(facts.profile, numbers) ?? UNKNOWN + record.id) : record.id;
      const own = today.byUser.get(facts.profile.externalId ?? "");
      return { ...facts, contact, ...(own && { rows: own }) };
    },
    hasContent: (key) => !contents || contents.has(key) || Object.hasOwn(STARTER_CONTENTS, key),
    told: meantBy,
    isMerged: (record) => profileOf(record).status === "merged",
    playbook,
    changes,
    policy: ({ holdout, max_lateness }) => ({
      killed: [],
      ready,
      holdout,
      maxLatenessMs: durationMs(max_lateness),
      ...today.gate,
      // In life the permit knows who is engaged; most people are not, so the caps of most are taken.
      ...(today.gate?.sending && { sending: { ...today.gate.sending, factors: [] } }),
    }),
    ...more,
    answers: {
      isTold: (act) => acted?.has(act) === true,
      answerTo: answersOfPast({ shelves, offers, secret: LINK_SECRET }),
      ...more.answers,
    },
  });
}
