import type { Child } from "hono/jsx";
import type { Words } from "../../shared/language";
import type { RfmDraft } from "../rfm-draft";
import type { View } from "../view";
import { MAP_NAMES, METHOD_NAMES } from "../words/rfm";
import { FormToken } from "./form";

interface Props {
  readonly view: View;
  readonly draft: RfmDraft;
  /** ISO 4217 code of the shop's money. */
  readonly currency: string;
}

/** The form of what RFM goes by. The first button is the harmless one, as it is what the Enter key presses. */
export function RfmForm({ view, draft, currency }: Props) {
  const { say } = view;
  return (
    <form class="card-body import-form rfm-form" method="post" action="/admin/rfm/settings">
      <FormToken view={view} />
      <Choice view={view} name="method" label={say("Method", "Méthode")} choices={METHOD_NAMES} chosen={draft.method} />
      <Check name="small" isOn={draft.isSmall}>
        {say(
          "Fixed thresholds below 50 customers and thirds below 500, whatever the method",
          "Seuils fixes sous 50 clients et tiers sous 500, quelle que soit la méthode",
        )}
      </Check>
      <Thresholds view={view} draft={draft} currency={currency} />
      <p class="field">
        <label for="rfm-window">{say("Window of F and M, in months", "Période de F et M, en mois")}</label>
        <input id="rfm-window" type="number" name="window" min="1" max="240" required value={draft.window} />
      </p>
      <Check name="merged" isOn={draft.isMerged}>
        {say("Orders of one day count as one", "Les commandes d’un même jour comptent pour une")}
      </Check>
      <MapFields view={view} draft={draft} />
      <OrderFields view={view} draft={draft} />
      <p class="actions">
        <button type="submit" name="do" value="preview">
          {say("What would change?", "Qu’est-ce qui changerait ?")}
        </button>
        <button type="submit" name="do" value="save" class="button-main">
          {say("Save", "Enregistrer")}
        </button>
      </p>
    </form>
  );
}

interface ChoiceProps {
  readonly view: View;
  readonly name: string;
  readonly label: string;
  readonly choices: Readonly<Record<string, Words>>;
  readonly chosen: string;
}

function Choice({ view, name, label, choices, chosen }: ChoiceProps) {
  return (
    <p class="field">
      <label for={`rfm-${name}`}>{label}</label>
      <select id={`rfm-${name}`} name={name}>
        {Object.entries(choices).map(([value, words]) => (
          <option value={value} selected={value === chosen}>
            {view.say(words.en, words.fr)}
          </option>
        ))}
      </select>
    </p>
  );
}

function Check({ name, isOn, children }: { name: string; isOn: boolean; children?: Child }) {
  return (
    <p>
      <label class="rfm-check">
        <input type="checkbox" name={name} value="on" checked={isOn} /> <span>{children}</span>
      </label>
    </p>
  );
}

function Thresholds({ view, draft, currency }: Props) {
  const { say } = view;
  const rows = [
    { axis: "r", values: draft.r, label: say("R: days, at most", "R : jours, au plus"), scores: [5, 4, 3, 2] },
    { axis: "f", values: draft.f, label: say("F: orders, at least", "F : commandes, au moins"), scores: [2, 3, 4, 5] },
    {
      axis: "m",
      values: draft.m,
      label: say(`M: ${currency}, at least`, `M : ${currency}, au moins`),
      scores: [2, 3, 4, 5],
    },
  ] as const;
  return (
    <div class="stack">
      <p>
        <strong>{say("Fixed thresholds", "Seuils fixes")}</strong>{" "}
        <span class="hint">{say("used where the method says so", "utilisés là où la méthode le prévoit")}</span>
      </p>
      {rows.map(({ axis, values, label, scores }) => (
        <fieldset>
          <legend>{label}</legend>
          <div class="rfm-bounds">
            {values.map((value, index) => (
              <label>
                {`${axis.toUpperCase()}${scores[index]}`}
                <input type="number" name={`${axis}${index + 1}`} min="0" step="any" required value={value} />
              </label>
            ))}
          </div>
        </fieldset>
      ))}
    </div>
  );
}

function MapFields({ view, draft }: Omit<Props, "currency">) {
  const { say } = view;
  return (
    <>
      <Choice view={view} name="map" label={say("Map", "Carte")} choices={MAP_NAMES} chosen={draft.map} />
      <p class="field">
        <label for="rfm-own">{say("Your own map", "Votre propre carte")}</label>
        <span class="hint" id="rfm-own-hint">
          {say(
            "A segment a line, best first: “VIP: 555 554 545”, or by ranges “VIP: R 4-5, F 4-5, M 3-5”; FM is the mean of F and M. Each of the 125 cells belongs to one.",
            "Un segment par ligne, le meilleur d’abord : « VIP: 555 554 545 », ou par plages « VIP: R 4-5, F 4-5, M 3-5 » ; FM est la moyenne de F et M. Chacune des 125 cases va à un seul.",
          )}
        </span>
        <textarea id="rfm-own" name="own" rows={9} aria-describedby="rfm-own-hint" spellcheck={false}>
          {draft.own}
        </textarea>
      </p>
    </>
  );
}

function OrderFields({ view, draft }: Omit<Props, "currency">) {
  const { say } = view;
  return (
    <details open={draft.exclude !== "" || draft.subscriptions !== ""}>
      <summary>{say("Orders that count less or not at all", "Commandes qui comptent moins ou pas du tout")}</summary>
      <div class="stack">
        <p class="field">
          <label for="rfm-exclude">{say("Leave out", "Écarter")}</label>
          <span class="hint" id="rfm-exclude-hint">
            {say(
              "A line each, by channel, store, coupon or currency: “channel: marketplace, staff”.",
              "Une ligne chacune, par channel, store, coupon ou currency : « channel: marketplace, staff ».",
            )}
          </span>
          <textarea id="rfm-exclude" name="exclude" rows={2} aria-describedby="rfm-exclude-hint">
            {draft.exclude}
          </textarea>
        </p>
        <p class="field">
          <label for="rfm-subscriptions">
            {say("Deliveries of a subscription, which count less", "Livraisons d’un abonnement, qui comptent moins")}
          </label>
          <textarea id="rfm-subscriptions" name="subscriptions" rows={2}>
            {draft.subscriptions}
          </textarea>
        </p>
        <p class="field">
          <label for="rfm-weight">{say("Each counts as", "Chacune compte pour")}</label>
          <input id="rfm-weight" type="number" name="weight" min="0" max="1" step="any" value={draft.weight} />
        </p>
      </div>
    </details>
  );
}
