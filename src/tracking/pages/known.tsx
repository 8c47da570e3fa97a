import { CONSENT_KEYS } from "../../contacts/consent";
import type { Way } from "../../contacts/proof";
import type { Language, Words } from "../../shared/language";
import type { PersonFile, Received, Word } from "../file";
import { isAsked } from "../wordings";
import { CONSENT_NAMES, dateText, nameOf } from "./names";
import { type PageProps, say, words } from "./page";

/** What is known of a person, what they agreed to and where, and why the last messages came. */
export function Known({ file, page }: { page: PageProps; file: PersonFile }) {
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
  const name = isAsked(word.key) ? words(CONSENT_NAMES[word.key], language) : words(CONSENT_NAMES.push, language);
  const said =
    word.action === "withdraw"
      ? say(page, `withdrawn on ${date}`, `retiré le ${date}`)
      : word.action === "confirm_doi"
        ? say(page, `confirmed by email or code on ${date}`, `confirmé par e-mail ou par code le ${date}`)
        : say(page, `given on ${date}`, `donné le ${date}`);
  const where = word.form ?? wayWords(word, language);
  return (
    <>
      <strong>{name}</strong>
      {`${language === "fr" ? "\u00a0" : ""}: ${said}`}
      {where !== null && <span class="soft">{` (${where})`}</span>}
      {word.text !== null && <blockquote>{word.text}</blockquote>}
    </>
  );
}

/** Our own ways in the reader's words; what came through the shop is named as the shop named it. */
const WAY_WORDS = {
  preference_centre: { en: "on this page", fr: "sur cette page" },
  one_click: { en: "in one click, from an email", fr: "en un clic, depuis un e-mail" },
  hosted_form: { en: "in our form", fr: "dans notre formulaire" },
  admin: { en: "told to our team", fr: "auprès de notre équipe" },
} as const satisfies Partial<Record<Way, Words>>;

function wayWords({ way, source }: Word, language: Language): string | null {
  return Object.hasOwn(WAY_WORDS, way) ? words(WAY_WORDS[way as keyof typeof WAY_WORDS], language) : source;
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
