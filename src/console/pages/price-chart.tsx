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
  const { say } = view;
  const current = priceAt(prices, view.now);
  const currency = current?.currency ?? prices[0]?.currency;
  const line = prices
    .filter((price) => price.currency === currency)
    .toSorted((one, other) => one.effectiveFrom - other.effectiveFrom);
  const first = line[0];
  const last = line.at(-1);
  if (!first || !last || currency === undefined)
    return <p class="soft">{say("No price yet.", "Pas encore de prix.")}</p>;
  const from = Math.max(first.effectiveFrom, view.now - SHOWN);
  const until = Math.max(view.now, last.effectiveFrom + (last.effectiveFrom > view.now ? 3 * DAY : 0));
  const drawn = new Drawing(line, Math.min(from, until - DAY), until);
  const lowest = current && lowestBefore(prices, current.effectiveFrom, currency);
  const isReduced = current !== null && lowest !== null && current.price < lowest;
  return (
    <figure class="chart">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        {[EDGE, HEIGHT - EDGE].map((y) => (
          <line class="chart-line" x1="0" x2={WIDTH} y1={y} y2={y} />
        ))}
        <path class="price-past" d={drawn.steps(drawn.from, view.now)} />
        {until > view.now && <path class="price-next" d={drawn.steps(view.now, until)} />}
        {until > view.now && (
          <line class="price-now" x1={drawn.x(view.now)} x2={drawn.x(view.now)} y1="0" y2={HEIGHT} />
        )}
      </svg>
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
        <span>{until > view.now ? timeText(view, until, "day") : say("today", "aujourd’hui")}</span>
      </div>
      {until > view.now && (
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
      {isReduced && (
        <figcaption class="soft small">
          {say(
            "Lowest price of the 30 days before the reduction:",
            "Prix le plus bas des 30 jours précédant la réduction :",
          )}{" "}
          {moneyText(view, lowest, currency)}
        </figcaption>
      )}
      <div class="hidden">
        <table>
          <caption>{say("Prices", "Prix")}</caption>
          <thead>
            <tr>
              <th scope="col">{say("From", "À partir de")}</th>
              <th scope="col">{say("Price", "Prix")}</th>
            </tr>
          </thead>
          <tbody>
            {line.map(({ effectiveFrom, price }) => (
              <tr>
                <th scope="row">{timeText(view, effectiveFrom, "clock")}</th>
                <td>{moneyText(view, price, currency)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
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
