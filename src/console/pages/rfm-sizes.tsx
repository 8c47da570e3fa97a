import { dayNumber } from "../../segments/rfm/days";
import { DAY } from "../../shared/clock";
import type { SizeLine } from "../rfm-flow";
import { numberText, type View } from "../view";
import { segmentName } from "../words/rfm";
import { changeText } from "./rfm-parts";

const WIDTH = 200;
const HEIGHT = 48;
/** Days of the table that is read aloud. */
const TOLD = 12;

interface Props {
  readonly view: View;
  readonly lines: readonly SizeLine[];
  readonly names: ReadonlyMap<string, string>;
  readonly from: string;
  readonly to: string;
}

/** The size of each segment over time, each in a picture of its own and all in one table. */
export function Sizes(props: Props) {
  const { view, lines, names } = props;
  return (
    <figure class="rfm-sizes">
      {lines.map((line) => {
        const [first, last] = [line.points[0]?.contacts ?? 0, line.points.at(-1)?.contacts ?? 0];
        return (
          <div aria-hidden="true">
            <p>
              <strong>{segmentName(line.key, names.get(line.key), view.language)}</strong>
              <span class="number">
                {numberText(view, last)} <span class="soft">({changeText(view, last - first)})</span>
              </span>
            </p>
            <Steps {...props} line={line} />
          </div>
        );
      })}
      <div class="hidden">
        <SizeTable {...props} />
      </div>
    </figure>
  );
}

function Steps({ line: { points }, from, to }: Props & { line: SizeLine }) {
  const most = Math.max(1, ...points.map(({ contacts }) => contacts));
  const start = dayNumber(from);
  const span = Math.max(1, dayNumber(to) - start);
  const x = (day: string): string => ((WIDTH * Math.max(0, dayNumber(day) - start)) / span).toFixed(1);
  const y = (contacts: number): string => (HEIGHT - (contacts / most) * (HEIGHT - 4)).toFixed(1);
  const [first, ...rest] = points;
  if (!first) return null;
  const steps = rest.map(({ day, contacts }) => `H${x(day)}V${y(contacts)}`).join("");
  const line = `M${x(first.day)} ${y(first.contacts)}${steps}H${WIDTH}`;
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path class="size-area" d={`${line}V${HEIGHT}H${x(first.day)}Z`} />
      <path class="size-line" d={line} />
    </svg>
  );
}

function SizeTable({ view, lines, names }: Props) {
  const { say, language } = view;
  const days = lines[0]?.points.map(({ day }) => day) ?? [];
  const step = Math.max(1, Math.ceil((days.length - 1) / (TOLD - 1)));
  const places = [...days.keys()].filter((place) => place % step === 0 || place === days.length - 1);
  return (
    <table>
      <caption>{say("Customers in each segment over time", "Clients de chaque segment dans le temps")}</caption>
      <thead>
        <tr>
          <th scope="col">{say("Segment", "Segment")}</th>
          {places.map((place) => (
            <th scope="col">{dateText(view, days[place] ?? "")}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lines.map(({ key, points }) => (
          <tr>
            <th scope="row">{segmentName(key, names.get(key), language)}</th>
            {places.map((place) => (
              <td>{points[place]?.contacts ?? 0}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A day of the shop's calendar as the language writes it. */
export function dateText({ language }: View, day: string): string {
  const format = new Intl.DateTimeFormat(language === "fr" ? "fr-FR" : "en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  });
  return day === "" ? "" : format.format(dayNumber(day) * DAY);
}
