import type { ProductRow, Stock, VariantRow } from "../../commerce/catalogue-store";
import type { CatalogueChange } from "../../commerce/change";
import type { Price } from "../../commerce/price";
import { moneyText, numberText, type View } from "../view";
import { Changes } from "./catalogue";
import { Page } from "./layout";
import { Ago, Card, Pill, Time } from "./parts";
import { PriceChart } from "./price-chart";

/** A product with everything that is known of its prices and stock. */
export interface ProductFile {
  readonly product: ProductRow;
  readonly variants: readonly VariantRow[];
  readonly prices: readonly (Price & { readonly sku: string })[];
  readonly stocks: readonly Stock[];
  readonly changes: readonly CatalogueChange[];
}

const CHARTS = 6;

/** One product: what it is, what it costs and cost, how many there are. */
export function ProductPage({ view, file }: { view: View; file: ProductFile }) {
  const { say } = view;
  const { product, variants, prices, changes } = file;
  return (
    <Page view={view} title={product.title}>
      <p class="crumb">
        <a href="/admin/catalogue">{say("Catalogue", "Catalogue")}</a>
      </p>
      <div class="head">
        <div>
          <h1>{product.title}</h1>
          <p>{[product.brand, product.category].filter((text) => text !== null).join(" · ")}</p>
          <Gone view={view} product={product} />
        </div>
        {product.url !== null && (
          <a class="button" href={product.url} rel="noreferrer">
            {say("In the shop", "Dans la boutique")}
          </a>
        )}
      </div>
      <div class="columns">
        <div class="stack">
          {variants.slice(0, CHARTS).map((variant, index) => (
            <Card id={`price-${index}`} title={say(`Price of ${nameOf(variant)}`, `Prix de ${nameOf(variant)}`)}>
              <div class="card-body">
                <PriceChart view={view} prices={prices.filter(({ sku }) => sku === variant.sku)} />
              </div>
            </Card>
          ))}
          <Card id="variants" title={say("Variants", "Variantes")}>
            <Variants view={view} variants={variants} />
          </Card>
        </div>
        <div class="narrow stack">
          <Card id="changes" title={say("Changes", "Changements")}>
            {changes.length === 0 ? (
              <p class="empty">{say("None so far.", "Aucun jusqu’ici.")}</p>
            ) : (
              <Changes view={view} changes={changes} />
            )}
          </Card>
          <Card id="stock" title={say("Stock", "Stock")}>
            <StockTable view={view} file={file} />
          </Card>
        </div>
      </div>
    </Page>
  );
}

/** What is in stock of a product that is off sale would mislead without it. */
function Gone({ view, product }: { view: View; product: ProductRow }) {
  if (product.gone_at === null) return null;
  return (
    <Pill tone="wait">
      {view.say("off sale", "hors vente")} <Ago view={view} at={product.gone_at} />
    </Pill>
  );
}

function nameOf({ title, sku }: VariantRow): string {
  return title ?? sku;
}

function Variants({ view, variants }: { view: View; variants: readonly VariantRow[] }) {
  const { say } = view;
  return (
    <section class="card-body scroll" tabindex={0} aria-label={say("Table of variants", "Tableau des variantes")}>
      <table class="lines lines-named">
        <thead>
          <tr>
            <th scope="col">{say("Variant", "Variante")}</th>
            <th scope="col" class="end">
              {say("Price", "Prix")}
            </th>
            <th scope="col" class="end">
              {say("In stock", "En stock")}
            </th>
            <th scope="col">{say("Listed by", "Source")}</th>
          </tr>
        </thead>
        <tbody>
          {variants.map((variant) => (
            <tr>
              <th scope="row">
                {variant.title !== null && `${variant.title} `}
                <code>{variant.sku}</code>
              </th>
              <td class="end">
                {variant.compare_at !== null && variant.currency !== null && (
                  <>
                    <s class="soft">{moneyText(view, variant.compare_at, variant.currency)}</s>{" "}
                  </>
                )}
                {variant.price !== null && variant.currency !== null
                  ? moneyText(view, variant.price, variant.currency)
                  : "–"}
              </td>
              <td class="end">{variant.stock === null ? "–" : numberText(view, variant.stock)}</td>
              <td>
                {variant.feed ?? "–"}{" "}
                {variant.left_feed_at !== null && (
                  <Pill tone="wait">
                    {say("left", "retirée")} <Ago view={view} at={variant.left_feed_at} />
                  </Pill>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function StockTable({ view, file: { variants, stocks } }: { view: View; file: ProductFile }) {
  const { say } = view;
  if (stocks.length === 0) return <p class="empty">{say("Nobody told us.", "Inconnu.")}</p>;
  return (
    <section class="card-body scroll" tabindex={0} aria-label={say("Table of stock", "Tableau du stock")}>
      <table class="lines lines-named">
        <thead>
          <tr>
            <th scope="col">{say("Since", "Depuis")}</th>
            {variants.length > 1 && <th scope="col">{say("Variant", "Variante")}</th>}
            <th scope="col" class="end">
              {say("Pieces", "Pièces")}
            </th>
          </tr>
        </thead>
        <tbody>
          {stocks.slice(0, 12).map(({ sku, effectiveFrom, stock }) => (
            <tr>
              <th scope="row">
                <Time view={view} at={effectiveFrom} />
              </th>
              {variants.length > 1 && <td>{sku}</td>}
              <td class="end">{numberText(view, stock)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
