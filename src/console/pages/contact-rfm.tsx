import type { ScoreRow } from "../../segments/rfm/read-store";
import { moneyText, numberText, timeText, type View } from "../view";
import { label } from "../words/labels";
import { segmentName, segmentWords } from "../words/rfm";
import { CAUSE_NAMES } from "../words/segments";
import { Card } from "./parts";
import { daysText } from "./rfm-contacts";

/** The scores of one contact. `days` since their last order, by the shop's calendar. */
export interface ContactScores extends ScoreRow {
  readonly days: number;
  /** Months over which orders and money are counted. */
  readonly months: number;
}

/** The segment of a contact, and why. */
export function RfmCard({ view, scores, currency }: { view: View; scores: ContactScores | null; currency: string }) {
  const { say, language } = view;
  if (scores === null) return null;
  const { r, f, m, segment, name, days, orders, months, cause, changedAt } = scores;
  const money = moneyText(view, scores.monetary, currency);
  const words = segmentWords(segment, language);
  const counted = numberText(view, orders);
  return (
    <Card id="rfm" title="RFM">
      <div class="card-body stack">
        <p class="rfm-scores">
          <a href={`/admin/rfm/contacts?segment=${encodeURIComponent(segment)}`}>
            <strong>{segmentName(segment, name, language)}</strong>
          </a>{" "}
          <span class="number">
            R {r} · F {f} · M {m}
          </span>
        </p>
        <p>
          {say(
            `Last order ${daysText(view, days)}; ${counted} valid ${orders === 1 ? "order" : "orders"} for ${money} in ${months} months.`,
            `Dernière commande ${daysText(view, days)} ; ${counted} ${orders < 2 ? "commande valable" : "commandes valables"} pour ${money} en ${months} mois.`,
          )}
        </p>
        <p class="soft small">
          {words?.what}{" "}
          {cause !== null &&
            changedAt !== null &&
            say(
              `In this segment since ${timeText(view, changedAt, "year")}: ${label(CAUSE_NAMES, cause, language)}.`,
              `Dans ce segment depuis le ${timeText(view, changedAt, "year")} : ${label(CAUSE_NAMES, cause, language)}.`,
            )}
        </p>
      </div>
    </Card>
  );
}
