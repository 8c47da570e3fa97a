import { OPTIN } from "../../contacts/subscription";
import { TEMPLATES } from "../../scenarios/templates";
import type { Template } from "../../scenarios/templates/template";
import type { Language, Words } from "../../shared/language";
import type { ScenarioRow } from "../store";
import type { Tone } from "./labels";
import { typeset } from "./typeset";

type Named = Pick<ScenarioRow, "name" | "template" | "definition">;

/** The template of a scenario that still has its name: then there are words for it in every language. */
function templateOf({ name, template }: Named): Template<unknown> | null {
  if (template === null || !Object.hasOwn(TEMPLATES, template)) return null;
  const known: Template<unknown> = TEMPLATES[template as keyof typeof TEMPLATES];
  return Object.values(known.title).includes(name) ? known : null;
}

/** What a scenario is called: as its shop named it, or in the reader's language where nobody did. */
export function scenarioName(scenario: Named, language: Language): string {
  return templateOf(scenario)?.title[language] ?? scenario.name;
}

/** What a scenario is for. */
export function scenarioAbout(scenario: Named, language: Language): string {
  const known = templateOf(scenario);
  return known ? typeset(known.description[language], language) : (scenario.definition?.description ?? "");
}

/** Names of scenarios by id, for lists that only hold ids. */
export type ScenarioNames = ReadonlyMap<string, string>;

export function scenarioNames(scenarios: readonly ScenarioRow[], language: Language): ScenarioNames {
  const own = language === "fr" ? "Confirmation d’une adresse" : "Confirmation of an address";
  const named = scenarios.map((scenario) => [scenario.id, scenarioName(scenario, language)] as const);
  return new Map([[OPTIN, own], ...named]);
}

/** Scenarios that can be asked about: a confirmation of an address is none that anybody made. */
export function askableNames(names: ScenarioNames): ScenarioNames {
  return new Map([...names].filter(([id]) => id !== OPTIN));
}

/** How a draft changes a block. */
export const CHANGES = {
  new: { en: "New", fr: "Nouveau", tone: "good" },
  changed: { en: "Changed", fr: "Modifié", tone: "live" },
  rewired: { en: "Leads elsewhere", fr: "Mène ailleurs", tone: "calm" },
  gone: { en: "Gone", fr: "Retiré", tone: "bad" },
} as const satisfies Record<string, Words & { readonly tone: Tone }>;
