import { sourceTitle } from "../events/source";
import type { Language } from "../shared/language";
import type { Alert, AlertFacts, AlertRule, NoticeKind, Transition } from "./alert";
import { ALERT_RULES } from "./alert";
import type { AlertField } from "./alert-settings";

/** Who speaks, and where one can look. */
export interface AlertSender {
  readonly shop: string;
  /** Absolute address of the console's page of sources. */
  readonly consoleUrl: string;
}

type Sentence = (facts: AlertFacts, subject: string) => { readonly en: string; readonly fr: string };

/** A time in UTC as a person reads it. */
const moment = (at: string | undefined): string =>
  at === undefined ? "?" : `${at.slice(0, 16).replace("T", " ")} UTC`;
const percent = (share = 0): string => `${Math.round(share * 1_000) / 10}`;
const minutes = (seconds = 0): number => Math.max(1, Math.round(seconds / 60));

/** What is wrong, in a sentence for each rule. */
const SENTENCES: Readonly<Record<AlertRule, Sentence>> = {
  "source-silent": ({ last_event_at: at }, subject) => ({
    en: `Nothing has come from “${sourceTitle(subject).en}” since ${moment(at)}, which is longer than usual at this hour.`,
    fr: `Rien n’est arrivé de « ${sourceTitle(subject).fr} » depuis le ${moment(at)}, plus longtemps que d’habitude à cette heure.`,
  }),
  rejections: ({ refused, share, usual_share: usual }, subject) => ({
    en: `${refused ?? 0} events of “${sourceTitle(subject).en}” were refused in the last hour: ${percent(share)} % of what came, against ${percent(usual)} % as a rule.`,
    fr: `${refused ?? 0} événements de « ${sourceTitle(subject).fr} » ont été refusés dans la dernière heure : ${percent(share)} %, contre ${percent(usual)} % d’habitude.`,
  }),
  "feed-failing": ({ failing_since: since }, subject) => ({
    en: `The product feed “${subject}” has not been read to its end since ${moment(since)}. Its page says why; until it is read, prices and stock stay as they are.`,
    fr: `Le flux de produits « ${subject} » n’a pas été lu jusqu’au bout depuis le ${moment(since)}. Sa page dit pourquoi ; d’ici là, prix et stocks restent tels quels.`,
  }),
  "ledger-lag": ({ lag_seconds: lag, side_rows: rows }) => ({
    en: `Accepted events have waited ${minutes(lag)} min to be acted on; ${rows ?? 0} requests lie beside the ledger. Nothing is lost, and nothing is sent past them.`,
    fr: `Des événements acceptés attendent depuis ${minutes(lag)} min d’être traités ; ${rows ?? 0} requêtes sont à côté du registre. Rien n’est perdu, et rien n’est envoyé avant eux.`,
  }),
  "sends-waiting": ({ waiting, lag_seconds: lag }, subject) => ({
    en: `${waiting ?? 0} messages of the channel “${subject}” are due and have not left, the oldest for ${minutes(lag)} min.`,
    fr: `${waiting ?? 0} messages du canal « ${subject} » auraient dû partir, le plus ancien depuis ${minutes(lag)} min.`,
  }),
  "scenario-webhook-failing": ({ failing_since: since }, subject) => ({
    en: `The address ${subject}, which scenarios call, has taken nothing since ${moment(since)}. It is asked once a day from now on; other calls to it are given up. No contact waits for it.`,
    fr: `L’adresse ${subject}, que des scénarios appellent, n’accepte rien depuis le ${moment(since)}. Elle n’est plus sollicitée qu’une fois par jour ; les autres appels sont abandonnés. Aucun contact ne l’attend.`,
  }),
  "webhook-failing": ({ failing_since: since }) => ({
    en: `The webhook has taken no alert since ${moment(since)} and is not called any more. Save its address again, or send a test alert that it takes.`,
    fr: `Le webhook n’accepte plus d’alerte depuis le ${moment(since)} et n’est plus appelé. Enregistrez son adresse à nouveau, ou envoyez une alerte d’essai qu’il accepte.`,
  }),
};

