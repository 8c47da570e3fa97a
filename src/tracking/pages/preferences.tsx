import { CONSENT_KEYS, type ConsentKey } from "../../contacts/consent";
import { FREQUENCIES, type Frequency, SNOOZE_DAYS } from "../../contacts/preferences";
import type { Language, Words } from "../../shared/language";
import type { PersonFile, Received, Word } from "../file";
import { ASKED, type Asked, isAsked, wordingOf } from "../wordings";
import { HiddenThings } from "./hidden";
import { CodeForm } from "./optin";
import { Choice, Form, Notice, Page, type PageProps, say, words } from "./page";
import { type Topic, Topics } from "./subscribe";

/** What has just happened, in the order in which it is said. */
export const NOTICES = {
  saved: {
    en: "Your choices are saved, and count from now on.",
    fr: "Vos choix sont enregistrés et comptent dès maintenant.",
  },
  mail: {
    en: "To receive more, please confirm: we have sent an email to your address, with a button to press. At most one a day.",
    fr: "Pour recevoir davantage, confirmez : nous avons envoyé un e-mail à votre adresse, avec un bouton. Au plus un par jour.",
  },
  code: {
    en: "We have sent a code to your phone. Enter it below.",
    fr: "Nous avons envoyé un code sur votre téléphone. Saisissez-le ci-dessous.",
  },
  confirmed: { en: "Your phone number is confirmed.", fr: "Votre numéro est confirmé." },
  paused: {
    en: "We will be silent until the date below.",
    fr: "Nous resterons silencieux jusqu’à la date ci-dessous.",
  },
  resumed: { en: "The pause is over.", fr: "La pause est terminée." },
  hidden: { en: "You will not be shown this any more.", fr: "Nous ne vous le montrerons plus." },
  shown: { en: "You may be shown this again.", fr: "Nous pourrons vous le montrer de nouveau." },
  stopped: { en: "Done. We will not write to you any more.", fr: "C’est fait. Nous ne vous écrirons plus." },
  access: {
    en: "Your request for a copy is recorded. The copy goes to your own address, within a month.",
    fr: "Votre demande de copie est enregistrée. La copie arrivera à votre propre adresse, sous un mois.",
  },
  erasure: {
    en: "Your request for erasure is recorded. We answer at your own address, within a month.",
    fr: "Votre demande d’effacement est enregistrée. Nous vous répondrons à votre propre adresse, sous un mois.",
  },
} as const satisfies Record<string, Words>;
export type NoticeKey = keyof typeof NOTICES;

const NAMES = {
  email: { en: "Emails", fr: "E-mails" },
  sms: { en: "Text messages", fr: "SMS" },
  push: { en: "Notifications", fr: "Notifications" },
  tracking: { en: "Measuring what I open", fr: "Mesurer ce que j’ouvre" },
  profiling: { en: "A choice made for me", fr: "Une sélection faite pour moi" },
  partner: { en: "Offers of partners", fr: "Offres de partenaires" },
} as const satisfies Record<ConsentKey, Words>;

const FREQUENCY_NAMES = {
  all: { en: "Everything that concerns me", fr: "Tout ce qui me concerne" },
  weekly: { en: "One message a week at most", fr: "Un message par semaine au plus" },
  monthly: { en: "One message a month at most", fr: "Un message par mois au plus" },
} as const satisfies Record<Frequency, Words>;

interface Props extends PageProps {
  readonly file: PersonFile;
  readonly topics: readonly Topic[];
  readonly notices: readonly NoticeKey[];
  /** Masked number whose code is awaited. */
  readonly awaited: string | null;
  readonly codeFailed: boolean;
  /** Epoch ms. */
  readonly now: number;
}

/** Everything that a person may decide, and what is known of them, on one page that needs no script. */
export function PreferencesPage(props: Props) {
  const { file, topics, notices, awaited, codeFailed, now, ...page } = props;
  return (
    <Page {...page} title={say(page, "Your preferences", "Vos préférences")}>
      {notices.length > 0 && (
        <Notice>
          {notices.map((notice) => (
            <p>{words(NOTICES[notice], page.language)}</p>
          ))}
        </Notice>
      )}
      <p class="soft">
        {say(page, `They belong to ${file.email ?? file.phone}.`, `Elles concernent ${file.email ?? file.phone}.`)}
      </p>
      {awaited !== null && <CodeForm page={page} phone={awaited} failed={codeFailed} />}
      <Receiving {...props} />
      <Pause {...props} />
      <HiddenThings page={page} file={file} />
      <Known {...props} />
      <Rights page={page} />
    </Page>
  );
}

