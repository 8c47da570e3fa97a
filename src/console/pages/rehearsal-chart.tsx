import type { Counts } from "../../scenarios/rehearsal-totals";
import { numberText, timeText, type View } from "../view";

const WIDTH = 700;
const HEIGHT = 140;

interface ChartProps {
  readonly view: View;
  /** Days as YYYY-MM-DD, UTC. */
  readonly days: readonly string[];
  readonly sent: Counts;
  readonly withheld: Counts;
}

/** Messages of a channel by day as stacked bars. The same figures stand in a table for whoever cannot see them. */
export function DayChart({ view, days, sent, withheld }: ChartProps) {
  const { say } = view;
  const top = Math.max(4, ...days.map((day) => (sent[day] ?? 0) + (withheld[day] ?? 0)));
  const width = WIDTH / days.length;
  const bar = (kind: string, index: number, count: number, below: number) => {
    const height = (count / top) * (HEIGHT - 4);
    const y = HEIGHT - height - (below / top) * (HEIGHT - 4);
    const place = { x: (index * width + width * 0.14).toFixed(1), y: y.toFixed(1) };
    return <rect class={kind} {...place} width={(width * 0.72).toFixed(1)} height={height.toFixed(1)} />;
  };
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
        {days.map((day, index) => (
          <>
            {(sent[day] ?? 0) > 0 && bar("bar-sent", index, sent[day] ?? 0, 0)}
            {(withheld[day] ?? 0) > 0 && bar("bar-withheld", index, withheld[day] ?? 0, sent[day] ?? 0)}
          </>
        ))}
        <line class="chart-line" x1="0" x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
      </svg>
      <span class="chart-top number" aria-hidden="true">
        {numberText(view, top)}
      </span>
      <div class="chart-axis" aria-hidden="true">
        {[...new Set([0, 0.5, 1].map((share) => Math.round(share * (days.length - 1))))].map((index) => (
          <span>{dayText(view, days[index] ?? "")}</span>
        ))}
      </div>
      <div class="legend" aria-hidden="true">
        <span>
          <i class="bar-sent" />
          {say("Would leave", "Partiraient")}
        </span>
        <span>
          <i class="bar-withheld" />
          {say("Withheld", "Retenus")}
        </span>
      </div>
      <div class="hidden">
        <ChartTable view={view} days={days} sent={sent} withheld={withheld} />
      </div>
    </figure>
  );
}

function dayText(view: View, day: string): string {
  return timeText(view, Date.parse(`${day}T12:00:00Z`), "day");
}

function ChartTable({ view, days, sent, withheld }: ChartProps) {
  const { say } = view;
  const told = days.filter((day) => (sent[day] ?? 0) + (withheld[day] ?? 0) > 0);
  return (
    <table>
      <caption>{say("Messages by day", "Messages par jour")}</caption>
      <thead>
        <tr>
          <th scope="col">{say("Day", "Jour")}</th>
          <th scope="col">{say("Would leave", "Partiraient")}</th>
          <th scope="col">{say("Withheld", "Retenus")}</th>
        </tr>
      </thead>
      <tbody>
        {told.map((day) => (
          <tr>
            <th scope="row">{dayText(view, day)}</th>
            <td>{sent[day] ?? 0}</td>
            <td>{withheld[day] ?? 0}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
