import type { Child } from "hono/jsx";
import { isOpenCart } from "../../commerce/cart";
import { CONSENT_KEYS } from "../../contacts/consent";
import { isEmptied } from "../../contacts/profile";
import { contactId } from "../../shared/ids";
import type { CartRow, ConsentRow, ContactFile } from "../contact-store";
import { moneyText, numberText, type View } from "../view";
import { CONSENT_ACTIONS, CONSENT_NAMES, CONSENT_STATES, CONTACT_STATUSES, label, ORDER_STATES } from "../words/labels";
import type { ScenarioNames } from "../words/scenarios";
import type { ContactScores } from "./contact-rfm";
import { RfmCard } from "./contact-rfm";
import { DecisionFeed, SendFeed } from "./feeds";
import { Page } from "./layout";
import { Card, CodePill, Time } from "./parts";
import { PrivacyCard } from "./privacy";
import { RunFeed } from "./runs";
import { AskWhyCard } from "./why";

interface Props {
  readonly view: View;
  readonly file: ContactFile;
  readonly names: ScenarioNames;
  /** ISO 4217 code of the shop's money, which figures over all orders are in. */
  readonly currency: string;
  readonly scores: ContactScores | null;
}

/** A name to show: what is known of one, else the address or customer number, else that it is a visitor. */
function contactName({ profile }: ContactFile, view: View): string {
  const name = [profile.firstName, profile.lastName].filter((part) => part !== null && part !== "").join(" ");
  return (
    name ||
    profile.email ||
    profile.claimedEmail ||
    profile.externalId ||
    view.say("Anonymous visitor", "Visiteur anonyme")
  );
}

/** One contact: who they are, what they agreed to, what they did, and what was decided about them. */
export function ContactPage({ view, file, names, currency, scores }: Props) {
  const { say } = view;
  const { profile, decisions, sends, runs } = file;
  const name = contactName(file, view);
  return (
    <Page view={view} title={name}>
      <div class="head">
        <div>
          <p class="crumb mono">{contactId(file.row)}</p>
          <h1>{name}</h1>
        </div>
        <CodePill view={view} catalog={CONTACT_STATUSES} code={profile.status} />
      </div>
      <Notes view={view} file={file} />
      <div class="columns columns-even">
        <ProfileCard view={view} file={file} />
        <ConsentCard view={view} file={file} />
        <CartCard view={view} carts={file.carts} />
        <OrderCard view={view} file={file} currency={currency} />
        <RfmCard view={view} scores={scores} currency={currency} />
      </div>
      {!isEmptied(profile) && <AskWhyCard view={view} contact={file.row} names={names} />}
      <ListCard id="decisions" title={say("Decisions", "Décisions")} view={view} count={decisions.length}>
        <DecisionFeed view={view} names={names} rows={decisions} contact={false} />
      </ListCard>
      <ListCard id="sends" title={say("Messages", "Messages")} view={view} count={sends.length}>
        <SendFeed view={view} names={names} rows={sends} contact={false} />
      </ListCard>
      <ListCard id="runs" title={say("Scenarios", "Scénarios")} view={view} count={runs.length}>
        <RunFeed view={view} rows={runs} names={names} />
      </ListCard>
      {!isEmptied(profile) && <PrivacyCard view={view} contact={contactId(file.row)} />}
    </Page>
  );
}

interface ListProps {
  readonly id: string;
  readonly title: string;
  readonly view: View;
  readonly count: number;
  readonly children?: Child;
}

function ListCard({ id, title, view, count, children }: ListProps) {
  return (
    <Card id={id} title={title}>
      {count > 0 ? children : <p class="card-body soft">{view.say("None so far.", "Aucun pour l’instant.")}</p>}
    </Card>
  );
}

function Notes({ view, file }: { view: View; file: ContactFile }) {
  const { say } = view;
  const merged = file.profile.mergedInto;
  return (
    <>
      {merged !== null && (
        <p class="note">
          {say("Merged into ", "Fusionné avec ")}
          <a href={`/admin/contacts/${contactId(merged)}`}>{contactId(merged)}</a>
          {say(", where everything goes on.", ", où tout continue.")}
        </p>
      )}
      {file.parkedFor !== null && (
        <p class="note note-bad">
          <strong>{say("Set aside after an error. ", "Mis de côté après une erreur. ")}</strong>
          {say("No message leaves until it is tried again: ", "Aucun message ne part d’ici le prochain essai : ")}
          <code>{file.parkedFor}</code>
        </p>
      )}
    </>
  );
}

