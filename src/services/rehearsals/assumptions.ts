import type { ScenarioDefinition } from "../../scenarios/definition";
import { triggerOf } from "../../scenarios/live";
import type { RehearsalPlan } from "../../scenarios/rehearsal-plan";
import type { Words } from "../../shared/language";

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
    en: "Frequency caps and sending hours are those of today; they count what this rehearsal lets through.",
    fr: "Plafonds et plages d’envoi sont ceux d’aujourd’hui ; ils comptent ce que cette répétition laisse partir.",
  },
  others_alongside: {
    en: "Other active scenarios play along in their versions of today.",
    fr: "Les autres scénarios actifs jouent aussi, dans leur version d’aujourd’hui.",
  },
  sms_before_names: {
    en: "Text messages are counted before names and links are filled in; their prices are a setting.",
    fr: "Les SMS sont comptés avant que noms et liens soient remplis ; leurs prix sont un réglage.",
  },
  no_catalogue_starts: {
    en: "Changes of prices and stock start nothing in a rehearsal: whom they would have let in is missing.",
    fr: "Les changements de prix et de stock ne démarrent rien dans une répétition : ces entrées manquent.",
  },
  noted_moves: {
    en: "Moves between segments are those that were told at the time; conditions on segments are asked of today.",
    fr: "Les mouvements entre segments sont ceux annoncés à l’époque ; les conditions de segment valent pour aujourd’hui.",
  },
} as const satisfies Readonly<Record<string, Words>>;

export type Assumption = keyof typeof ASSUMPTIONS;

/** What the result of a plan takes for granted. `today`: kinds of rows that its rules read as they are now. */
export function assumptionsOf(
  plan: RehearsalPlan,
  definition: ScenarioDefinition | null,
  today: readonly string[],
  sms: number,
): Assumption[] {
  const start = definition ? triggerOf(definition)?.kind : undefined;
  const found: [Assumption, boolean][] = [
    ["state_of_history", true],
    ["rows_of_today", today.length > 0],
    ["nobody_answers", plan.assume === null],
    ["some_answer", plan.assume !== null],
    ["acts_succeed", true],
    ["switches_open", true],
    ["sending_of_today", true],
    ["others_alongside", plan.others.length > 0],
    ["sms_before_names", sms > 0],
    ["no_catalogue_starts", start === "catalogue"],
    ["noted_moves", start === "segment"],
  ];
  return found.flatMap(([code, applies]) => (applies ? [code] : []));
}