const KINDS: Readonly<Record<NoticeKind | "test", { readonly en: string; readonly fr: string }>> = {
  opened: { en: "Alert", fr: "Alerte" },
  reminder: { en: "Still so", fr: "Toujours en cours" },
  closed: { en: "It is over", fr: "C’est terminé" },
  test: { en: "Test", fr: "Essai" },
};

/** What an alert says, in a sentence. */
export function alertSentence(alert: Pick<Alert, "rule" | "facts" | "subject">, language: Language): string {
  return SENTENCES[alert.rule](alert.facts, alert.subject)[language];
}

/** What an alert is about, in a few words: "A source is silent: Shopify". */
export function alertTitle({ rule, subject }: Pick<Alert, "rule" | "subject">, language: Language): string {
  const isOfSource = rule === "source-silent" || rule === "rejections";
  const what = isOfSource ? sourceTitle(subject)[language] : subject;
  const title = ALERT_RULES[rule].title[language];
  return what === "" ? title : `${title}${language === "fr" ? " : " : ": "}${what}`;
}

/** The letter about a change. All of it is ours but the shop's name and a source's, which are escaped. */
export function alertLetter(
  { kind, alert }: Transition | { readonly kind: "test"; readonly alert: null },
  sender: AlertSender,
  language: Language,
): { readonly subject: string; readonly html: string; readonly text: string } {
  const title = alert
    ? alertTitle(alert, language)
    : { en: "Alerts arrive here", fr: "Les alertes arrivent ici" }[language];
  const head = `${KINDS[kind][language]}${language === "fr" ? " : " : ": "}${title}`;
  const look = { en: "Look at the sources", fr: "Voir les sources" }[language];
  const text = [bodyOf(kind, alert, language), `${look}: ${sender.consoleUrl}`, sender.shop].join("\n\n");
  const html =
    `<!doctype html><html lang="${language}"><meta charset="utf-8"><title>${escaped(head)}</title>` +
    `<body style="font:16px/1.5 sans-serif;max-width:36em;margin:2em auto;padding:0 1em">` +
    `<h1 style="font-size:1.25em">${escaped(head)}</h1><p>${escaped(bodyOf(kind, alert, language))}</p>` +
    `<p><a href="${escaped(sender.consoleUrl)}">${look}</a></p><p>${escaped(sender.shop)}</p></body></html>`;
  return { subject: `[${sender.shop}] ${head}`.replace(/\p{Cc}/gu, " "), html, text };
}

function bodyOf(kind: NoticeKind | "test", alert: Alert | null, language: Language): string {
  if (alert === null)
    return {
      en: "This is a test. Nothing is wrong.",
      fr: "Ceci est un essai. Tout va bien.",
    }[language];
  if (kind !== "closed") return alertSentence(alert, language);
  return { en: "What we told you of is over. It said:", fr: "Ce dont nous vous avions parlé est terminé. Rappel :" }[
    language
  ].concat(" ", alertSentence(alert, language));
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

/**
 * The body of the webhook about a change: the fields that were chosen of the list, and what it is about. There is no
 * template, so neither a secret nor anything of a contact can be asked for.
 */
export function alertCall(
  { kind, alert }: Transition | { readonly kind: "test"; readonly alert: null },
  sender: AlertSender,
  fields: readonly AlertField[],
  now: number,
): string {
  const known: Readonly<Partial<Record<AlertField, unknown>>> = {
    ...alert?.facts,
    shop: sender.shop,
    console_url: sender.consoleUrl,
  };
  const chosen = Object.fromEntries(
    fields.flatMap((field) => (known[field] === undefined ? [] : [[field, known[field]]])),
  );
  const about = alert && {
    id: alert.id,
    rule: alert.rule,
    subject: alert.subject,
    opened_at: new Date(alert.openedAt).toISOString(),
    closed_at: alert.closedAt === null ? null : new Date(alert.closedAt).toISOString(),
  };
  return JSON.stringify({
    type: `alert.${kind}`,
    timestamp: new Date(now).toISOString(),
    data: { ...about, ...chosen },
  });
}
