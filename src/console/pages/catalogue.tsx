import type { CatalogueChange } from "../../commerce/change";
import { moneyText, numberText, type View } from "../view";
import { CHANGE_NAMES } from "../words/catalogue";
import type { ShownFeed } from "./feed-card";
import { FeedSection } from "./feed-card";
import type { FeedDraft } from "./feed-form";
import { FeedForm } from "./feed-form";
import { Page } from "./layout";
import { Card, CodePill, Head, Time } from "./parts";

interface Props {
  readonly view: View;
  readonly feeds: readonly ShownFeed[];
  readonly changes: readonly CatalogueChange[];
  readonly draft: FeedDraft | null;
}

/** Where products come from, what came of it, and what changed. */
export function CataloguePage({ view, feeds, changes, draft }: Props) {
  const { say } = view;
  const title = say("Catalogue", "Catalogue");
  return (
    <Page view={view} title={title}>
      <Head
        title={title}
        about={say(
          "Products come from your feeds, your shop’s webhooks, imports and the API.",
          "Les produits viennent de vos flux, des webhooks de la boutique, des imports et de l’API.",
        )}
      >
        <ProductSearch view={view} />
      </Head>
      <div class="columns">
        <div class="stack">
          <Card id="feeds" title={say("Product feeds", "Flux de produits")}>
            {feeds.length === 0 ? <NoFeed view={view} /> : feeds.map((one) => <FeedSection view={view} shown={one} />)}
          </Card>
          <Card id="add" title={say("Add a feed", "Ajouter un flux")}>
            <FeedForm view={view} draft={draft} />
          </Card>
        </div>
        <div class="narrow">
          <Card
            id="changes"
            title={say("Latest changes", "Derniers changements")}
            about={say("What scenarios can start on.", "Ce qui peut démarrer un scénario.")}
          >
            {changes.length === 0 ? <NoChange view={view} /> : <Changes view={view} changes={changes} />}
          </Card>
        </div>
      </div>
    </Page>
  );
}

function NoFeed({ view: { say } }: { view: View }) {
  return (
    <div class="empty">
      <strong>{say("No feed yet", "Aucun flux pour l’instant")}</strong>
      <p>
        {say(
          "The feed that you give to Google Merchant Center will do: its address is all that is needed.",
          "Le flux que vous fournissez à Google Merchant Center convient : son adresse suffit.",
        )}
      </p>
    </div>
  );
}

function NoChange({ view: { say } }: { view: View }) {
  return (
    <div class="empty">
      <strong>{say("Nothing has changed yet", "Rien n’a encore changé")}</strong>
      <p>
        {say(
          "A first load changes nothing. What comes after it does.",
          "Un premier chargement ne change rien ; la suite, si.",
        )}
      </p>
    </div>
  );
}

/** Changes of the catalogue, one a line. */
export function Changes({ view, changes }: { view: View; changes: readonly CatalogueChange[] }) {
  return (
    <ol class="feed">
      {changes.map((change) => (
        <ChangeLine view={view} change={change} />
      ))}
    </ol>
  );
}

function ProductSearch({ view }: { view: View }) {
  const { say } = view;
  const name = say("Find a product by its id", "Chercher un produit par son identifiant");
  return (
    <form class="actions" action="/admin/catalogue/products" method="get">
      <input
        type="search"
        name="id"
        required
        maxlength={255}
        aria-label={name}
        placeholder={say("Product id…", "Identifiant…")}
        autocomplete="off"
      />
    </form>
  );
}

/** One change: of what, from what, to what. */
function ChangeLine({ view, change }: { view: View; change: CatalogueChange }) {
  const { say } = view;
  const { kind, product_id, sku, before, after, currency, at } = change;
  const shown = (value: number): string =>
    currency === null ? numberText(view, value) : moneyText(view, value, currency);
  return (
    <li>
      <Time view={view} at={at} />
      <p class="feed-line">
        <CodePill view={view} catalog={CHANGE_NAMES} code={kind} />
        <strong>
          {shown(before)} → {shown(after)}
        </strong>
      </p>
      <p class="feed-about">
        <a href={`/admin/catalogue/products/${encodeURIComponent(product_id)}`}>{product_id}</a>
        {sku !== product_id && <span>{sku}</span>}
        {at > view.now && <span>{say("announced", "annoncé")}</span>}
      </p>
    </li>
  );
}
