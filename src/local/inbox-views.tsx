import type { Child } from "hono/jsx";
import { Sign } from "../console/pages/icons";
import { Document, Languages, Mark } from "../console/pages/layout";
import { Ago, Empty, Tabs, Time } from "../console/pages/parts";
import { LocalRibbon } from "../console/pages/ribbon";
import { here, type View } from "../console/view";
import { CHANNEL_NAMES, label } from "../console/words/labels";
import type { ScenarioNames } from "../console/words/scenarios";
import { CHANNELS } from "../sends/channels";
import type { InboxMessage } from "../sends/channels/inbox";

/** A letter may show its pictures and lead somewhere when it is clicked; it runs nothing and reads nothing of ours. */
export const SANDBOX = "allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation";

interface ShellProps {
  readonly view: View;
  readonly title: string;
  readonly refresh?: number | null;
  readonly children?: Child;
}

function Shell({ view, title, refresh = null, children }: ShellProps) {
  const { say } = view;
  return (
    <Document view={view} title={title} sheet="/dev/inbox/style.css" refresh={refresh}>
      <a class="skip" href="#main">
        {say("Skip to the content", "Aller au contenu")}
      </a>
      <header class="top">
        <div class="wide top-row">
          <a class="brand" href="/dev/inbox">
            <Mark />
            {say("Inbox", "Boîte de réception")} <small>{view.shopName}</small>
          </a>
          <nav class="menu" aria-label={say("Demo", "Démonstration")}>
            <a href="/demo">{say("Shop", "Boutique")}</a>
            <a href="/admin">{say("Console", "Console")}</a>
          </nav>
          <div class="top-end">
            <Languages view={view} />
          </div>
        </div>
      </header>
      <LocalRibbon view={view} action="/dev/inbox/clock" />
      <main id="main" tabindex={-1} class="wide">
        {children}
      </main>
    </Document>
  );
}

interface InboxProps {
  readonly view: View;
  readonly messages: readonly InboxMessage[];
  readonly names: ScenarioNames;
  readonly refresh: number | null;
}

/** Messages, newest first. */
export function InboxPage({ view, messages, names, refresh }: InboxProps) {
  const { say } = view;
  const title = say("Inbox", "Boîte de réception");
  const text = say(
    "Put something into a cart, leave your address, agree to emails, and move time on by 30 minutes and 4 hours.",
    "Remplissez un panier, laissez votre adresse, acceptez les e-mails, puis avancez de 30 minutes et de 4 heures.",
  );
  return (
    <Shell view={view} title={title} refresh={refresh}>
      <div class="head">
        <div>
          <h1>{title}</h1>
          <p>
            {say(
              "Every message that would have left. Nobody receives them.",
              "Tous les messages qui seraient partis. Personne ne les reçoit.",
            )}{" "}
            {refresh === null ? (
              <a href="/dev/inbox">{say("Show all and keep up to date", "Tout afficher et actualiser")}</a>
            ) : (
              <a href={here(view, { auto: "off" })}>{say("Stop refreshing", "Arrêter l’actualisation")}</a>
            )}
          </p>
        </div>
        <Filter view={view} />
      </div>
      <section class="card" aria-label={title}>
        {messages.length === 0 ? (
          <Empty view={view} title={say("No message yet", "Aucun message pour l’instant")} text={text} />
        ) : (
          <ol class="mail">
            {messages.map((one) => (
              <Row view={view} message={one} names={names} />
            ))}
          </ol>
        )}
      </section>
    </Shell>
  );
}

