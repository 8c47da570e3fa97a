import { familyOf } from "../admin/segment-actions";
import type { FlowRow, MemberRow, TransitionRow } from "../admin/segment-store";
import { countMembers, listDays, listMembers, listTransitions, sumFlows, transitionsOf } from "../admin/segment-store";
import type { SegmentUse } from "../admin/segment-uses";
import { readUses } from "../admin/segment-uses";
import type { Why } from "../segments/describe";
import { whyRule } from "../segments/describe";
import { rulesOf } from "../segments/segment";
import { isActive, isKnown } from "../segments/target";
import type { Services } from "../services";
import type { LiveFamily } from "../services/segments/families";
import { readSnapshot } from "../services/segments/families";
import { factsFor } from "../services/targeting";
import { DAY } from "../shared/clock";
import { localDate } from "../shared/wall-time";
import { findContact } from "./contact-store";
import { inLanguage, namedTerms } from "./segment-names";
import type { Membership, NamedContact } from "./segment-store";
import { findMembership, nameContacts } from "./segment-store";
import type { DaySizes } from "./sizes";
import { sizesByDay } from "./sizes";
import type { View } from "./view";

/** A family as the list shows it. */
export interface ListedFamily {
  readonly family: LiveFamily;
  readonly counts: ReadonlyMap<string, number>;
  readonly days: readonly DaySizes[];
  readonly uses: readonly SegmentUse[];
}

const LISTED_DAYS = 30;
const CHART_DAYS = 90;
const MOST_ROWS = 4_000;
export const MEMBERS_ON_PAGE = 50;
const LATEST_MOVES = 15;
const MOVES_OF_ONE = 8;

async function readSizes(
  services: Services,
  view: View,
  family: LiveFamily,
  counts: ReadonlyMap<string, number>,
  days: number,
): Promise<readonly DaySizes[]> {
  const [from, to] = [localDate(view.now - days * DAY, view.zone), localDate(view.now, view.zone)];
  const rows = await listDays(services.env.DB, family.key, { from, to }, null, MOST_ROWS);
  return sizesByDay(rows, family.ranks, to, counts);
}

/** Every family with its sizes: the shop's by name, and then the product's own. */
export async function readList(services: Services, view: View): Promise<readonly ListedFamily[]> {
  const [{ families }, uses] = await Promise.all([readSnapshot(services), readUses(services)]);
  const isOwn = ({ definition }: LiveFamily): number => (definition ? 0 : 1);
  const sorted = families
    .map((family) => inLanguage(family, view.language))
    .sort((one, other) => isOwn(one) - isOwn(other) || one.name.localeCompare(other.name, view.language));
  const counts = await countMembers(
    services.env.DB,
    sorted.map(({ key }) => key),
  );
  return Promise.all(
    sorted.map(async (family) => {
      const own = counts.get(family.key) ?? new Map<string, number>();
      const days = await readSizes(services, view, family, own, LISTED_DAYS);
      return { family, counts: own, days, uses: uses(family.key) };
    }),
  );
}

/** What is told of one contact in a family. */
export interface Explained {
  readonly contact: NamedContact;
  readonly membership: Membership | null;
  /** Null where the product's own way decides, for which there is no rule. */
  readonly rules: readonly { readonly segment: string; readonly why: Why }[] | null;
  readonly isKnown: boolean;
  readonly isActive: boolean;
  readonly moves: readonly TransitionRow[];
}

/** Everything that the page of one family shows. */
export interface SegmentFile extends ListedFamily {
  readonly part: string | null;
  readonly members: readonly MemberRow[];
  readonly flows: readonly FlowRow[];
  readonly moves: readonly TransitionRow[];
  /** What was typed to explain somebody; null where nothing was. */
  readonly asked: string | null;
  readonly explained: Explained | null;
}

export interface FileQuery {
  readonly part: string | null;
  /** Members behind this row. */
  readonly after: number;
  /** Days of flow. */
  readonly days: number;
  readonly asked: string | null;
}

/** Reads a family for its page. Throws not-found. */
export async function readFile(services: Services, view: View, key: string, query: FileQuery): Promise<SegmentFile> {
  const family = inLanguage(await familyOf(services, key), view.language);
  const { DB } = services.env;
  const part = family.parts.some((one) => one.key === query.part) ? query.part : null;
  const span = { from: localDate(view.now - (query.days - 1) * DAY, view.zone), to: localDate(view.now, view.zone) };
  const counts = (await countMembers(DB, [key])).get(key) ?? new Map<string, number>();
  const [uses, days, members, flows, moves, explained] = await Promise.all([
    readUses(services),
    readSizes(services, view, family, counts, CHART_DAYS),
    listMembers(DB, key, part, query.after, MEMBERS_ON_PAGE + 1),
    sumFlows(DB, key, null, span),
    listTransitions(DB, key, null, LATEST_MOVES),
    query.asked === null ? null : explain(services, view, family, query.asked),
  ]);
  return { family, counts, days, uses: uses(key), part, members, flows, moves, asked: query.asked, explained };
}

/** Why somebody is in or out; null where nobody is known by what was typed. */
async function explain(services: Services, view: View, family: LiveFamily, asked: string): Promise<Explained | null> {
  const { DB } = services.env;
  const row = await findContact(DB, asked);
  const [contact] = row === null ? [] : await nameContacts(DB, [row]);
  if (row === null || !contact) return null;
  const rules = family.definition ? rulesOf(family.definition).map(({ rule }) => rule) : [];
  const [[facts], terms] = await Promise.all([factsFor(services, [row], { all: rules }), namedTerms(services, rules)]);
  const [membership, moves] = await Promise.all([
    findMembership(DB, family.key, facts?.head ?? row),
    transitionsOf(DB, family.key, facts?.head ?? row, MOVES_OF_ONE),
  ]);
  const whys = facts && rules.map((rule) => whyRule(rule, facts, view.now, view.language, terms));
  return {
    contact,
    membership,
    rules: family.definition && whys ? whys.map((why, index) => ({ segment: family.ranks[index] ?? "", why })) : null,
    isKnown: facts !== undefined && isKnown(facts),
    isActive: facts !== undefined && (family.definition?.everybody === true || isActive(facts, view.now)),
    moves,
  };
}
