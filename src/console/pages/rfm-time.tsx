import type { DayOfMatrix } from "../../segments/rfm/history";
import type { Move, SizeLine } from "../rfm-flow";
import { segmentShares } from "../rfm-matrix";
import { here, numberText, type View } from "../view";
import { segmentName } from "../words/rfm";
import { FormToken } from "./form";
import { Card, Tabs } from "./parts";
import { Flow } from "./rfm-flow";
import { RfmFrame } from "./rfm-frame";
import { Matrix } from "./rfm-matrix";
import type { RfmNames } from "./rfm-parts";
import { changeText } from "./rfm-parts";
import { dateText, Sizes } from "./rfm-sizes";

/** RFM between two days of the shop's calendar. */
export interface TimeShown extends RfmNames {
  readonly from: string;
  readonly to: string;
  readonly today: string;
  /** Days before today that are offered, with the day that each begins with. */
  readonly spans: readonly { readonly days: number; readonly from: string }[];
  /** The first day that something was written down of, where that was after this time. */
  readonly firstDay: string | null;
  /** The matrix at the beginning, or on the first day after it, and at the end. */
  readonly before: DayOfMatrix | null;
  readonly after: DayOfMatrix | null;
  readonly lines: readonly SizeLine[];
  readonly moves: readonly Move[];
  readonly most: 3 | 5;
}

interface Props {
  readonly view: View;
  readonly shown: TimeShown;
}

/** The matrix then and now, the sizes of segments between, and who moved. */
export function RfmTimePage({ view, shown }: Props) {
  const { say } = view;
  const { before, after, lines, names, moves } = shown;
  const period = `${dateText(view, shown.from)} – ${dateText(view, shown.to)}`;
  return (
    <RfmFrame view={view}>
      <DayChoice view={view} shown={shown} />
      {before && after ? (
        <>
          <ThenAndNow view={view} shown={shown} before={before} after={after} />
          <Card id="sizes" title={say("Size of each segment", "Taille de chaque segment")} about={period}>
            <div class="card-body">
              <Sizes view={view} lines={lines} names={names} from={shown.from} to={shown.to} />
            </div>
          </Card>
        </>
      ) : (
        <p class="note">
          {say(
            "Nothing is written down of this time: the matrix is kept from its first computation on.",
            "Rien n’est conservé pour cette période : la matrice est gardée à partir de son premier calcul.",
          )}
          {shown.firstDay !== null && ` (${dateText(view, shown.firstDay)})`}
        </p>
      )}
      <Card
        id="flow"
        title={say("Who moved", "Qui a bougé")}
        about={say(
          `${period}. A rise counts at once, a fall when two nights agree.`,
          `${period}. Une montée compte aussitôt, une descente quand deux nuits la confirment.`,
        )}
      >
        {moves.length > 0 ? (
          <Flow view={view} moves={moves} names={names} />
        ) : (
          <p class="card-body soft">{say("Nobody changed segment.", "Personne n’a changé de segment.")}</p>
        )}
      </Card>
      <PastCard view={view} shown={shown} />
    </RfmFrame>
  );
}

function DayChoice({ view, shown: { from, to, today, spans } }: Props) {
  const { say } = view;
  const choices = spans.map(({ days, from: start }) => ({
    href: here(view, { from: start, to: null }),
    text: say(`${days} days`, `${days} jours`),
    current: from === start && to === today,
  }));
  return (
    <div class="rfm-line">
      <Tabs name={say("Period", "Période")} choices={choices} />
      <form class="actions rfm-days" method="get">
        <label>
          {say("From", "Du")} <input type="date" name="from" value={from} max={today} required />
        </label>
        <label>
          {say("to", "au")} <input type="date" name="to" value={to} max={today} required />
        </label>
        <button type="submit">{say("Show", "Afficher")}</button>
      </form>
    </div>
  );
}

interface TwoProps extends Props {
  readonly before: DayOfMatrix;
  readonly after: DayOfMatrix;
}

function ThenAndNow({ view, shown, before, after }: TwoProps) {
  const { say } = view;
  const common = { view, most: shown.most, rulers: null, href: null, names: shown.names, currency: shown.currency };
  const [then, now] = [dateText(view, before.day), dateText(view, shown.to)];
  return (
    <>
      {before.day > shown.from && (
        <p class="note">{say(`Written down since ${then} only.`, `Conservé depuis le ${then} seulement.`)}</p>
      )}
      <div class="columns columns-even">
        <Card id="then" title={then}>
          <div class="card-body">
            <Matrix {...common} isSmall={true} caption={then} cells={before.cells} />
          </div>
        </Card>
        <Card id="now" title={now}>
          <div class="card-body">
            <Matrix {...common} isSmall={true} caption={now} cells={after.cells} before={before.cells} />
          </div>
        </Card>
      </div>
      <Card id="change" title={say("Segments then and now", "Les segments, avant et après")}>
        <SegmentChange view={view} shown={shown} before={before} after={after} />
      </Card>
    </>
  );
}

function SegmentChange({ view, shown: { names, to }, before, after }: TwoProps) {
  const { say, language } = view;
  const then = segmentShares(before.cells, names);
  const now = segmentShares(after.cells, names);
  const keys = [...new Set([...now.keys(), ...then.keys()])];
  return (
    <div class="card-body">
      <table class="lines rfm-change" aria-labelledby="change">
        <thead>
          <tr>
            <th scope="col">{say("Segment", "Segment")}</th>
            <th scope="col" class="end">
              {dateText(view, before.day)}
            </th>
            <th scope="col" class="end">
              {dateText(view, to)}
            </th>
            <th scope="col" class="end">
              {say("Change", "Écart")}
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => {
            const [one, other] = [then.get(key)?.contacts ?? 0, now.get(key)?.contacts ?? 0];
            return (
              <tr>
                <th scope="row">{segmentName(key, names.get(key), language)}</th>
                <td class="end">{numberText(view, one)}</td>
                <td class="end">{numberText(view, other)}</td>
                <td class="end">{changeText(view, other - one)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** An analysis of a day that nothing was written down of. */
function PastCard({ view, shown: { today, from } }: Props) {
  const { say } = view;
  return (
    <Card
      id="past"
      title={say("As of another day", "À une autre date")}
      about={say(
        "Computes the scores of the end of any day over the orders as they are known today. The live scores stay as they are.",
        "Calcule les notes à la fin d’un jour donné, sur les commandes telles qu’elles sont connues aujourd’hui. Les notes actuelles ne changent pas.",
      )}
    >
      <form class="card-body actions rfm-days" method="post" action="/admin/rfm/past">
        <FormToken view={view} />
        <label>
          {say("Day", "Jour")} <input type="date" name="day" value={from} max={today} required />
        </label>
        <button type="submit">{say("Analyse", "Analyser")}</button>
      </form>
    </Card>
  );
}
