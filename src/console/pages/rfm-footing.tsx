import { DAY } from "../../shared/clock";
import { sumOf } from "../rfm-matrix";
import { numberText, timeText, type View } from "../view";
import { Card, Pill } from "./parts";
import { ComputeButton, RfmFrame, type RfmShown } from "./rfm-frame";
import { unpricedText } from "./rfm-parts";

/** Fewer buyers than that say little (as Klaviyo asks for, mission §6.1). */
const ENOUGH = 500;
const HISTORY = 180 * DAY;
const LATELY = 30 * DAY;

interface Props {
  readonly view: View;
  readonly shown: RfmShown;
}

/** What the figures rest on: what is there, what is missing, and what is done until then. */
export function Footings({ view, shown }: Props) {
  const { say } = view;
  const { footing, unpriced, cells } = shown;
  const customers = sumOf(cells).contacts;
  return (
    <Card id="footing" title={say("What the figures rest on", "Sur quoi reposent ces chiffres")}>
      <div class="card-body stack">
        <Meanwhile view={view} shown={shown} customers={customers} />
        <ul class="rfm-footing">
          {linesOf(view, shown, customers).map(([isGood, text]) => (
            <li>
              <Pill tone={isGood ? "good" : "wait"}>{isGood ? say("Enough", "Suffisant") : say("Little", "Peu")}</Pill>
              <span>{text}</span>
            </li>
          ))}
          {unpriced.map(({ currency, orders }) => (
            <li>
              <Pill tone="bad">{say("Left out", "Écarté")}</Pill>
              <span>
                {unpricedText(view, orders, currency)}
                <a href="/admin/rfm/settings#rates">{say("Add the rate", "Ajouter le taux")}</a>
              </span>
            </li>
          ))}
        </ul>
        <p class="soft small">
          {say(
            `Valid orders are confirmed or further, worth more than nothing, and without shipping. Cancelled, refunded and test orders are left out. ${numberText(view, footing.anonymous)} anonymous visitors have no scores either.`,
            `Les commandes valables sont confirmées ou au-delà, d’un montant positif, hors frais de port. Les commandes annulées, remboursées ou de test sont écartées. ${numberText(view, footing.anonymous)} visiteurs anonymes n’ont pas de note non plus.`,
          )}
        </p>
      </div>
    </Card>
  );
}

/** Each of what is needed: whether there is enough of it, and the words. */
function linesOf(view: View, shown: RfmShown, customers: number): (readonly [boolean, string])[] {
  const { say } = view;
  const { footing, asOf } = shown;
  const count = (value: number): string => numberText(view, value);
  return [
    [
      customers >= ENOUGH,
      say(
        `${count(customers)} customers; from ${ENOUGH} on, fifths say something.`,
        `${count(customers)} clients ; à partir de ${ENOUGH}, les cinquièmes ont du sens.`,
      ),
    ],
    [
      footing.firstAt !== null && asOf - footing.firstAt >= HISTORY,
      footing.firstAt === null
        ? say("No order in the window.", "Aucune commande sur la période.")
        : say(
            `Orders since ${timeText(view, footing.firstAt, "year")}; half a year at least tells who comes back, a full season is better.`,
            `Commandes depuis le ${timeText(view, footing.firstAt, "year")} ; il faut au moins six mois pour voir qui revient, une saison entière est préférable.`,
          ),
    ],
    [
      footing.lastAt !== null && asOf - footing.lastAt <= LATELY,
      footing.lastAt === null
        ? say("No order so far.", "Aucune commande pour l’instant.")
        : say(
            `Last order ${timeText(view, footing.lastAt, "year")}; if none came for a month, look whether orders still arrive.`,
            `Dernière commande le ${timeText(view, footing.lastAt, "year")} ; sans commande depuis un mois, vérifiez qu’elles arrivent encore.`,
          ),
    ],
    [
      footing.frequent > 0,
      say(
        `${count(footing.frequent)} customers ordered three times or more.`,
        `${count(footing.frequent)} clients ont commandé trois fois ou plus.`,
      ),
    ],
  ];
}

/** What is done while there are few customers. */
function Meanwhile({ view, shown, customers }: Props & { customers: number }) {
  const { say } = view;
  const { definition, rulers } = shown.run;
  if (rulers.plan.name === definition.method) return null;
  return (
    <p class="note">
      {rulers.plan.name === "B"
        ? say(
            `With ${customers} customers ranks say nothing, so all three scores go by fixed thresholds (method B). From 50 on it will be thirds, from 500 on what you have set.`,
            `Avec ${customers} clients, les rangs ne disent rien : les trois notes suivent des seuils fixes (méthode B). À partir de 50 ce seront des tiers, à partir de 500 ce que vous avez réglé.`,
          )
        : say(
            `With ${customers} customers fifths say little, so scores are thirds from 1 to 3 (method D). From 500 on it will be what you have set.`,
            `Avec ${customers} clients, les cinquièmes disent peu : les notes sont des tiers, de 1 à 3 (méthode D). À partir de 500 ce sera ce que vous avez réglé.`,
          )}
    </p>
  );
}

/** What stands where nothing was computed yet. */
export function NoScores({ view, hasOrders }: { view: View; hasOrders: boolean }) {
  const { say } = view;
  return (
    <RfmFrame view={view}>
      <section class="card">
        <div class="empty">
          <strong>
            {hasOrders ? say("Not computed yet", "Pas encore calculé") : say("No order yet", "Aucune commande")}
          </strong>
          <p>
            {hasOrders
              ? say(
                  "Orders are there; the first computation comes within minutes, and nothing is sent because of it.",
                  "Les commandes sont là ; le premier calcul arrive d’ici quelques minutes, et ne déclenche aucun envoi.",
                )
              : say(
                  "RFM needs orders: connect your shop or import its history. At best 500 buyers, half a year of orders, and some customers who ordered three times.",
                  "RFM a besoin de commandes : connectez la boutique ou importez son historique. Au mieux 500 acheteurs, six mois de commandes et quelques clients à trois commandes.",
                )}
          </p>
          {hasOrders ? (
            <ComputeButton view={view} />
          ) : (
            <a class="button" href="/admin/imports">
              {say("Import orders", "Importer des commandes")}
            </a>
          )}
        </div>
      </section>
    </RfmFrame>
  );
}
