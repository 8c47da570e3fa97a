import { isEmptied } from "../../contacts/profile";
import type { Decision, Intent } from "../../decisions/gate";
import { DECISION_COLUMNS, decide } from "../../decisions/gate";
import { bulk, bulkInsert } from "../../platform/d1";
import type { Briefing } from "../../scenarios/shard-port";
import type { Facts } from "../../segments/facts";
import type { Campaign, CampaignPage, Prepared } from "../../sends/campaigns/campaign-store";
import { contactsOf, knownSends, notePrepared } from "../../sends/campaigns/campaign-store";
import { armsOf } from "../../sends/campaigns/definition";
import { forgetEmptied } from "../../sends/campaigns/page-store";
import { SEND_COLUMNS } from "../../sends/send-row";
import { SENDS_SQL } from "../../sends/store";
import { mayPrintCart } from "../../sends/uses";
import type { Services } from "../../services";
import { derivedId } from "../../shared/ids";
import { factsWithHeads } from "../records";

/** The sweep does not look for these rows, as an index entry would cost two rows a message: their campaign does. */
const OFFERED_BY_CAMPAIGN = 2;

const DECISIONS_SQL = bulkInsert({ name: "decisions", columns: DECISION_COLUMNS, conflict: "ON CONFLICT DO NOTHING" });

const PLACE = {
  version: SEND_COLUMNS.indexOf("content_version"),
  data: SEND_COLUMNS.indexOf("data"),
  open: SEND_COLUMNS.indexOf("open"),
  next: SEND_COLUMNS.indexOf("next_at"),
} as const;

interface Judged {
  readonly facts: Facts;
  readonly send: string;
  readonly intent: Intent;
  readonly decision: Decision;
}

/**
 * Asks the gate about everybody of a page and makes the rows of their messages, which leave at the page's time. All of it is
 * one batch; what is done twice names the same rows.
 */
export async function preparePage(services: Services, campaign: Campaign, page: CampaignPage): Promise<void> {
  const { DB } = services.env;
  const now = services.clock.now();
  const briefing = await services.briefings.read();
  const asked = await contactsOf(DB, campaign.id, page.page);
  const facts = await factsWithHeads(DB, asked, () => undefined, services.terms.shop);
  const judged = judge(briefing, campaign, page, ofPersons(facts), now);
  const isCartPrinted = await printsCart(services, campaign, page);
  const wanted = judged.filter(({ decision }) => decision.outcome === "send");
  const known = await knownSends(
    DB,
    wanted.map(({ facts: { contact }, send }) => ({ contact, id: send })),
  );
  const made = wanted
    .filter(({ send }) => !known.has(send))
    .map((one) => ({ one, row: rowOf(briefing, campaign, page, isCartPrinted ? one : cartless(one), now) }));
  const sends = made.flatMap(({ row }) => (row === null ? [] : [row]));
  const refused = judged.filter(({ decision }) => decision.outcome !== "send");
  const lost = made.flatMap(({ one, row }) => (row === null ? [without(one)] : []));
  const against = [...refused, ...lost];
  await DB.batch([
    ...bulk(DB, SENDS_SQL, sends),
    ...bulk(
      DB,
      DECISIONS_SQL,
      against.filter(isKept).map((one) => decisionRow(campaign, page, one, now)),
    ),
    // Whoever was erased since they were read leaves nothing behind.
    ...forgetEmptied(DB, campaign.id, asked),
    ...notePrepared(
      DB,
      campaign.id,
      { ...page, arm: armOf(campaign, page) },
      {
        ...whatBecame(against),
        contacts: made.flatMap(({ one, row }) => (row === null ? [] : [one.facts.contact])),
      },
      now,
    ),
  ]);
}

/** One of each person: whoever was merged since is who stands for them. */
function ofPersons(facts: readonly Facts[]): Facts[] {
  return [...new Map(facts.map((about) => [about.head, { ...about, contact: about.head }])).values()];
}

function armOf({ winner }: Campaign, { arm }: CampaignPage): string {
  return arm ?? winner?.arm ?? "a";
}

