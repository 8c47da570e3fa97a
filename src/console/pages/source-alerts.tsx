import { sourceTitle } from "../../events/source";
import type { Alert } from "../../reports/alert";
import type { AlertSettings } from "../../reports/alert-settings";
import { alertTitle } from "../../reports/alert-words";
import type { Told } from "../../services/alert-rows";
import type { Language } from "../../shared/language";
import type { View } from "../view";
import { SILENCES, TOLD } from "../words/sources";
import { FormToken } from "./form";
import { Ago, Card, Pill, Time } from "./parts";

/** Alerts, whom they reach, and how the last test went. */
export interface AlertsShown {
  readonly alerts: readonly Alert[];
  readonly settings: AlertSettings;
  readonly secret: string | null;
  /** The webhook takes nothing and is not called any more. */
  readonly isGivenUp: boolean;
  readonly test: readonly Told[];
}

interface Props {
  readonly view: View;
  readonly shown: AlertsShown;
}

/** Whom to alert, of what, and what there was. */
export function AlertSection({ view, shown, sources }: Props & { readonly sources: readonly string[] }) {
  const { say } = view;
  return (
    <div class="columns">
      <Card
        id="alerts"
        title={say("Alerts", "Alertes")}
        about={say(
          "You hear once when a source goes silent, rejections jump or the ledger lags, again after a day, and once when it is over.",
          "Vous êtes prévenu une fois quand une source se tait, quand les rejets bondissent ou que le registre a du retard, puis après un jour, et une fois quand c’est terminé.",
        )}
      >
        <div class="card-body">
          <TestResult view={view} shown={shown} />
          <AlertForm view={view} shown={shown} sources={sources} />
          <form class="test-alert" method="post" action="/admin/sources/alerts/test">
            <FormToken view={view} />
            <button type="submit">{say("Send a test alert", "Envoyer une alerte d’essai")}</button>
          </form>
        </div>
      </Card>
      <Card id="log" title={say("What there was", "Ce qu’il y a eu")}>
        <AlertLog view={view} shown={shown} />
      </Card>
    </div>
  );
}

function TestResult({ view, shown }: Props) {
  const { say, query, language } = view;
  if (query["done"] === "saved") {
    return (
      <p class="note note-good" role="status">
        {say("Saved.", "Enregistré.")}
      </p>
    );
  }
  if (query["test"] === undefined) return null;
  if (shown.test.length === 0) {
    return (
      <p class="note" role="status">
        {say("There is nobody to tell: set an address first.", "Personne à prévenir : indiquez d’abord une adresse.")}
      </p>
    );
  }
  return (
    <div class={shown.test.every(({ state }) => state === "sent") ? "note note-good" : "note note-bad"} role="status">
      {shown.test.map(({ way, target, state, reason }) => (
        <p>
          {way === "webhook" ? "Webhook" : target}: {TOLD[state]?.[language] ?? state}
          {reason === null ? "" : ` (${reason})`}
        </p>
      ))}
    </div>
  );
}

function AlertForm({ view, shown, sources }: Props & { readonly sources: readonly string[] }) {
  const { say, language } = view;
  const { silence } = shown.settings;
  return (
    <form class="alert-form" method="post" action="/admin/sources/alerts">
      <FormToken view={view} />
      <Addresses view={view} shown={shown} />
      {shown.secret !== null && <Secret view={view} shown={shown} secret={shown.secret} />}
      <LanguageChoice view={view} chosen={shown.settings.language} />
      <div class="field">
        <label for="gaps">
          {say(
            "A source is silent after so many of its usual gaps",
            "Une source est muette après tant de ses pauses habituelles",
          )}{" "}
          <span class="hint">
            {say(
              "by the hour of its own last seven days: a quiet night does not count",
              "selon l’heure, d’après ses sept derniers jours : une nuit calme ne compte pas",
            )}
          </span>
        </label>
        <input id="gaps" name="gaps" type="number" min="3" max="1000" step="1" value={String(silence.gaps)} required />
      </div>
      {sources.length > 0 && (
        <fieldset>
          <legend>{say("Or for one source", "Ou pour une source")}</legend>
          <div class="pairs">
            {sources.map((source) => (
              <Silence view={view} source={source} chosen={silence.sources[source] ?? "auto"} language={language} />
            ))}
          </div>
        </fieldset>
      )}
      <p>
        <button type="submit" class="button-main">
          {say("Save", "Enregistrer")}
        </button>
      </p>
    </form>
  );
}