function Filter({ view }: { view: View }) {
  const { say, query, language } = view;
  return (
    <form class="filter" method="get" action="/dev/inbox">
      <div class="field">
        <label for="channel">{say("Channel", "Canal")}</label>
        <select id="channel" name="channel">
          <option value="">{say("All", "Tous")}</option>
          {Object.keys(CHANNELS).map((channel) => (
            <option value={channel} selected={query["channel"] === channel}>
              {label(CHANNEL_NAMES, channel, language)}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="to">{say("To", "À")}</label>
        <input type="search" id="to" name="to" value={query["to"]} placeholder="ann@example.com" autocomplete="off" />
      </div>
      <button type="submit">{say("Filter", "Filtrer")}</button>
    </form>
  );
}

function origin({ scenario, block }: InboxMessage, names: ScenarioNames): string {
  return scenario === null ? "" : `${names.get(scenario) ?? scenario}${block === null ? "" : ` › ${block}`}`;
}

function Row({ view, message, names }: { view: View; message: InboxMessage; names: ScenarioNames }) {
  const { channel, subject, text, to, id, sentAt } = message;
  const about = [to, origin(message, names)].filter((part) => part !== "").join(" · ");
  return (
    <li>
      <a href={`/dev/inbox/${encodeURIComponent(id)}`}>
        <span class={`mail-sign mail-${channel}`}>
          <Sign name={channel} />
        </span>
        <strong>
          <span class="hidden">{label(CHANNEL_NAMES, channel, view.language)}: </span>
          {subject || text}
        </strong>
        <Ago view={view} at={sentAt} />
        <p>{about}</p>
        {subject !== "" && <p>{text.replace(/\s+/g, " ").slice(0, 160)}</p>}
      </a>
    </li>
  );
}

/** One message as its reader sees it, as text, or by its headers. */
export function MessagePage({ view, message, names }: { view: View; message: InboxMessage; names: ScenarioNames }) {
  const { say } = view;
  const { channel, subject, to, from, contactId, sentAt } = message;
  const shown = view.query["view"] === "text" || view.query["view"] === "headers" ? view.query["view"] : "message";
  const words = {
    message: say("Message", "Message"),
    text: say("Text part", "Version texte"),
    headers: say("Headers", "En-têtes"),
  };
  const parts = message.html === "" ? (["message", "headers"] as const) : (["message", "text", "headers"] as const);
  const choices = parts.map((key) => ({
    href: here(view, { view: key === "message" ? null : key }),
    text: words[key],
    current: key === shown,
  }));
  const title = subject || label(CHANNEL_NAMES, channel, view.language);
  return (
    <Shell view={view} title={title}>
      <div class="head">
        <div>
          <p class="crumb">
            <a href="/dev/inbox">{say("Inbox", "Boîte de réception")}</a>
          </p>
          <h1>{title}</h1>
        </div>
        <Tabs name={say("Parts", "Parties")} choices={choices} />
      </div>
      <dl class="facts letter">
        <dt>{say("From", "De")}</dt>
        <dd>{from}</dd>
        <dt>{say("To", "À")}</dt>
        <dd>
          {to} ·{" "}
          <a href={`/admin/contacts/${contactId}`}>{say("the contact in the console", "le contact dans la console")}</a>
        </dd>
        <dt>{say("Sent", "Envoyé")}</dt>
        <dd>
          <Time view={view} at={sentAt} />
        </dd>
        <dt>{say("By", "Par")}</dt>
        <dd>{origin(message, names)}</dd>
      </dl>
      <Part view={view} message={message} shown={shown} />
    </Shell>
  );
}

function Part({ view, message, shown }: { view: View; message: InboxMessage; shown: string }) {
  if (shown === "headers") return <HeaderTable message={message} />;
  if (shown === "text" || (message.html === "" && message.channel !== "sms")) {
    return <pre class="plain">{linked(message.text)}</pre>;
  }
  return message.channel === "sms" ? <Phone view={view} message={message} /> : <Letter view={view} message={message} />;
}

function Letter({ view, message }: { view: View; message: InboxMessage }) {
  const { say } = view;
  return (
    <div class="frame">
      <input type="radio" name="width" id="width-desktop" checked />
      <input type="radio" name="width" id="width-phone" />
      <div class="frame-choice">
        <label for="width-desktop">{say("Desktop", "Ordinateur")}</label>
        <label for="width-phone">{say("Phone", "Téléphone")}</label>
      </div>
      <iframe src={`/dev/inbox/${encodeURIComponent(message.id)}/html`} sandbox={SANDBOX} title={message.subject} />
    </div>
  );
}

function Phone({ view, message }: { view: View; message: InboxMessage }) {
  return (
    <div class="phone">
      <h3>{message.from}</h3>
      <Time view={view} at={message.sentAt} />
      <p class="bubble">{linked(message.text)}</p>
    </div>
  );
}

function HeaderTable({ message }: { message: InboxMessage }) {
  const rows = [...Object.entries(message.headers), ["Idempotency-Key", message.id] as const];
  return (
    <dl class="facts inputs">
      {rows.map(([name, value]) => (
        <>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </>
      ))}
    </dl>
  );
}

/** A text with its web addresses as links. */
function linked(text: string): Child[] {
  return text
    .split(/(https?:\/\/[^\s<>"]+)/)
    .map((part) => (/^https?:\/\//.test(part) ? <a href={part}>{part}</a> : part));
}

/** A message that is not there. */
export function GonePage({ view }: { view: View }) {
  const { say } = view;
  const title = say("No such message", "Aucun message de ce nom");
  return (
    <Shell view={view} title={title}>
      <h1>{title}</h1>
      <p>
        <a href="/dev/inbox">{say("To the inbox", "Vers la boîte de réception")}</a>
      </p>
    </Shell>
  );
}
