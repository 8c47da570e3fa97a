import type { CatalogueChange } from "../../commerce/change";
import type { Feed, FeedRun } from "../../commerce/feed";
import { moneyText, numberText, type View } from "../view";
import { CHANGE_NAMES, feedReason, INTERVALS, RUN_STATES } from "../words/catalogue";
import { label } from "../words/labels";
import { FormToken } from "./form";
import { Page } from "./layout";
import { Ago, Card, CodePill, Empty, Pill, Time } from "./parts";

/** A feed with its last run. */
export interface ShownFeed {
  readonly feed: Feed;
  readonly last: FeedRun | null;
}

/** What somebody typed into the form, and what is wrong with it. */
export interface FeedDraft {
  readonly key: string;
  readonly url: string;
  readonly every: string;
  readonly problems: readonly string[];
}

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
      <div class="head">
        <div>
          <h1>{title}</h1>
          <p>
            {say(
              "Products come from your feeds, your shop’s webhooks, imports and the API.",
              "Les produits viennent de vos flux, des webhooks de la boutique, des imports et de l’API.",
            )}
          </p>
        </div>
        <ProductSearch view={view} />
      </div>
      <div class="columns">
        <div class="stack">
          <Card id="feeds" title={say("Product feeds", "Flux de produits")}>
            {feeds.length === 0 ? (
              <div class="empty">
                <strong>{say("No feed yet", "Aucun flux pour l’instant")}</strong>
                <p>
                  {say(
                    "The feed that you give to Google Merchant Center will do: its address is all that is needed.",
                    "Le flux que vous fournissez à Google Merchant Center convient : son adresse suffit.",
                  )}
                </p>
              </div>
            ) : (
              feeds.map((one) => <FeedSection view={view} shown={one} />)
            )}
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
            {changes.length === 0 ? (
              <Empty
                view={{ ...view, isLocal: false }}
                title={say("Nothing has changed yet", "Rien n’a encore changé")}
                text={say(
                  "A first load changes nothing. What comes after it does.",
                  "Un premier chargement ne change rien ; la suite, si.",
                )}
              />
            ) : (
              <ol class="feed">
                {changes.map((change) => (
                  <ChangeLine view={view} change={change} />
                ))}
              </ol>
            )}
          </Card>
        </div>
      </div>
    </Page>
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

function FeedSection({ view, shown: { feed, last } }: { view: View; shown: ShownFeed }) {
  const { say } = view;
  const { key, definition, nextAt } = feed;
  const path = `/admin/catalogue/feeds/${encodeURIComponent(key)}`;
  return (
    <section class="scenario" aria-label={key}>
      <div>
        <h3>
          {key}
          {last ? (
            <CodePill view={view} catalog={RUN_STATES} code={last.state} />
          ) : (
            <Pill tone="calm">{say("Not fetched yet", "Pas encore lu")}</Pill>
          )}
        </h3>
        <p class="mono">{definition.url}</p>
        <p>
          {last && (
            <>
              {say("Fetched", "Lu")} <Ago view={view} at={last.startedAt} />.{" "}
            </>
          )}
          {nextAt === null ? (
            say("Fetched by hand only.", "Lu seulement à la main.")
          ) : (
            <>
              {say("Next", "Prochaine lecture")} <Ago view={view} at={nextAt} />,{" "}
              {label(INTERVALS, definition.every, view.language).toLowerCase()}.
            </>
          )}
        </p>
        {last?.reason && (
          <p class="note note-bad">
            {say("The feed", "Le flux")} {feedReason(last.reason, view.language)}.{" "}
            {say("The catalogue stays as it was.", "Le catalogue reste tel quel.")}
          </p>
        )}
        {last && last.rejected.length > 0 && <Rejections view={view} run={last} />}
      </div>
      <div class="stack">
        {last && <RunCounts view={view} run={last} />}
        <div class="actions">
          <form method="post" action={`${path}/fetch`}>
            <FormToken view={view} />
            <button type="submit" aria-label={say(`Fetch now: ${key}`, `Lire maintenant : ${key}`)}>
              {say("Fetch now", "Lire maintenant")}
            </button>
          </form>
          <details>
            <summary>{say("Remove…", "Supprimer…")}</summary>
            <p class="soft">{say("Its products stay.", "Ses produits restent.")}</p>
            <form method="post" action={`${path}/remove`}>
              <FormToken view={view} />
              <button type="submit" aria-label={say(`Remove ${key}`, `Supprimer ${key}`)}>
                {say("Remove", "Supprimer")}
              </button>
            </form>
          </details>
        </div>
      </div>
    </section>
  );
}