/** Channels and purposes that can be spoken of with this person. */
function offeredTo(file: PersonFile): readonly Asked[] {
  const reachable: Readonly<Record<string, boolean>> = { email: file.email !== null, sms: file.phone !== null };
  return ASKED.filter((key) => reachable[key] ?? file.email !== null);
}

function Receiving({ file, topics, ...page }: Props) {
  const { language } = page;
  const offered = offeredTo(file);
  const granted = offered.filter((key) => file.consents[key]?.state === "granted");
  return (
    <section>
      <h2>{say(page, "What you receive", "Ce que vous recevez")}</h2>
      <Form language={language}>
        <input type="hidden" name="shown" value={granted.join(" ")} />
        <fieldset>
          <legend>{say(page, "You agree to", "Vous acceptez")}</legend>
          {offered.map((key) => (
            <Choice
              name="consent"
              value={key}
              checked={granted.includes(key)}
              hint={wordingOf(key, page.shop.name, language).text}
            >
              {words(NAMES[key], language)}
            </Choice>
          ))}
        </fieldset>
        <p class="soft small">
          {say(
            page,
            "Unticking counts at once. For a new tick we send you a message to confirm, so that nobody can agree in your place.",
            "Décocher compte aussitôt. Pour une nouvelle coche, nous vous envoyons un message à confirmer : personne ne peut accepter à votre place.",
          )}
        </p>
        <input type="hidden" name="with_topics" value={topics.length > 0 ? "1" : "0"} />
        <Topics page={page} topics={topics} chosen={file.preferences.topics ?? []} />
        <fieldset>
          <legend>{say(page, "How often", "À quel rythme")}</legend>
          {FREQUENCIES.map((frequency) => (
            <Choice type="radio" name="frequency" value={frequency} checked={file.preferences.frequency === frequency}>
              {words(FREQUENCY_NAMES[frequency], language)}
            </Choice>
          ))}
        </fieldset>
        <div class="row">
          <button type="submit" name="do" value="save">
            {say(page, "Save my choices", "Enregistrer mes choix")}
          </button>
          <button type="submit" name="do" value="stop" class="quiet">
            {say(page, "Stop everything", "Tout arrêter")}
          </button>
        </div>
      </Form>
    </section>
  );
}

function Pause({ file, now, ...page }: Props) {
  const { snoozedUntil } = file.preferences;
  const isPaused = snoozedUntil > now;
  return (
    <section>
      <h2>{say(page, "A pause", "Une pause")}</h2>
      <p class="soft">
        {isPaused
          ? say(
              page,
              `We are silent until ${dateText(snoozedUntil, page.language)}. Messages about your orders still arrive.`,
              `Nous restons silencieux jusqu’au ${dateText(snoozedUntil, page.language)}. Les messages sur vos commandes arrivent toujours.`,
            )
          : say(
              page,
              "Too much at the moment? We stay silent for a while, then go on as before.",
              "Trop de messages en ce moment ? Nous nous taisons un temps, puis reprenons comme avant.",
            )}
      </p>
      <Form language={page.language}>
        <input type="hidden" name="do" value="pause" />
        <div class="row">
          {SNOOZE_DAYS.map((days) => (
            <button type="submit" name="days" value={String(days)} class="quiet">
              {say(page, `${days} days`, `${days} jours`)}
            </button>
          ))}
          {isPaused && (
            <button type="submit" name="days" value="0" class="quiet">
              {say(page, "End the pause", "Reprendre maintenant")}
            </button>
          )}
        </div>
      </Form>
    </section>
  );
}

function Known({ file, ...page }: Props) {
  const facts = [
    [say(page, "Email address", "Adresse e-mail"), file.email],
    [say(page, "Mobile number", "Mobile"), file.phone],
    [say(page, "Name", "Nom"), [file.firstName, file.lastInitial].filter((part) => part !== null).join(" ") || null],
    [say(page, "Language", "Langue"), nameOf("language", file.language, page.language)],
    [say(page, "Country", "Pays"), nameOf("region", file.country, page.language)],
    [say(page, "Known since", "Connu depuis"), file.since > 0 ? dateText(file.since, page.language) : null],
    [say(page, "Further details", "Autres informations"), file.attributes.join(", ") || null],
  ] as const;
  return (
    <section>
      <h2>{say(page, "What we know about you, and why", "Ce que nous savons de vous, et pourquoi")}</h2>
      <dl>{facts.flatMap(([name, value]) => (value === null ? [] : [<dt>{name}</dt>, <dd>{value}</dd>]))}</dl>
      <p class="soft small">
        {say(
          page,
          "You gave it to us in a form or with an order, and it serves to write to you. Parts are hidden, as anybody with this link can open this page.",
          "Vous nous l’avez donné dans un formulaire ou avec une commande, et cela sert à vous écrire. Une partie est masquée, car toute personne qui a ce lien peut ouvrir cette page.",
        )}
      </p>
      <h3>{say(page, "What you said about consent", "Ce que vous avez dit des consentements")}</h3>
      {file.words.length === 0 && <p class="soft">{say(page, "Nothing yet.", "Rien pour l’instant.")}</p>}
      <ul class="plain">
        {CONSENT_KEYS.flatMap((key) => file.words.filter((word) => word.key === key)).map((word) => (
          <li>
            <Spoken page={page} word={word} />
          </li>
        ))}
      </ul>
      <h3>{say(page, "Our last messages", "Nos derniers messages")}</h3>
      {file.received.length === 0 && <p class="soft">{say(page, "None yet.", "Aucun pour l’instant.")}</p>}
      <ul class="plain">
        {file.received.map((message) => (
          <li>{receivedWords(page, file, message)}</li>
        ))}
      </ul>
    </section>
  );
}

