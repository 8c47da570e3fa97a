import { FREQUENCIES, type Frequency, SNOOZE_DAYS } from "../../contacts/preferences";
import type { Words } from "../../shared/language";
import type { PersonFile } from "../file";
import { ASKED, type Asked, wordingOf } from "../wordings";
import { HiddenThings } from "./hidden";
import { Known } from "./known";
import { CONSENT_NAMES, dateText } from "./names";
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
  stopped: {
    en: "Done. No more news and offers from us; messages about your orders still arrive.",
    fr: "C’est fait. Plus de nouvelles ni d’offres de notre part ; les messages sur vos commandes arrivent toujours.",
  },
  access: {
    en: "Your request for a copy is recorded. The shop sends it to your own address, within a month.",
    fr: "Votre demande de copie est enregistrée. La boutique l’enverra à votre propre adresse, sous un mois.",
  },
  erasure: {
    en: "Your request for erasure is recorded. Before anything is erased, the shop writes to your own address to be sure that it was you, within a month.",
    fr: "Votre demande d’effacement est enregistrée. Avant tout effacement, la boutique écrira à votre propre adresse pour s’assurer que c’est bien vous, sous un mois.",
  },
} as const satisfies Record<string, Words>;
export type NoticeKey = keyof typeof NOTICES;

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
  const { file, notices, awaited, codeFailed, language, shop } = props;
  const page: PageProps = { language, shop };
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
      <Known page={page} file={file} />
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
              {words(CONSENT_NAMES[key], language)}
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

function Rights({ page }: { page: PageProps }) {
  return (
    <section>
      <h2>{say(page, "Your data", "Vos données")}</h2>
      <p class="soft">
        {say(
          page,
          "You may have a copy of everything, or have it erased. The shop answers at your own address, never to whoever has this link.",
          "Vous pouvez en recevoir une copie complète, ou les faire effacer. La boutique répond à votre propre adresse, jamais à qui aurait ce lien.",
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
