import type { FamilyPart } from "../../services/segments/own-family";
import type { DaySizes } from "../sizes";
import { totalOf } from "../sizes";
import type { View } from "../view";
import { numberText, timeText } from "../view";

const WIDTH = 700;
const HEIGHT = 176;
/** Colours that there are; a family of more begins again. */
const COLOURS = 12;

/** The class of a segment's colour. */
export function colourOf(index: number): string {
  return `hue-${index % COLOURS}`;
}

/** A day of the shop as the language writes it. */
function dayText(view: View, day: string): string {
  // Noon is that day in every zone between the date line's sides that shops are in.
  return timeText({ ...view, zone: "UTC" }, Date.parse(`${day}T12:00:00Z`), "day");
}

/** The size of a family over the last days, as a line as high as a word. */
export function SizeSpark({ view, days }: { view: View; days: readonly DaySizes[] }) {
  const totals = days.map(totalOf);
  const [first = 0, last = 0] = [totals[0], totals.at(-1)];
  if (totals.length < 2) return <span class="soft small">{view.say("since today", "depuis aujourd’hui")}</span>;
  const top = Math.max(1, ...totals);
  const x = (index: number): string => ((index / (totals.length - 1)) * 150).toFixed(1);
  const points = totals.map((total, index) => `${x(index)},${(30 - (total / top) * 28).toFixed(1)}`);
  const words = view.say(
    `From ${numberText(view, first)} to ${numberText(view, last)} in ${days.length} days`,
    `De ${numberText(view, first)} à ${numberText(view, last)} en ${days.length} jours`,
  );
  return (
    <svg class="spark size-spark" viewBox="0 0 150 32" preserveAspectRatio="none" role="img" aria-label={words}>
      <polygon points={`0,31 ${points.join(" ")} 150,31`} />
      <polyline points={points.join(" ")} />
    </svg>
  );
}

interface ChartProps {
  readonly view: View;
  readonly parts: readonly FamilyPart[];
  readonly days: readonly DaySizes[];
}

/** The sizes of a family's segments over time, one upon the other. The same figures stand in a table, a week a row. */
export function SizeChart({ view, parts, days }: ChartProps) {
  const { say } = view;
  const first = days[0];
  if (days.length < 2 || !first) {
    return (
      <p class="soft">
        {say(
          "Sizes are kept each night: the picture begins tomorrow.",
          "Les tailles sont relevées chaque nuit : le graphique commence demain.",
        )}
      </p>
    );
  }
  const top = Math.max(4, ...days.map(totalOf));
  return (
    <figure class="chart">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        {[0.5, 1].map((share) => (
          <line
            class="chart-line"
            x1="0"
            x2={WIDTH}
            y1={HEIGHT - share * HEIGHT + 0.5}
            y2={HEIGHT - share * HEIGHT + 0.5}
          />
        ))}
        {parts.map((_part, index) => (
          <path class={colourOf(index)} d={areaOf(days, index, top)} />
        ))}
        <line class="chart-line" x1="0" x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
      </svg>
      <span class="chart-top number" aria-hidden="true">
        {numberText(view, top)}
      </span>
      <div class="chart-axis" aria-hidden="true">
        <span>{dayText(view, first.day)}</span>
        <span>{say("today", "aujourd’hui")}</span>
      </div>
      {parts.length > 1 && (
        <div class="legend" aria-hidden="true">
          {parts.map(({ name }, index) => (
            <span>
              <i class={colourOf(index)} />
              {name}
            </span>
          ))}
        </div>
      )}
      <div class="hidden">
        <SizeTable view={view} parts={parts} days={days} />
      </div>
    </figure>
  );
}

/** The area of one segment: between what is below it and that and itself. */
function areaOf(days: readonly DaySizes[], index: number, top: number): string {
  const place = ({ sizes }: DaySizes, upTo: number): number => sizes.slice(0, upTo).reduce((sum, one) => sum + one, 0);
  const x = (day: number): string => ((day / (days.length - 1)) * WIDTH).toFixed(1);
  const y = (size: number): string => (HEIGHT - (size / top) * (HEIGHT - 4)).toFixed(1);
  const upper = days.map((day, at) => `${x(at)} ${y(place(day, index + 1))}`);
  const lower = days.map((day, at) => `${x(at)} ${y(place(day, index))}`).toReversed();
  return `M${[...upper, ...lower].join("L")}Z`;
}

function SizeTable({ view, parts, days }: ChartProps) {
  const { say } = view;
  const shown = days.filter((_day, index) => (days.length - 1 - index) % 7 === 0);
  return (
    <table>
      <caption>{say("Contacts over time", "Contacts dans le temps")}</caption>
      <thead>
        <tr>
          <th scope="col">{say("Day", "Jour")}</th>
          {parts.map(({ name }) => (
            <th scope="col">{name}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {shown.map(({ day, sizes }) => (
          <tr>
            <th scope="row">{dayText(view, day)}</th>
            {sizes.map((size) => (
              <td>{numberText(view, size)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
