import type { Standing } from "../../services/standing";
import { durationInWords } from "../../shared/duration";
import { numberText, type View } from "../view";
import { CHANNEL_NAMES, label } from "../words/labels";
import { Pill } from "./parts";

export type StandingShown = Standing;

/** Whether everything that was accepted has been acted on. */
export function StandingLine({ view, standing }: { view: View; standing: StandingShown }) {
  const { say, language } = view;
  const { ledger, queues } = standing;
  const isBehind = ledger.lagMs > 0 || ledger.sideRows > 0;
  const age = durationInWords(Math.ceil(Math.max(ledger.lagMs, ledger.sideAgeMs) / 1_000) * 1_000, language);
  return (
    <ul class="standing" aria-label={say("The way of an event", "Le chemin d’un événement")}>
      <li>
        {!ledger.reachable && <Pill tone="bad">{say("Ledger does not answer", "Le registre ne répond pas")}</Pill>}
        {ledger.reachable && isBehind && <Pill tone="wait">{say("Ledger lags", "Registre en retard")}</Pill>}
        {ledger.reachable && !isBehind && <Pill tone="good">{say("Ledger up to date", "Registre à jour")}</Pill>}
        <span class="soft">
          {isBehind
            ? say(`by ${age}; ${ledger.sideRows} requests beside it`, `de ${age} ; ${ledger.sideRows} requêtes à côté`)
            : say(
                `${numberText(view, ledger.newest)} requests, all acted on`,
                `${numberText(view, ledger.newest)} requêtes, toutes traitées`,
              )}
        </span>
      </li>
      {queues.length === 0 ? (
        <li>
          <Pill tone="good">{say("No message waits", "Aucun message en attente")}</Pill>
        </li>
      ) : (
        queues.map(({ channel, waiting }) => (
          <li>
            <Pill tone="wait">{label(CHANNEL_NAMES, channel, language)}</Pill>
            <span class="soft">{say(`${waiting} messages wait`, `${waiting} messages en attente`)}</span>
          </li>
        ))
      )}
    </ul>
  );
}
