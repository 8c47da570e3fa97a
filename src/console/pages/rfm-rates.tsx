import type { RateRow } from "../../commerce/exchange-store";
import { here, type View } from "../view";
import { FormToken } from "./form";
import type { NextPage } from "./parts";
import { Card } from "./parts";
import { unpricedText } from "./rfm-parts";
import { dateText } from "./rfm-sizes";

/** Exchange rates, and what lacks one. */
export interface RatesShown {
  readonly base: string;
  readonly rates: readonly RateRow[];
  readonly next: NextPage;
  /** Currencies of orders without a rate, with the day of the first of them (`2026-11-22`). */
  readonly missing: readonly { readonly currency: string; readonly orders: number; readonly from: string }[];
  /** What somebody typed, and what is wrong with it. */
  readonly typed: { readonly currency: string; readonly from: string; readonly rate: string } | null;
  readonly problems: readonly string[];
}

interface Props {
  readonly view: View;
  readonly shown: RatesShown;
}

/** What other currencies are worth. */
export function RatesCard({ view, shown }: Props) {
  const { say } = view;
  const { base, rates, missing, next } = shown;
  return (
    <Card
      id="rates"
      title={say("Exchange rates", "Taux de change")}
      about={say(
        `An order counts at the rate of its own day. A rate holds until the next one of its currency. Money is in ${base}.`,
        `Une commande compte au taux de son jour. Un taux vaut jusqu’au suivant de sa devise. Les montants sont en ${base}.`,
      )}
    >
      <div class="card-body stack">
        {missing.map(({ currency, orders, from }) => (
          <p class="note note-bad">
            {unpricedText(view, orders, currency)}
            {say(`The first is of ${dateText(view, from)}. `, `La première date du ${dateText(view, from)}. `)}
            <a href={`${here(view, { rate: currency, from })}#rates`}>{say("Add the rate", "Ajouter le taux")}</a>
          </p>
        ))}
        <RateForm view={view} shown={shown} />
        {rates.length > 0 && <RateTable view={view} shown={shown} />}
        {next !== null && (
          <p>
            <a href={`${here(view, next)}#rates`}>{say("More rates", "Autres taux")}</a>
          </p>
        )}
      </div>
    </Card>
  );
}

function RateForm({ view, shown }: Props) {
  const { say } = view;
  const { base, typed, problems } = shown;
  return (
    <form class="rfm-form rfm-rate" method="post" action="/admin/rfm/rates">
      <FormToken view={view} />
      {problems.length > 0 && (
        <p class="note note-bad" role="alert">
          {problems.join(" ")}
        </p>
      )}
      <p class="field">
        <label for="rate-currency">{say("Currency", "Devise")}</label>
        <input
          id="rate-currency"
          type="text"
          name="currency"
          required
          maxlength={3}
          placeholder="USD"
          value={typed?.currency ?? ""}
          autocomplete="off"
        />
      </p>
      <p class="field">
        <label for="rate-from">{say("From", "À partir du")}</label>
        <input id="rate-from" type="date" name="from" required value={typed?.from ?? ""} />
      </p>
      <p class="field">
        <label for="rate-rate">{say(`${base} for one`, `${base} pour une unité`)}</label>
        <input
          id="rate-rate"
          type="text"
          name="rate"
          required
          inputmode="decimal"
          placeholder="0.92"
          value={typed?.rate ?? ""}
          autocomplete="off"
        />
      </p>
      <button type="submit">{say("Add", "Ajouter")}</button>
    </form>
  );
}

function RateTable({ view, shown }: Props) {
  const { say } = view;
  return (
    <table class="lines" aria-labelledby="rates">
      <thead>
        <tr>
          <th scope="col">{say("Currency", "Devise")}</th>
          <th scope="col">{say("From", "À partir du")}</th>
          <th scope="col" class="end">
            {shown.base}
          </th>
          <td />
        </tr>
      </thead>
      <tbody>
        {shown.rates.map(({ currency, day, rate }) => (
          <tr>
            <th scope="row">{currency}</th>
            <td>{dateText(view, day)}</td>
            <td class="end">{view.language === "fr" ? rate.replace(".", ",") : rate}</td>
            <td class="end">
              <form method="post" action="/admin/rfm/rates">
                <FormToken view={view} />
                <input type="hidden" name="currency" value={currency} />
                <input type="hidden" name="from" value={day} />
                <input type="hidden" name="gone" value="on" />
                <button
                  type="submit"
                  class="button-quiet"
                  aria-label={say(`Remove ${currency}, ${day}`, `Retirer ${currency}, ${day}`)}
                >
                  {say("Remove", "Retirer")}
                </button>
              </form>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
