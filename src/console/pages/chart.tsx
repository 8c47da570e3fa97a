import type { Kind, KindCounts } from "../fates";
import { KINDS } from "../fates";
import type { Period } from "../period";
import type { View } from "../view";
import { numberText, timeText } from "../view";

const WIDTH = 700;
const HEIGHT = 176;

/** The words of the kinds that the bars are made of. */
function kindText(kind: Kind, view: View): string {
  const words: Readonly<Record<Kind, string>> = {
    sent: view.say("Sent", "Envoyés"),
    waiting: view.say("Waiting", "En attente"),
    withheld: view.say("Not sent", "Non envoyés"),
    failed: view.say("Failed or unclear", "Échec ou incertain"),
  };
  return words[kind];
}

/** Messages over time as stacked bars. The same figures stand in a table for whoever cannot see them. */
export function MessageChart({ view, period, counts }: { view: View; period: Period; counts: readonly KindCounts[] }) {
  const totals = counts.map((count) => KINDS.reduce((sum, kind) => sum + count[kind], 0));
  const top = Math.max(4, ...totals);
  const width = WIDTH / counts.length;
  return (
    <figure class="chart">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        {[0.25, 0.5, 0.75, 1].map((share) => (
          <line
            class="chart-line"
            x1="0"
            x2={WIDTH}
            y1={HEIGHT - share * HEIGHT + 0.5}
            y2={HEIGHT - share * HEIGHT + 0.5}
          />
        ))}
        {counts.map((count, index) => (
          <Bar count={count} x={index * width + width * 0.14} width={width * 0.72} top={top} />
        ))}
        <line class="chart-line" x1="0" x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
      </svg>
      <span class="chart-top number" aria-hidden="true">
        {numberText(view, top)}
      </span>
      <div class="chart-axis" aria-hidden="true">
        {axisLabels(view, period).map((text) => (
          <span>{text}</span>
        ))}
      </div>
      <div class="legend" aria-hidden="true">
        {KINDS.map((kind) => (
          <span>
            <i class={`bar-${kind}`} />
            {kindText(kind, view)}
          </span>
        ))}
      </div>
      <div class="hidden">
        <ChartTable view={view} period={period} counts={counts} />
      </div>
    </figure>
  );
}

function Bar({ count, x, width, top }: { count: KindCounts; x: number; width: number; top: number }) {
  let y = HEIGHT;
  return (
    <>
      {KINDS.filter((kind) => count[kind] > 0).map((kind) => {
        const height = (count[kind] / top) * (HEIGHT - 4);
        y -= height;
        return (
          <rect
            class={`bar-${kind}`}
            x={x.toFixed(1)}
            y={y.toFixed(1)}
            width={width.toFixed(1)}
            height={height.toFixed(1)}
          />
        );
      })}
    </>
  );
}

function bucketText(view: View, period: Period, at: number): string {
  return timeText(view, at, period.key === "day" ? "hour" : "day");
}

function axisLabels(view: View, period: Period): string[] {
  const { buckets } = period;
  const places = [0, 0.25, 0.5, 0.75, 1].map((share) => Math.round(share * (buckets.length - 1)));
  return places.flatMap((place) => {
    const bucket = buckets[place];
    return bucket ? [bucketText(view, period, bucket.from)] : [];
  });
}

function ChartTable({ view, period, counts }: { view: View; period: Period; counts: readonly KindCounts[] }) {
  return (
    <table>
      <caption>{view.say("Messages over time", "Messages dans le temps")}</caption>
      <thead>
        <tr>
          <th scope="col">{view.say("From", "À partir de")}</th>
          {KINDS.map((kind) => (
            <th scope="col">{kindText(kind, view)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {counts.map((count, index) => (
          <tr>
            <th scope="row">{bucketText(view, period, period.buckets[index]?.from ?? 0)}</th>
            {KINDS.map((kind) => (
              <td>{count[kind]}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
