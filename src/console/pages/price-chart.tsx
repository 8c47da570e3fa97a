import type { Price } from "../../commerce/price";
import { lowestBefore, priceAt } from "../../commerce/price";
import { DAY } from "../../shared/clock";
import { moneyText, timeText, type View } from "../view";

const WIDTH = 700;
const HEIGHT = 176;
const EDGE = 14;
const SHOWN = 90 * DAY;

/** The price of a variant over ninety days as steps, with what is announced behind today. In a table too. */
export function PriceChart({ view, prices }: { view: View; prices: readonly Price[] }) {
  const current = priceAt(prices, view.now);
  const currency = current?.currency ?? prices[0]?.currency;
  const line = prices
    .filter((price) => price.currency === currency)
    .toSorted((one, other) => one.effectiveFrom - other.effectiveFrom);
  const first = line[0];
  const last = line.at(-1);
  if (!first || !last) return <p class="soft">{view.say("No price yet.", "Pas encore de prix.")}</p>;
  const isAnnounced = last.effectiveFrom > view.now;
  const from = Math.max(first.effectiveFrom, view.now - SHOWN);
  const until = isAnnounced ? last.effectiveFrom + 3 * DAY : view.now;
  const drawn = new Drawing(line, Math.min(from, until - DAY), until);
  return (
    <figure class="chart">
      <Lines view={view} drawn={drawn} isAnnounced={isAnnounced} />
      <Axis view={view} drawn={drawn} isAnnounced={isAnnounced} currency={last.currency} />
      {current && <Reference view={view} prices={prices} current={current} />}
      <div class="hidden">
        <PriceTable view={view} line={line} />
      </div>
    </figure>
  );
}

interface Part {
  readonly view: View;
  readonly drawn: Drawing;
  readonly isAnnounced: boolean;
}

function Lines({ view: { now }, drawn, isAnnounced }: Part) {
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {[EDGE, HEIGHT - EDGE].map((y) => (
        <line class="chart-line" x1="0" x2={WIDTH} y1={y} y2={y} />
      ))}
      <path class="price-past" d={drawn.steps(drawn.from, now)} />
      {isAnnounced && <path class="price-next" d={drawn.steps(now, drawn.until)} />}
      {isAnnounced && <line class="price-now" x1={drawn.x(now)} x2={drawn.x(now)} y1="0" y2={HEIGHT} />}
    </svg>
  );
}

function Axis({ view, drawn, isAnnounced, currency }: Part & { currency: string }) {
  const { say } = view;
  return (
    <>
      <span class="chart-top number" aria-hidden="true">
        {moneyText(view, drawn.top, currency)}
      </span>
      {drawn.bottom < drawn.top && (
        <span class="chart-bottom number" aria-hidden="true">
          {moneyText(view, drawn.bottom, currency)}
        </span>
      )}
      <div class="chart-axis" aria-hidden="true">
        <span>{timeText(view, drawn.from, "day")}</span>
        <span>{isAnnounced ? timeText(view, drawn.until, "day") : say("today", "aujourd’hui")}</span>
      </div>
      {isAnnounced && (
        <div class="legend" aria-hidden="true">
          <span>
            <i class="mark-now" />
            {say("Today", "Aujourd’hui")}
          </span>
          <span>
            <i class="mark-next" />
            {say("Announced", "Annoncé")}
          </span>
        </div>
      )}
    </>
  );
}

/** What a reduction must name beside it. */
function Reference({ view, prices, current }: { view: View; prices: readonly Price[]; current: Price }) {
  const { effectiveFrom, price, currency } = current;
  const lowest = lowestBefore(prices, effectiveFrom, currency);
  if (lowest === null || price >= lowest) return null;
  return (
    <figcaption class="soft small">
      {view.say(
        "Lowest price of the 30 days before the reduction:",
        "Prix le plus bas des 30 jours précédant la réduction :",
      )}{" "}
      {moneyText(view, lowest, currency)}
    </figcaption>
  );
}

function PriceTable({ view, line }: { view: View; line: readonly Price[] }) {
  const { say } = view;
  return (
    <table>
      <caption>{say("Prices", "Prix")}</caption>
      <thead>
        <tr>
          <th scope="col">{say("From", "À partir de")}</th>
          <th scope="col">{say("Price", "Prix")}</th>
        </tr>
      </thead>
      <tbody>
        {line.map(({ effectiveFrom, price, currency }) => (
          <tr>
            <th scope="row">{timeText(view, effectiveFrom, "clock")}</th>
            <td>{moneyText(view, price, currency)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Prices as places on the chart. */
class Drawing {
  readonly top: number;
  readonly bottom: number;

  constructor(
    private readonly line: readonly Price[],
    readonly from: number,
    readonly until: number,
  ) {
    const shown = [...line.filter(({ effectiveFrom }) => effectiveFrom >= from), priceAt(line, from)];
    const values = shown.flatMap((price) => (price ? [price.price] : []));
    this.top = Math.max(...values);
    this.bottom = Math.min(...values);
  }

  x(time: number): string {
    return (((time - this.from) / (this.until - this.from)) * WIDTH).toFixed(1);
  }

  y(price: number): string {
    const share = this.top === this.bottom ? 0.5 : (price - this.bottom) / (this.top - this.bottom);
    return (HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE)).toFixed(1);
  }

  /** The line between two times: it keeps its height until a price begins. */
  steps(from: number, until: number): string {
    const inside = this.line.filter(({ effectiveFrom }) => effectiveFrom > from && effectiveFrom <= until);
    const start = priceAt(this.line, from) ?? inside[0];
    if (!start) return "";
    const moves = inside.map(({ effectiveFrom, price }) => `H${this.x(effectiveFrom)}V${this.y(price)}`);
    const begin = Math.max(from, start.effectiveFrom);
    return `M${this.x(begin)} ${this.y(start.price)}${moves.join("")}H${this.x(until)}`;
  }
}
