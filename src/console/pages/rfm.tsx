import type { Margin } from "../../segments/rfm/margin-store";
import { bandsOf, segmentShares, sumOf } from "../rfm-matrix";
import { here, moneyText, numberText, timeText, type View } from "../view";
import { AXIS_METHODS, METHOD_NAMES, segmentName, segmentWords } from "../words/rfm";
import { Card } from "./parts";
import { Footings } from "./rfm-footing";
import { ComputeButton, RfmFrame, type RfmShown } from "./rfm-frame";
import { Matrix } from "./rfm-matrix";
import { Bar, bandText, customersText, roundMoney, shareText } from "./rfm-parts";

interface Props {
  readonly view: View;
  readonly shown: RfmShown;
}

/** The matrix and its segments. */
export function RfmPage({ view, shown }: Props) {
  const { say } = view;
  const { kind } = shown;
  const suffix = kind === "past" ? "&run=past" : "";
  return (
    <RfmFrame view={view}>
      <Notes view={view} shown={shown} />
      <Figures view={view} shown={shown} />
      <MatrixCard view={view} shown={shown} suffix={suffix} />
      <Card
        id="segments"
        title={say("Segments", "Segments")}
        about={say(
          "Best first. Upper line: share of customers; lower line: share of money.",
          "Les meilleurs d’abord. Trait du haut : part des clients ; trait du bas : part du montant.",
        )}
      >
        <SegmentList view={view} shown={shown} suffix={suffix} />
        {shown.canAdd && shown.margins === null && (
          <p class="more">
            <a href={`${here(view, { margin: "true", done: null })}#segments`}>
              {say("Show margins beside the money", "Afficher les marges à côté des montants")}
            </a>
          </p>
        )}
      </Card>
      {kind === "live" && <Footings view={view} shown={shown} />}
    </RfmFrame>
  );
}

function MatrixCard({ view, shown, suffix }: Props & { suffix: string }) {
  const { say } = view;
  const { cells, run } = shown;
  return (
    <Card
      id="matrix"
      title={say("The matrix", "La matrice")}
      about={say(
        "R: how recently, F: how often. The darker a square, the more customers; its bars are M, from little money to much. Pick one to see who is in it.",
        "R : récence, F : fréquence. Plus une case est foncée, plus elle compte de clients ; ses barres sont M, du moins au plus dépensé. Choisissez-en une pour voir qui s’y trouve.",
      )}
    >
      <div class="card-body">
        <Matrix
          view={view}
          caption={say("Customers by recency and frequency", "Clients par récence et fréquence")}
          cells={cells}
          most={run.rulers.plan.most}
          rulers={run.rulers}
          names={shown.names}
          currency={shown.currency}
          href={({ r, f }) => `/admin/rfm/contacts?r=${r}&f=${f}${suffix}`}
        />
        <MoneyBands view={view} shown={shown} />
      </div>
    </Card>
  );
}

function Notes({ view, shown: { kind, isRunning, asOf } }: Props) {
  const { say, query } = view;
  return (
    <>
      {isRunning && (
        <p class="note" role="status">
          {say(
            "A new computation is under way; these are the figures of the last one.",
            "Un nouveau calcul est en cours ; voici les chiffres du précédent.",
          )}
        </p>
      )}
      {query["done"] === "computed" && !isRunning && (
        <p class="note note-good" role="status">
          {say("Computed.", "Calcul terminé.")}
        </p>
      )}
      {kind === "past" && (
        <p class="note">
          {say(
            `An analysis as of ${timeText(view, asOf, "year")}, over the orders as they are known today. `,
            `Une analyse au ${timeText(view, asOf, "year")}, sur les commandes telles qu’elles sont connues aujourd’hui. `,
          )}
          <a href="/admin/rfm">{say("Back to the live scores", "Retour aux notes actuelles")}</a>
        </p>
      )}
    </>
  );
}

