import { explain } from "../admin/why-actions";
import { selectContacts } from "../contacts/store";
import { contactRow } from "../shared/ids";
import { WhyPage } from "./pages/why";
import type { ConsoleApp, ConsoleContext } from "./request";
import { nothing, pageOf } from "./request";
import { namedTerms } from "./segment-names";
import { findScenario, listScenarios } from "./store";
import { askableNames, scenarioNames } from "./words/scenarios";

/** The page that says why a contact did or did not get what a scenario sends. */
export function addWhy(app: ConsoleApp): void {
  app.get("/admin/contacts/:id/why", why);
}

async function why(context: ConsoleContext): Promise<Response> {
  const { view, services } = context.var;
  const { DB } = services.env;
  const row = contactRow(context.req.param("id") ?? "");
  const id = view.query["scenario"] ?? "";
  const [known, scenario, scenarios] = await Promise.all([
    row === null ? null : selectContacts(DB, JSON.stringify([row])).first(),
    findScenario(DB, id, null),
    listScenarios(DB),
  ]);
  if (row === null || !known)
    return nothing(context, view.say("No contact has this id.", "Aucun contact n’a cet identifiant."));
  if (!scenario) return nothing(context, view.say("No scenario has this id.", "Aucun scénario n’a cet identifiant."));
  const terms = await namedTerms(services, scenario);
  const told = await explain(services, row, id, terms);
  const names = askableNames(scenarioNames(scenarios, view.language));
  return pageOf(context, <WhyPage view={{ ...view, terms }} contact={row} scenario={id} names={names} told={told} />);
}