function ProfileCard({ view, file }: { view: View; file: ContactFile }) {
  const { say } = view;
  const { profile } = file;
  const facts: [string, string | null][] = [
    [say("Email", "E-mail"), profile.email],
    [
      say("Typed email, not verified", "E-mail saisi, non vérifié"),
      profile.email === null ? profile.claimedEmail : null,
    ],
    [say("Mobile", "Mobile"), profile.phone],
    [say("Customer number", "Numéro client"), profile.externalId],
    [say("Browser", "Navigateur"), profile.anonymousId],
    [say("Language", "Langue"), profile.language],
    [say("Country", "Pays"), profile.country],
    [say("Time zone", "Fuseau horaire"), profile.timezone],
  ];
  const attributes = Object.entries(profile.attributes);
  return (
    <Card id="profile" title={say("Profile", "Profil")}>
      <dl class="facts card-body">
        {facts.map(([name, value]) => value !== null && <Fact name={name}>{value}</Fact>)}
        <Fact name={say("First seen", "Première visite")}>
          <Time view={view} at={profile.createdAt} />
        </Fact>
        <Fact name={say("Last seen", "Dernière visite")}>
          {file.seenAt > 0 ? <Time view={view} at={file.seenAt} /> : say("never", "jamais")}
        </Fact>
        {attributes.map(([name, value]) => (
          <Fact name={name}>{typeof value === "string" ? value : JSON.stringify(value)}</Fact>
        ))}
      </dl>
    </Card>
  );
}

function Fact({ name, children }: { name: string; children?: Child }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function ConsentCard({ view, file }: { view: View; file: ContactFile }) {
  const { say, language } = view;
  const { consents } = file.profile;
  return (
    <Card id="consents" title={say("Consents", "Consentements")}>
      <div class="card-body stack">
        <dl class="facts">
          {CONSENT_KEYS.map((key) => (
            <Fact name={label(CONSENT_NAMES, key, language)}>
              <CodePill view={view} catalog={CONSENT_STATES} code={consents[key]?.state ?? "none"} />
            </Fact>
          ))}
        </dl>
        {file.consents.length > 0 && (
          <details>
            <summary>{say("Every word that was given", "Toutes les déclarations")}</summary>
            <ul class="reasons">
              {file.consents.map((row) => (
                <ConsentLine view={view} row={row} />
              ))}
            </ul>
          </details>
        )}
      </div>
    </Card>
  );
}

function ConsentLine({ view, row }: { view: View; row: ConsentRow }) {
  const { language } = view;
  const key = row.purpose === "marketing" ? row.channel : row.purpose;
  const proof = [row.source, row.wording && `“${row.wording}”`]
    .filter((part) => part !== null && part !== "")
    .join(", ");
  return (
    <li>
      <span>
        {`${label(CONSENT_NAMES, key, language)}: ${label(CONSENT_ACTIONS, row.action, language)}`}
        {proof !== "" && <span class="soft"> · {proof}</span>}
      </span>
      <Time view={view} at={row.at} />
    </li>
  );
}

function CartCard({ view, carts }: { view: View; carts: readonly CartRow[] }) {
  const { say } = view;
  const cart = carts.find(({ state }) => isOpenCart(state));
  return (
    <Card id="cart" title={say("Open cart", "Panier en cours")}>
      {cart ? (
        <div class="card-body scroll">
          <table class="lines">
            <thead>
              <tr>
                <th scope="col">{say("Product", "Produit")}</th>
                <th scope="col" class="end">
                  {say("Amount", "Montant")}
                </th>
              </tr>
            </thead>
            <tbody>
              {cart.lines.map(({ name, quantity, price }) => (
                <tr>
                  <td>{`${numberText(view, quantity)} × ${name}`}</td>
                  <td class="end">{moneyText(view, price * quantity, cart.currency)}</td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row">
                  {say("Changed ", "Modifié le ")}
                  <Time view={view} at={cart.changedAt} />
                </th>
                <td class="end">{moneyText(view, cart.value, cart.currency)}</td>
              </tr>
            </tfoot>
          </table>
        </div>
      ) : (
        <p class="card-body soft">{say("No open cart.", "Aucun panier en cours.")}</p>
      )}
    </Card>
  );
}

function OrderCard({ view, file, currency }: Omit<Props, "names" | "scores">) {
  const { say } = view;
  const { metrics, orders } = file;
  const about =
    metrics && metrics.orders > 0
      ? say(
          `${numberText(view, metrics.orders)} valid, ${moneyText(view, metrics.netTotal, currency)} net`,
          `${numberText(view, metrics.orders)} valides, ${moneyText(view, metrics.netTotal, currency)} net`,
        )
      : undefined;
  return (
    <Card id="orders" title={say("Orders", "Commandes")} about={about}>
      {orders.length === 0 ? (
        <p class="card-body soft">{say("No order so far.", "Aucune commande pour l’instant.")}</p>
      ) : (
        <div class="card-body scroll">
          <table class="lines">
            <thead>
              <tr>
                <th scope="col">{say("Order", "Commande")}</th>
                <th scope="col">{say("State", "État")}</th>
                <th scope="col" class="end">
                  {say("Total", "Total")}
                </th>
              </tr>
            </thead>
            <tbody>
              {orders.map((order) => (
                <tr>
                  <td>
                    <span class="mono">{order.orderId}</span> <br />
                    <small class="soft">
                      <Time view={view} at={order.placedAt} />
                    </small>
                  </td>
                  <td>
                    <CodePill view={view} catalog={ORDER_STATES} code={order.status} />
                  </td>
                  <td class="end">{moneyText(view, order.total, order.currency)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}
