import type { ScenarioDefinition } from "../../scenarios/definition";
import { triggerOf } from "../../scenarios/live";
import type { RehearsalPlan } from "../../scenarios/rehearsal-plan";
import type { RehearsalRow } from "../../scenarios/rehearsal-store";
import { listWinners } from "../../scenarios/winner-store";
import { momentOf } from "../../segments/local-day";
import { segmentsIn } from "../../segments/segment";
import type { Services } from "../../services";
import type { Words } from "../../shared/language";
import { givesCoupons } from "../answers-of-past";
import { allRules } from "../rehearse";

/** What a rehearsal takes for granted, by code, in words. */
export const ASSUMPTIONS = {
  state_of_history: {
    en: "Profiles, consents, carts, orders and points are as they were at each moment.",
    fr: "Profils, consentements, paniers, commandes et points sont ceux de chaque instant.",
  },
  rows_of_today: {
    en: "Other tables are read as they are today; of their rows only what had happened by then counts.",
    fr: "Les autres tables sont lues telles qu’elles sont aujourd’hui ; de leurs lignes ne compte que ce qui avait déjà eu lieu.",
  },
  nobody_answers: {
    en: "Nobody opens or clicks a message that was never sent: waits for that run until their time-out.",
    fr: "Personne n’ouvre ni ne clique un message jamais envoyé : les attentes de réaction vont jusqu’à leur délai.",
  },
  some_answer: {
    en: "A fixed share of messages is taken to be opened and clicked, an hour after they leave.",
    fr: "Une part fixe des messages est réputée ouverte et cliquée, une heure après l’envoi.",
  },
  acts_succeed: {
    en: "Nothing else is done either; whatever asks for an answer gets what the past tells, else the first one that its block knows.",
    fr: "Rien d’autre n’est fait non plus ; ce qui attend une réponse reçoit celle du passé, sinon la première que connaît son bloc.",
  },
  switches_open: {
    en: "Channels that are set up today can send; switches that hold messages today are left out.",
    fr: "Les canaux configurés aujourd’hui peuvent envoyer ; les interrupteurs d’arrêt sont ignorés.",
  },
  sending_of_today: {
    en: "Frequency caps and sending hours are those of today; they count what this rehearsal lets through, and are no wider or tighter for the engaged or the idle.",
    fr: "Plafonds et plages d’envoi sont ceux d’aujourd’hui ; ils comptent ce que cette répétition laisse partir, sans être plus larges ni plus stricts selon l’engagement.",
  },
  others_alongside: {
    en: "Other active scenarios play along in their versions of today.",
    fr: "Les autres scénarios actifs jouent aussi, dans leur version d’aujourd’hui.",
  },
  sms_before_names: {
    en: "Text messages are counted before names and links are filled in; their prices are a setting.",
    fr: "Les SMS sont comptés avant que noms et liens soient remplis ; leurs prix sont un réglage.",
  },
  coupons_of_today: {
    en: "Coupons follow the offers of today, and the number of coupons is not limited; nobody has one from before the period.",
    fr: "Les bons suivent les offres d’aujourd’hui, sans limite de nombre ; personne n’en a d’avant la période.",
  },
  noted_changes: {
    en: "Changes of prices and stock are those that were noted at the time, for up to 400 days; products that are gone today count as gone since they last left.",
    fr: "Les changements de prix et de stock sont ceux notés à l’époque, sur 400 jours au plus ; un produit retiré aujourd’hui l’est depuis son dernier retrait.",
  },
  noted_moves: {
    en: "Moves between segments are those that were told at the time.",
    fr: "Les mouvements entre segments sont ceux annoncés à l’époque.",
  },
  segments_begin_later: {
    en: "A segment that is asked for was computed first after the beginning of the period: until then nobody is in it.",
    fr: "Un segment consulté n’a été calculé qu’après le début de la période : jusque-là, personne n’en fait partie.",
  },
  winners_of_today: {
    en: "A random split that has a winner by now sends everybody that way, also before it won.",
    fr: "Une répartition au hasard dont la gagnante est connue y envoie tout le monde, même avant sa victoire.",
  },
  test_left_out: {
    en: "The test of two versions that is running is left out: everybody goes the way of the version that is rehearsed.",
    fr: "Le test de deux versions en cours est ignoré : tout le monde suit la version répétée.",
  },
} as const satisfies Readonly<Record<string, Words>>;

export type Assumption = keyof typeof ASSUMPTIONS;

/** What is known of a version beside its definition. */
interface Circumstances {
  /** Kinds of rows that its rules read as they are now. */
  readonly today: readonly string[];
  /** Text messages of the result. */
  readonly sms: number;
  /** A segment that it asks for has no history back to the beginning of the period. */
  readonly isBeforeSegments: boolean;
  /** One of its splits has a winner. */
  readonly hasWinner: boolean;
}

/** What the result of a plan takes for granted. */
function assumptionsOf(
  plan: RehearsalPlan,
  definition: ScenarioDefinition | null,
  { today, sms, isBeforeSegments, hasWinner }: Circumstances,
): Assumption[] {
  const start = definition ? triggerOf(definition)?.kind : undefined;
  const found: [Assumption, boolean][] = [
    ["state_of_history", true],
    ["rows_of_today", today.length > 0],
    ["nobody_answers", plan.assume === null],
    ["some_answer", plan.assume !== null],
    ["acts_succeed", true],
    ["coupons_of_today", definition !== null && givesCoupons(definition)],
    ["switches_open", true],
    ["sending_of_today", true],
    ["others_alongside", plan.others.length > 0],
    ["test_left_out", plan.isTested === true],
    ["winners_of_today", hasWinner],
    ["sms_before_names", sms > 0],
    ["noted_changes", start === "catalogue"],
    ["noted_moves", start === "segment"],
    ["segments_begin_later", isBeforeSegments],
  ];
  return found.flatMap(([code, applies]) => (applies ? [code] : []));
}

/** The same for a stored rehearsal, with what the database knows. */
export async function assumptionsFor(services: Services, row: RehearsalRow): Promise<Assumption[]> {
  const { env, terms } = services;
  const { plan, scenario, result } = row;
  const sql = "SELECT definition FROM scenario_versions WHERE scenario = ?1 AND version = ?2";
  const text = await env.DB.prepare(sql).bind(scenario, plan.version).first<string>("definition");
  const definition = text === null ? null : (JSON.parse(text) as ScenarioDefinition);
  const families = definition ? allRules(definition).flatMap(segmentsIn) : [];
  const winners = await listWinners(env.DB, scenario);
  return assumptionsOf(plan, definition, {
    today: result?.today ?? [],
    sms: result?.totals.sms.messages ?? 0,
    isBeforeSegments: plan.from < (await segmentsSince(env.DB, families, terms.shop.zone)),
    hasWinner: winners.some(({ version }) => version === plan.version),
  });
}

/** Since when it is known who is in each of some families, epoch ms: the first day that was counted. */
async function segmentsSince(db: D1Database, families: readonly string[], zone: string): Promise<number> {
  const sql = "SELECT (SELECT min(day) FROM segment_sizes WHERE family = value) AS day FROM json_each(?1)";
  const { results } = await db.prepare(sql).bind(JSON.stringify(families)).all<{ day: string | null }>();
  const since = results.map(({ day }) => (day === null ? Number.POSITIVE_INFINITY : momentOf(day, zone)));
  return Math.max(Number.NEGATIVE_INFINITY, ...since);
}
