import { createFeed, fetchFeed, removeFeed } from "../admin/feed-actions";
import { feedInput } from "../admin/feed-schema";
import { findProduct, pricesOf, stocksOf, variantsOf } from "../commerce/catalogue-store";
import { listChanges } from "../commerce/change-store";
import { listFeeds, listRuns } from "../commerce/feed-store";
import { Fault } from "../shared/fault";
import { pointersOf } from "../shared/pointer";
import { CataloguePage } from "./pages/catalogue";
import type { FeedDraft } from "./pages/feed-form";
import { ProductPage } from "./pages/product";
import type { ConsoleApp, ConsoleContext } from "./request";
import { act, formOf, nothing, pageOf } from "./request";
import { feedReason } from "./words/catalogue";

const LATEST = 15;
const HISTORY = 60;

/** Product feeds, products and what changes of them. */
export function addCatalogue(app: ConsoleApp): void {
  app.get("/admin/catalogue", (context) => catalogue(context, null));
  app.get("/admin/catalogue/products", (context) => {
    const id = context.req.query("id")?.trim() ?? "";
    return context.redirect(
      id === "" ? "/admin/catalogue" : `/admin/catalogue/products/${encodeURIComponent(id)}`,
      303,
    );
  });
  app.get("/admin/catalogue/products/:id", product);
  app.post("/admin/catalogue/feeds", add);
  act(app, "/admin/catalogue/feeds/:key/fetch", "/admin/catalogue", ({ var: { services }, req }) =>
    fetchFeed(services, req.param("key") ?? ""),
  );
  act(app, "/admin/catalogue/feeds/:key/remove", "/admin/catalogue", ({ var: { services }, req }) =>
    removeFeed(services, req.param("key") ?? ""),
  );
}

async function catalogue(context: ConsoleContext, draft: FeedDraft | null): Promise<Response> {
  const { view, services } = context.var;
  const { DB } = services.env;
  const everything = { kind: null, product: null, below: null };
  const [feeds, changes] = await Promise.all([listFeeds(DB), listChanges(DB, everything, LATEST)]);
  const runs = await Promise.all(feeds.map(({ key }) => listRuns(DB, key, 1)));
  const shown = feeds.map((feed, index) => ({ feed, last: runs[index]?.[0] ?? null }));
  return pageOf(
    context,
    <CataloguePage view={view} feeds={shown} changes={changes} draft={draft} />,
    draft && draft.problems.length > 0 ? 400 : 200,
  );
}

/** Adds a feed and fetches it; what does not fit stands with the form, as it was typed. */
async function add(context: ConsoleContext): Promise<Response> {
  const { services, view } = context.var;
  const form = await formOf(context);
  const typed = {
    key: form.get("key")?.trim() ?? "",
    url: form.get("url")?.trim() ?? "",
    every: form.get("every") ?? "",
  };
  const parsed = feedInput.safeParse(typed);
  try {
    if (!parsed.success) throw new Fault("invalid-input", "", pointersOf(parsed.error));
    await createFeed(services, parsed.data);
    await fetchFeed(services, parsed.data.key);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const fields: Readonly<Record<string, string>> = {
      "/key": view.say("The name", "Le nom"),
      "/url": view.say("The address", "L’adresse"),
    };
    const wrong = error.errors.map(
      ({ pointer, detail }) => `${fields[pointer] ?? pointer} ${feedReason(detail, view.language)}.`,
    );
    const taken = view.say("Another feed has this name.", "Un autre flux porte ce nom.");
    return catalogue(context, { ...typed, problems: wrong.length > 0 ? wrong : [taken] });
  }
  return context.redirect("/admin/catalogue", 303);
}

async function product(context: ConsoleContext): Promise<Response> {
  const { view, services } = context.var;
  const { DB } = services.env;
  const id = context.req.param("id") ?? "";
  const found = await findProduct(DB, id);
  if (!found) return nothing(context, view.say("No product has this id.", "Aucun produit n’a cet identifiant."));
  const [variants, prices, stocks, changes] = await Promise.all([
    variantsOf(DB, [id], view.now),
    pricesOf(DB, id, HISTORY),
    stocksOf(DB, id, HISTORY),
    listChanges(DB, { kind: null, product: id, below: null }, LATEST),
  ]);
  return pageOf(context, <ProductPage view={view} file={{ product: found, variants, prices, stocks, changes }} />);
}
