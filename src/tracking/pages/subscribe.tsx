import { wordingId } from "../../contacts/proof";
import type { Words } from "../../shared/language";
import type { Asked } from "../wordings";
import { OFFERED, wordingOf } from "../wordings";
import { Choice, Field, Form, Notice, Page, type PageProps, say, words } from "./page";

/** Something a person may be interested in, as the shop names it. */
export interface Topic {
  readonly key: string;
  readonly en: string;
  readonly fr: string;
}

/** What was typed, for a form that is shown again. */
export interface Draft {
  readonly email: string;
  readonly phone: string;
  readonly firstName: string;
  readonly topics: readonly string[];
  /** Boxes that were ticked. */
  readonly consents: readonly string[];
}

export const EMPTY_DRAFT: Draft = { email: "", phone: "", firstName: "", topics: [], consents: [] };

/** What keeps a form from being taken. */
export const FORM_FAULTS = {
  email: {
    en: "Please check the address: it should look like name@example.com.",
    fr: "Vérifiez l’adresse : elle doit ressembler à nom@exemple.fr.",
  },
  phone: {
    en: "Please check the number: a mobile number with its country code, like +44 7400 123456.",
    fr: "Vérifiez le numéro : un mobile avec son indicatif, comme +33 6 12 34 56 78.",
  },
  consent: {
    en: "Please tick the box about emails if you would like to receive them: without it we may not write to you.",
    fr: "Cochez la case des e-mails si vous voulez les recevoir : sans elle, nous ne pouvons pas vous écrire.",
  },
  stale: {
    en: "This page had been open for long. Please look at it once more and send it again.",
    fr: "Cette page était ouverte depuis longtemps. Relisez-la et envoyez-la de nouveau.",
  },
} as const satisfies Record<string, Words>;
export type FormFault = keyof typeof FORM_FAULTS;

interface Props extends PageProps {
  readonly topics: readonly Topic[];
  readonly draft: Draft;
  readonly faults: readonly FormFault[];
  /** Proof that we made this form, and when. */
  readonly stamp: string;
}

function ConsentBox({ asked, invalid, ...page }: Props & { asked: Asked; invalid?: boolean }) {
  const { shop, language, draft } = page;
  const wording = wordingOf(asked, shop.name, language);
  const id = wordingId(wording);
  return (
    <Choice
      name={`consent_${asked}`}
      value={id}
      checked={draft.consents.includes(id)}
      {...(invalid && { describedBy: "consent-error", invalid })}
    >
      {words({ en: wording.text, fr: wording.text }, language)}
    </Choice>
  );
}

/** What is wrong with a part of the form, in the page's language. */
function faultOf({ faults, language }: Props, fault: FormFault): string | undefined {
  return faults.includes(fault) ? words(FORM_FAULTS[fault], language) : undefined;
}

function Fields(page: Props) {
  const { draft, faults } = page;
  return (
    <>
      <Field
        id="email"
        type="email"
        autocomplete="email"
        required
        label={say(page, "Email address", "Adresse e-mail")}
        value={draft.email}
        error={faultOf(page, "email")}
        focus={faults.includes("email")}
      />
      <Field
        id="first_name"
        type="text"
        autocomplete="given-name"
        label={say(page, "First name (optional)", "Prénom (facultatif)")}
        value={draft.firstName}
      />
      <Field
        id="phone"
        type="tel"
        autocomplete="tel"
        label={say(page, "Mobile number (optional)", "Numéro de mobile (facultatif)")}
        hint={say(page, "Only for text messages, if you want them.", "Seulement pour les SMS, si vous en voulez.")}
        value={draft.phone}
        error={faultOf(page, "phone")}
        focus={faults[0] === "phone"}
      />
    </>
  );
}

function Boxes(page: Props) {
  const missing = faultOf(page, "consent");
  return (
    <fieldset>
      <legend>{say(page, "What you agree to", "Ce que vous acceptez")}</legend>
      {OFFERED.map((asked) => (
        <>
          <ConsentBox {...page} asked={asked} invalid={asked === "email" && missing !== undefined} />
          {asked === "email" && missing !== undefined && (
            <p class="wrong" id="consent-error">
              {missing}
            </p>
          )}
        </>
      ))}
    </fieldset>
  );
}

/** The hosted newsletter form. No box is ticked beforehand, none but the first is required. */
export function SubscribePage(props: Props) {
  const { topics, draft, faults, stamp, ...page } = props;
  const { language } = page;
  return (
    <Page {...page} title={say(page, "Our newsletter", "Notre lettre")}>
      <p class="soft">
        {say(
          page,
          `News and offers from ${page.shop.name}. Leave your address, then confirm it in the email that we send you.`,
          `Les nouvelles et les offres de ${page.shop.name}. Laissez votre adresse, puis confirmez-la dans l’e-mail que nous vous envoyons.`,
        )}
      </p>
      {faults.length > 0 && (
        <Notice wrong>
          <p>
            {faultOf(props, "stale") ??
              say(page, "Something is missing, see below.", "Il manque quelque chose, voir ci-dessous.")}
          </p>
        </Notice>
      )}
      <Form language={language}>
        <input type="hidden" name="stamp" value={stamp} />
        <Fields {...props} />
        <p class="trap" aria-hidden="true">
          <label>
            Website
            <input type="text" name="website" tabindex={-1} autocomplete="off" />
          </label>
        </p>
        <Topics page={page} topics={topics} chosen={draft.topics} />
        <Boxes {...props} />
        <button type="submit" class="wide">
          {say(page, "Subscribe", "M’inscrire")}
        </button>
      </Form>
    </Page>
  );
}

/** The shop's topics as boxes; nothing where it has none. */
export function Topics({
  page,
  topics,
  chosen,
}: {
  page: PageProps;
  topics: readonly Topic[];
  chosen: readonly string[];
}) {
  if (topics.length === 0) return null;
  return (
    <fieldset>
      <legend>{say(page, "What interests you (optional)", "Ce qui vous intéresse (facultatif)")}</legend>
      {topics.map((topic) => (
        <Choice name="topic" value={topic.key} checked={chosen.includes(topic.key)}>
          {words(topic, page.language)}
        </Choice>
      ))}
    </fieldset>
  );
}

/** The same for everybody, whether we know the address or not. */
export function SubscribedPage({ withPhone, ...page }: PageProps & { withPhone: boolean }) {
  return (
    <Page {...page} title={say(page, "Please look into your inbox.", "Regardez votre boîte de réception.")}>
      <p role="status">
        {say(
          page,
          "We have sent you an email with a button: press it, and you are subscribed. It works for seven days.",
          "Nous vous avons envoyé un e-mail avec un bouton : appuyez dessus pour terminer votre inscription. Il est valable sept jours.",
        )}
      </p>
      {withPhone && (
        <p>
          {say(
            page,
            "A code is on its way to your phone as well. The page that the email opens will ask you for it.",
            "Un code arrive aussi sur votre téléphone. La page que l’e-mail ouvre vous le demandera.",
          )}
        </p>
      )}
      <p class="soft small">
        {say(
          page,
          "Nothing there? Look among the unwanted messages. We send one confirmation a day at most to the same address.",
          "Rien reçu ? Regardez parmi les indésirables. Nous envoyons au plus une confirmation par jour à la même adresse.",
        )}
      </p>
    </Page>
  );
}