function Addresses({ view, shown }: Props) {
  const { say } = view;
  const { emails, webhook } = shown.settings;
  return (
    <>
      <div class="field">
        <label for="emails">
          {say("Email addresses", "Adresses e-mail")}{" "}
          <span class="hint">
            {say("of your staff, with commas between them", "de votre équipe, séparées par des virgules")}
          </span>
        </label>
        <input id="emails" name="emails" type="text" value={emails.join(", ")} autocomplete="off" />
      </div>
      <div class="field">
        <label for="webhook">
          {say("Webhook", "Webhook")}{" "}
          <span class="hint">
            {say("an https address; each call is signed", "une adresse https ; chaque appel est signé")}
          </span>
        </label>
        <input id="webhook" name="webhook" type="url" value={webhook?.url ?? ""} autocomplete="off" />
      </div>
    </>
  );
}

function LanguageChoice({ view, chosen }: { view: View; chosen: Language }) {
  const { say } = view;
  return (
    <div class="field">
      <label for="language">{say("Language of the alerts", "Langue des alertes")}</label>
      <select id="language" name="language">
        <option value="en" selected={chosen === "en"}>
          English
        </option>
        <option value="fr" selected={chosen === "fr"}>
          Français
        </option>
      </select>
    </div>
  );
}

function Silence({ source, chosen, language }: { view: View; source: string; chosen: string; language: "en" | "fr" }) {
  const choices = Object.hasOwn(SILENCES, chosen) ? Object.keys(SILENCES) : [...Object.keys(SILENCES), chosen];
  return (
    <div class="field">
      <label for={`silence-${source}`}>{sourceTitle(source)[language]}</label>
      <select id={`silence-${source}`} name={`silence.${source}`}>
        {choices.map((choice) => (
          <option value={choice} selected={choice === chosen}>
            {SILENCES[choice]?.[language] ?? choice}
          </option>
        ))}
      </select>
    </div>
  );
}

function Secret({ view, shown, secret }: Props & { readonly secret: string }) {
  const { say } = view;
  return (
    <div>
      {shown.isGivenUp && (
        <p class="note note-bad">
          {say(
            "It has taken nothing for five days and is not called any more. Save it again once it is mended.",
            "Il n’a rien accepté depuis cinq jours et n’est plus appelé. Enregistrez-le à nouveau une fois réparé.",
          )}
        </p>
      )}
      <details>
        <summary>
          {say("Its signing secret (Standard Webhooks)", "Son secret de signature (Standard Webhooks)")}
        </summary>
        <code>{secret}</code>
      </details>
    </div>
  );
}

function AlertLog({ view, shown }: Props) {
  const { say, language } = view;
  if (shown.alerts.length === 0) {
    return <p class="card-body soft">{say("No alert so far.", "Aucune alerte jusqu’ici.")}</p>;
  }
  return (
    <div class="narrow">
      <ol class="feed">
        {shown.alerts.map((alert) => (
          <li>
            <Time view={view} at={alert.openedAt} />
            <p class="feed-line">
              {alert.closedAt === null ? (
                <Pill tone="bad">{say("Open", "En cours")}</Pill>
              ) : (
                <Pill tone="calm">{say("Over", "Terminée")}</Pill>
              )}
              <strong>{alertTitle(alert, language)}</strong>
            </p>
            {alert.closedAt !== null && (
              <p class="feed-about">
                {say("over", "terminée")} <Ago view={view} at={alert.closedAt} />
              </p>
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}