/** The one place in which a campaign asks the gate. */
function judge(
  briefing: Briefing,
  campaign: Campaign,
  page: CampaignPage,
  facts: readonly Facts[],
  now: number,
): Judged[] {
  const { id, definition } = campaign;
  const policy = briefing.policy({ holdout: definition.holdout, max_lateness: "P1D" });
  const arm = armOf(campaign, page);
  const due = page.dueAt ?? now;
  const intent: Intent = {
    run: id,
    scenario: id,
    block: arm,
    channel: definition.channel,
    content: armsOf(definition)[arm] ?? definition.content,
    class: definition.class,
    plannedAt: page.plannedAt,
  };
  return facts.map((about) => {
    const send = derivedId("snd", id, about.contact, definition.channel);
    // It is asked for the moment at which the message is to leave.
    const decision = decide(intent, about, policy, Math.max(now, due));
    return {
      facts: about,
      send,
      intent,
      decision: isStranger(definition.class, about) ? stranger(decision) : decision,
    };
  });
}

/** A notice is for who buys here or has an account: to others it would be advertising. */
function isStranger(kind: Intent["class"], { profile, commerce }: Facts): boolean {
  return kind === "service" && profile.externalId === null && commerce.orders.length === 0;
}

function stranger(decision: Decision): Decision {
  return decision.outcome === "send" ? { ...decision, outcome: "suppressed", reason: "no_relation" } : decision;
}

function without(one: Judged): Judged {
  return { ...one, decision: { ...one.decision, outcome: "suppressed", reason: "content_missing" } };
}

/** Of whose row is empty nothing is kept but the count. */
function isKept({ facts }: Judged): boolean {
  return !isEmptied(facts.profile);
}

async function printsCart(services: Services, campaign: Campaign, page: CampaignPage): Promise<boolean> {
  const arm = armOf(campaign, page);
  const { content: key } = campaign.definition;
  const content = await services.content(armsOf(campaign.definition)[arm] ?? key, campaign.versions[arm] ?? 0);
  return content === null || mayPrintCart(content);
}

/** A row that holds a cart takes two pages of the database in place of one, for each look at it. */
function cartless(one: Judged): Judged {
  return { ...one, facts: { ...one.facts, commerce: { ...one.facts.commerce, cart: null } } };
}

function rowOf(
  briefing: Briefing,
  { versions }: Campaign,
  page: CampaignPage,
  one: Judged,
  now: number,
): unknown[] | null {
  const { send, intent, decision, facts } = one;
  const made = briefing.makeSend({ kind: "decided", intent, send, decision, at: now, origin: undefined }, facts);
  if (made === null) return null;
  const row = [...made];
  // As it was confirmed: a content that is published meanwhile is for what comes later.
  row[PLACE.version] = versions[intent.block] ?? row[PLACE.version];
  row[PLACE.open] = OFFERED_BY_CAMPAIGN;
  row[PLACE.next] = Math.max(now, page.dueAt ?? now);
  // What the gate looked at goes with the message: a decision of its own would be two rows more for each.
  const gate = JSON.stringify({ rule: decision.rule, inputs: decision.inputs });
  row[PLACE.data] = `${String(row[PLACE.data]).slice(0, -1)},"gate":${gate}}`;
  return row;
}

function decisionRow(
  campaign: Campaign,
  page: CampaignPage,
  { facts, send, intent, decision }: Judged,
  now: number,
): unknown[] {
  const { run, scenario, block, channel } = intent;
  const { outcome, reason, rule, inputs } = decision;
  const id = derivedId("dec", send, page.page, campaign.id);
  return [facts.contact, id, send, run, scenario, block, channel, outcome, reason, rule, JSON.stringify(inputs), now];
}

function whatBecame(against: readonly Judged[]): Omit<Prepared, "contacts"> {
  const held = Map.groupBy(
    against.filter(({ decision }) => decision.outcome === "held"),
    ({ decision }) => decision.until ?? 0,
  );
  const stopped = against.filter(({ decision }) => decision.outcome === "suppressed");
  const reasons = Map.groupBy(stopped, ({ decision }) => decision.reason);
  return {
    withheld: Object.fromEntries([...reasons].map(([reason, some]) => [reason, some.length])),
    control: (reasons.get("control_group") ?? []).map(({ facts }) => facts.contact),
    held: new Map([...held].map(([until, some]) => [until, some.map(({ facts }) => facts.contact)])),
  };
}
