import { decimalsOf } from "../../shared/money";
import type { Band } from "../rfm-matrix";
import { moneyText, numberText, type View } from "../view";
import { Tabs } from "./parts";

/** What every page of RFM needs to name segments and write money. */
export interface RfmNames {
  /** Names by keys, best first. */
  readonly names: ReadonlyMap<string, string>;
  /** ISO 4217 code of the shop's money. */
  readonly currency: string;
}

/** The pages of RFM as a choice of links. */
export function RfmTabs({ view }: { view: View }) {
  const pages = [
    ["/admin/rfm", view.say("Now", "Aujourd’hui")],
    ["/admin/rfm/time", view.say("Over time", "Dans le temps")],
    ["/admin/rfm/settings", view.say("Settings", "Réglages")],
  ] as const;
  const choices = pages.map(([href, text]) => ({ href, text, current: view.path === href }));
  return <Tabs name={view.say("Pages of RFM", "Pages RFM")} choices={choices} />;
}

/** A part of a whole, with a figure behind the point where it is small: `12.3 %`. */
export function shareText(view: View, part: number, whole: number): string {
  const share = whole === 0 ? 0 : part / whole;
  const format = new Intl.NumberFormat(view.language === "fr" ? "fr-FR" : "en-GB", {
    style: "percent",
    maximumFractionDigits: share < 0.1 && share > 0 ? 1 : 0,
  });
  return format.format(share);
}

/** A change with its sign. */
export function changeText(view: View, change: number): string {
  return change === 0 ? "=" : `${change > 0 ? "+" : "−"}${numberText(view, Math.abs(change))}`;
}

/** An amount that need not be exact: in whole units. */
export function roundMoney(view: View, amount: number, currency: string): string {
  const unit = 10 ** decimalsOf(currency);
  const full = moneyText(view, Math.round(amount / unit) * unit, currency);
  return unit === 1 ? full : full.replace(/[.,]0+(?=\D*$)/, "");
}

/** A part of a whole as a line beside its figure. Decoration. */
export function Bar({ share, kind }: { share: number; kind: "sent" | "waiting" }) {
  return (
    <svg class="rfm-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
      <rect class="track" width="100" height="4" />
      <rect class={`bar-${kind}`} width={Math.min(100, 100 * share).toFixed(1)} height="4" />
    </svg>
  );
}

/** The values that a score stands for: `4–5`, `≤ 30`, `≥ 6`. */
export function bandText({ from, upTo }: Band, write: (value: number) => string): string {
  if (from === null) return upTo === null ? "" : `≤ ${write(upTo)}`;
  if (upTo === null) return `≥ ${write(from)}`;
  if (from > upTo) return "–";
  return from === upTo ? write(from) : `${write(from)}–${write(upTo)}`;
}

/** So many customers. */
export function customersText(view: View, count: number): string {
  const text = numberText(view, count);
  return view.say(`${text} ${count === 1 ? "customer" : "customers"}`, `${text} ${count < 2 ? "client" : "clients"}`);
}

/** Orders in a currency that has no rate. */
export function unpricedText(view: View, orders: number, currency: string): string {
  const text = numberText(view, orders);
  return orders === 1
    ? view.say(
        `1 order in ${currency} has no exchange rate: it counts as an order and as no money. `,
        `1 commande en ${currency} est sans taux de change : elle compte comme commande, pour un montant nul. `,
      )
    : view.say(
        `${text} orders in ${currency} have no exchange rate: they count as orders and as no money. `,
        `${text} commandes en ${currency} sont sans taux de change : elles comptent comme commandes, pour un montant nul. `,
      );
}