function Spoken({ page, word }: { page: PageProps; word: Word }) {
  const { language } = page;
  const date = dateText(word.at, language);
  const name = isAsked(word.key) ? words(NAMES[word.key], language) : words(NAMES.push, language);
  const said =
    word.action === "withdraw"
      ? say(page, `withdrawn on ${date}`, `retiré le ${date}`)
      : word.action === "confirm_doi"
        ? say(page, `confirmed by email or code on ${date}`, `confirmé par e-mail ou par code le ${date}`)
        : say(page, `given on ${date}`, `donné le ${date}`);
  return (
    <>
      <strong>{name}</strong>
      {`${language === "fr" ? "\u00a0" : ""}: ${said}`}
      {word.where !== null && <span class="soft">{` (${word.where})`}</span>}
      {word.text !== null && <blockquote>{word.text}</blockquote>}
    </>
  );
}

const BECAUSE = {
  cart: {
    en: "because you had left something in your basket",
    fr: "car vous aviez laissé quelque chose dans votre panier",
  },
  order: { en: "because of an order of yours", fr: "à la suite de votre commande" },
  scenario: { en: "because it was meant for people like you", fr: "car il s’adressait à des personnes comme vous" },
} as const satisfies Record<Received["because"], Words>;

function receivedWords(page: PageProps, file: PersonFile, { channel, at, because, scenario }: Received): string {
  const key = channel === "sms" ? "sms" : "email";
  const date = dateText(at, page.language);
  const agreed = file.words.find((word) => word.key === key && word.at <= at && word.action !== "withdraw");
  const consent = agreed
    ? say(
        page,
        `, and you had agreed on ${dateText(agreed.at, page.language)}`,
        `, et vous l’aviez accepté le ${dateText(agreed.at, page.language)}`,
      )
    : "";
  // What a shop calls its scenarios is its own affair, unless nothing else tells them apart.
  const named = scenario === null || because !== "scenario" ? "" : say(page, ` (“${scenario}”)`, ` (« ${scenario} »)`);
  const kind = words(
    channel === "sms" ? { en: "Text message", fr: "SMS" } : { en: "Email", fr: "E-mail" },
    page.language,
  );
  return `${kind}, ${date}${named}${page.language === "fr" ? "\u00a0" : ""}: ${words(BECAUSE[because], page.language)}${consent}.`;
}

function Rights({ page }: { page: PageProps }) {
  return (
    <section>
      <h2>{say(page, "Your data", "Vos données")}</h2>
      <p class="soft">
        {say(
          page,
          "You may have a copy of everything, or have it erased. We answer at your own address, never to whoever has this link.",
          "Vous pouvez en recevoir une copie complète, ou les faire effacer. Nous répondons à votre propre adresse, jamais à qui aurait ce lien.",
        )}
      </p>
      <Form language={page.language}>
        <div class="row">
          <button type="submit" name="do" value="access" class="quiet">
            {say(page, "Ask for a copy", "Demander une copie")}
          </button>
          <button type="submit" name="do" value="erasure" class="quiet">
            {say(page, "Ask for erasure", "Demander l’effacement")}
          </button>
        </div>
      </Form>
    </section>
  );
}

/** A language or country by its name; the code where it has none. */
function nameOf(type: "language" | "region", code: string | null, language: Language): string | null {
  if (code === null) return null;
  return new Intl.DisplayNames([language], { type, fallback: "code" }).of(code) ?? code;
}

function dateText(at: number, language: Language): string {
  const locale = language === "fr" ? "fr-FR" : "en-GB";
  return new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }).format(at);
}