function Figures({ view, shown }: Props) {
  const { say, language } = view;
  const { cells, footing, currency, run, from, asOf, kind } = shown;
  const { contacts, revenue } = sumOf(cells);
  const { name, axes } = run.rulers.plan;
  const months = run.definition.window_months;
  const of = (axis: "r" | "f" | "m"): string => AXIS_METHODS[axes[axis]][language];
  return (
    <>
      <dl class="tiles rfm-tiles">
        <Tile name={say("Customers with scores", "Clients notés")} value={numberText(view, contacts)} />
        <Tile name={say("Money in the window", "Montant sur la période")} value={roundMoney(view, revenue, currency)} />
        <Tile
          name={say("For each customer", "Par client")}
          value={contacts === 0 ? "–" : moneyText(view, Math.round(revenue / contacts), currency)}
        />
        {kind === "live" && (
          <Tile
            name={say("Contacts without a valid order", "Contacts sans commande valable")}
            value={numberText(view, Math.max(0, footing.known - contacts))}
          />
        )}
      </dl>
      <div class="rfm-line">
        <p class="soft small">
          {say(
            `Computed ${timeText(view, run.lookedAt)}. F and M over ${months} months, ${timeText(view, from, "year")} to ${timeText(view, asOf, "year")}; R by the last order ever. R by ${of("r")}, F by ${of("f")}, M by ${of("m")}. `,
            `Calculé le ${timeText(view, run.lookedAt)}. F et M sur ${months} mois, du ${timeText(view, from, "year")} au ${timeText(view, asOf, "year")} ; R d’après la toute dernière commande. R par ${of("r")}, F par ${of("f")}, M par ${of("m")}. `,
          )}
          {name !== run.definition.method &&
            say(
              `Asked for: ${METHOD_NAMES[run.definition.method].en}; so few customers need a simpler one.`,
              `Demandé : ${METHOD_NAMES[run.definition.method].fr} ; avec si peu de clients, une méthode plus simple s’impose.`,
            )}
        </p>
        {kind === "live" && <ComputeButton view={view} />}
      </div>
    </>
  );
}

function Tile({ name, value }: { name: string; value: string }) {
  return (
    <div class="tile">
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** What each M stands for. */
function MoneyBands({ view, shown: { run, currency } }: Props) {
  const bands = bandsOf(run.rulers, "m", 1);
  if (bands.length === 0) return null;
  return (
    <p class="soft small matrix-bands">
      {bands.map((band, index) => (
        <span class="nowrap">
          M{index + 1} {bandText(band, (value) => moneyText(view, value, currency))}
        </span>
      ))}
    </p>
  );
}

/** What was earned: whoever buys by discounts alone is a champion of money only (mission §6.7, point 15). */
function MarginText({ view, margin, currency }: { view: View; margin: Margin | undefined; currency: string }) {
  const { say } = view;
  return (
    <>
      <span class="soft">{say("Margin", "Marge")}</span>
      <span>{margin ? roundMoney(view, margin.margin, currency) : "–"}</span>
    </>
  );
}

function SegmentList({ view, shown, suffix }: Props & { suffix: string }) {
  const { language } = view;
  const { cells, names, currency, margins } = shown;
  const whole = sumOf(cells);
  return (
    <ul class="rfm-segments">
      {[...segmentShares(cells, names)].map(([key, share]) => {
        const words = segmentWords(key, language);
        const name = segmentName(key, names.get(key), language);
        const path = `/admin/rfm/contacts?segment=${encodeURIComponent(key)}${suffix}`;
        return (
          <li>
            <div>
              <h3>{share.contacts > 0 ? <a href={path}>{name}</a> : name}</h3>
              {words && (
                <p>
                  {words.who} <span class="soft">{words.what}</span>
                </p>
              )}
            </div>
            <div class="rfm-shares number">
              <span>{customersText(view, share.contacts)}</span>
              <span>{shareText(view, share.contacts, whole.contacts)}</span>
              <Bar share={whole.contacts === 0 ? 0 : share.contacts / whole.contacts} kind="sent" />
              <span>{roundMoney(view, share.revenue, currency)}</span>
              <span>{shareText(view, share.revenue, whole.revenue)}</span>
              <Bar share={whole.revenue === 0 ? 0 : share.revenue / whole.revenue} kind="waiting" />
              {margins && <MarginText view={view} margin={margins.get(key)} currency={currency} />}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
