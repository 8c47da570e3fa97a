import type { SendingDraft } from "../sending-draft";
import type { View } from "../view";
import { Card } from "./parts";

interface Part {
  readonly view: View;
  readonly draft: SendingDraft;
}

/** Whom the shop writes to at all, and how much of it comes back before it waits. */
export function LimitsCard({ view, draft }: Part) {
  const { say } = view;
  return (
    <Card id="limits" title={say("Limits", "Limites")}>
      <div class="card-body">
        <Field
          name="age"
          value={draft.age}
          label={say(
            "Age from which somebody may agree to marketing alone (0: no limit)",
            "Âge auquel on peut consentir seul à la publicité (0 : pas de limite)",
          )}
        />
        <Field
          name="served"
          value={draft.served}
          label={say(
            "Countries that text messages go to, such as FR BE (empty: all)",
            "Pays où partent les SMS, par exemple FR BE (vide : tous)",
          )}
        />
        <BudgetFields view={view} draft={draft} />
        <Field
          name="complaints"
          value={draft.complaints}
          label={say(
            "Complaints in % of a mailbox provider’s messages of a week, at which marketing to it waits",
            "Plaintes en % des messages d’une semaine chez une messagerie, à partir desquelles le marketing y attend",
          )}
        />
        <Field name="bounces" value={draft.bounces} label={say("Bounces, likewise, in %", "Rejets, de même, en %")} />
        <Field
          name="least"
          value={draft.least}
          label={say("Messages below which shares say nothing", "Messages en dessous desquels un taux ne dit rien")}
        />
      </div>
    </Card>
  );
}

function BudgetFields({ view: { say }, draft }: Part) {
  return (
    <>
      <Field
        name="budget"
        value={draft.budget}
        label={say(
          "Text messages an hour in all; above it they wait (empty: no budget)",
          "SMS par heure en tout ; au-delà, ils attendent (vide : sans budget)",
        )}
      />
      <Field
        name="budget_country"
        value={draft.budgetCountry}
        label={say("Text messages an hour to any one country", "SMS par heure vers un même pays")}
      />
      <Field
        name="budget_countries"
        value={draft.budgetCountries}
        label={say(
          "Countries with a budget of their own, such as FR 20000, BE 500",
          "Pays qui ont leur propre budget, par exemple FR 20000, BE 500",
        )}
      />
    </>
  );
}

/** A line of text with its label. */
export function Field({ name, label: text, value }: { name: string; label: string; value: string }) {
  return (
    <p class="field">
      <label for={`sending-${name}`}>{text}</label>
      <input id={`sending-${name}`} type="text" name={name} value={value} maxlength={300} autocomplete="off" />
    </p>
  );
}