function RunCounts({ view, run }: { view: View; run: FeedRun }) {
  const { say } = view;
  const rejected = run.rejected.reduce((sum, { count }) => sum + count, 0);
  const figures: readonly (readonly [string, number])[] = [
    [say("items", "articles"), run.items],
    [say("new or changed", "nouveaux ou modifiés"), run.changed],
    [say("no longer listed", "retirés du flux"), run.gone],
    [say("left out", "écartés"), rejected],
  ];
  return (
    <dl class="counts counts-few">
      {figures.map(([name, value]) => (
        <div>
          <dt>{name}</dt>
          <dd class={value === 0 ? "zero" : undefined}>{numberText(view, value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Rejections({ view, run }: { view: View; run: FeedRun }) {
  const { say } = view;
  return (
    <details open>
      <summary>{say("Items that were left out", "Articles écartés")}</summary>
      <section class="scroll" tabindex={0} aria-label={say("Items that were left out", "Articles écartés")}>
        <table class="lines lines-named">
          <thead>
            <tr>
              <th scope="col">{say("Why", "Pourquoi")}</th>
              <th scope="col">{say("For example", "Par exemple")}</th>
              <th scope="col" class="end">
                {say("Items", "Articles")}
              </th>
            </tr>
          </thead>
          <tbody>
            {run.rejected.map(({ reason, count, line, example }) => (
              <tr>
                <th scope="row">{feedReason(reason, view.language)}</th>
                <td>
                  {example !== null && <code>{example}</code>} {say("line", "ligne")} {numberText(view, line)}
                </td>
                <td class="end">{numberText(view, count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}

function FeedForm({ view, draft }: { view: View; draft: FeedDraft | null }) {
  const { say } = view;
  const chosen = draft?.every ?? "PT6H";
  return (
    <form class="card-body feed-form" method="post" action="/admin/catalogue/feeds">
      <FormToken view={view} />
      {draft && draft.problems.length > 0 && (
        <p class="note note-bad" role="alert">
          {draft.problems.join(" ")}
        </p>
      )}
      <p class="field">
        <label for="feed-key">{say("Name", "Nom")}</label>
        <input
          id="feed-key"
          type="text"
          name="key"
          required
          maxlength={60}
          value={draft?.key ?? ""}
          placeholder="main"
          autocomplete="off"
        />
      </p>
      <p class="field">
        <label for="feed-url">{say("Address of the feed", "Adresse du flux")}</label>
        <input
          id="feed-url"
          type="text"
          name="url"
          required
          maxlength={2000}
          value={draft?.url ?? ""}
          placeholder="https://"
          autocomplete="off"
        />
      </p>
      <p class="field">
        <label for="feed-every">{say("Fetched", "Lecture")}</label>
        <select id="feed-every" name="every">
          {Object.entries(INTERVALS).map(([value, words]) => (
            <option value={value} selected={value === chosen}>
              {words[view.language]}
            </option>
          ))}
        </select>
      </p>
      <p class="soft small">
        {say(
          "Google Merchant XML, or CSV with Google’s columns. Columns of other names are told by the API (columns).",
          "XML Google Merchant, ou CSV avec les colonnes de Google. D’autres noms de colonnes se déclarent par l’API (columns).",
        )}
      </p>
      <p>
        <button type="submit" class="button-main">
          {say("Add and fetch", "Ajouter et lire")}
        </button>
      </p>
    </form>
  );
}

/** One change: of what, from what, to what. */
export function ChangeLine({ view, change }: { view: View; change: CatalogueChange }) {
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
