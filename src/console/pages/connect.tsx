import type { View } from "../view";

/** The addresses at which events are taken, and the public key. */
export interface Doors {
  /** Absolute, without a trailing slash. */
  readonly url: string;
  readonly writeKey: string;
}

/** How each kind of source is connected, with what to copy. */
export function ConnectList({ view, doors }: { view: View; doors: Doors }) {
  return (
    <ul class="connect">
      {waysOf(view, doors).map(({ name, about, code }) => (
        <li>
          <h3>{name}</h3>
          <p>{about}</p>
          <pre tabindex={0}>{code}</pre>
        </li>
      ))}
    </ul>
  );
}

interface Way {
  readonly name: string;
  readonly about: string;
  readonly code: string;
}

function waysOf({ say }: View, { url, writeKey }: Doors): Way[] {
  const server = say("your secret key", "votre clé secrète");
  return [
    {
      name: say("Any shop: the browser snippet", "Toute boutique : le script du navigateur"),
      about: say("One line in the head of every page.", "Une ligne dans l’en-tête de chaque page."),
      code: `<script async src="${url}/r.js" data-write-key="${writeKey}"></script>`,
    },
    {
      name: say("Segment or RudderStack, browser", "Segment ou RudderStack, navigateur"),
      about: say(
        "The client stays as it is; only its address changes.",
        "Le client reste tel quel ; seule son adresse change.",
      ),
      code:
        `AnalyticsBrowser.load({ writeKey: "${writeKey}", cdnURL: "${url}" },\n` +
        `  { integrations: { "Segment.io": { apiHost: "${url.replace(/^https?:\/\//, "")}/v1" } } })\n` +
        `rudderAnalytics.load("${writeKey}", "${url}", { configUrl: "${url}" })`,
    },
    {
      name: say("Segment or RudderStack, server", "Segment ou RudderStack, serveur"),
      about: say(
        `With ${server}: only the server may tell of orders.`,
        `Avec ${server} : seul le serveur peut parler de commandes.`,
      ),
      code: `new Analytics({ writeKey: SECRET_KEY, host: "${url}" })\nnew RudderAnalytics(SECRET_KEY, { dataPlaneUrl: "${url}" })`,
    },
    {
      name: "Shopify",
      about: say("The address of its webhooks, in JSON:", "L’adresse de ses webhooks, en JSON :"),
      code: `${url}/webhooks/shopify`,
    },
    {
      name: "WooCommerce",
      about: say("The delivery address of its webhooks:", "L’adresse de livraison de ses webhooks :"),
      code: `${url}/webhooks/woocommerce`,
    },
    {
      name: say("Files from before", "Les fichiers d’avant"),
      about: say("History starts no scenario.", "L’historique ne lance aucun scénario."),
      code: `curl -H "Authorization: Bearer ADMIN_KEY" --data-binary @orders.csv "${url}/api/imports?kind=orders"`,
    },
  ];
}
