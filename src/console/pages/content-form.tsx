import type { Finding } from "../../sends/check";
import { PEOPLE } from "../../sends/sample";
import type { FieldError } from "../../shared/fault";
import type { Language } from "../../shared/language";
import { LANGUAGES } from "../../shared/language";
import type { ContentDraft } from "../content-draft";
import { fieldsOf } from "../content-draft";
import type { View } from "../view";
import { CONTENT_CHANNELS, CONTENT_CLASSES, CONTENT_FIELDS, CONTENT_NEEDS, CONTENT_PEOPLE } from "../words/contents";
import { label } from "../words/labels";
import { Checks } from "./content";
import { FormToken } from "./form";
import { Page } from "./layout";
import { Card, Head } from "./parts";

interface Props {
  readonly view: View;
  readonly draft: ContentDraft;
  /** A content that there is keeps its key. */
  readonly isKnown: boolean;
  readonly problems: readonly FieldError[];
  readonly findings: readonly Finding[] | null;
  /** Where the preview begins. */
  readonly preview: string;
}

const NAMES: Readonly<Record<Language, string>> = { en: "English", fr: "Français" };

/** The editor: a form, and beside it the draft as somebody would read it, drawn anew at the press of a button. */
export function ContentFormPage({ view, draft, isKnown, problems, findings, preview }: Props) {
  const { say, language } = view;
  const title = isKnown ? `${say("Change", "Modifier")} ${draft.key}` : say("New content", "Nouveau contenu");
  return (
    <Page view={view} title={title}>
      <Head
        title={title}
        about={`${label(CONTENT_CHANNELS, draft.channel, language)} · ${say("Liquid and, for emails, MJML", "Liquid et, pour les e-mails, MJML")}`}
      />
      <div class="columns columns-even">
        <form class="card card-body content-form" method="post" action="/admin/contents/new">
          <FormToken view={view} />
          <input type="hidden" name="channel" value={draft.channel} />
          {problems.length > 0 && <Problems view={view} problems={problems} />}
          <About view={view} draft={draft} isKnown={isKnown} />
          {LANGUAGES.map((one) => (
            <Text view={view} draft={draft} language={one} />
          ))}
          <PreviewChoice view={view} />
          <Buttons view={view} />
        </form>
        <div class="stack beside">
          <Card id="draft-preview" title={say("Preview", "Aperçu")}>
            <div class="card-body">
              <iframe
                class="letter"
                name="draft"
                sandbox=""
                title={say("The draft as it would be read", "Le brouillon tel qu’il serait lu")}
                src={preview}
              />
            </div>
          </Card>
          {findings !== null && (
            <Card id="checks" title={say("Checks", "Vérifications")}>
              <Checks view={view} findings={findings} />
            </Card>
          )}
        </div>
      </div>
    </Page>
  );
}

function Buttons({ view: { say } }: { view: View }) {
  return (
    <p class="actions">
      <button type="submit" formaction="/admin/contents/draft" formtarget="draft">
        {say("Show the preview", "Afficher l’aperçu")}
      </button>{" "}
      <button type="submit" name="do" value="check">
        {say("Check", "Vérifier")}
      </button>{" "}
      <button type="submit" name="do" value="publish" class="button-main">
        {say("Publish a new version", "Publier une nouvelle version")}
      </button>
    </p>
  );
}

function Problems({ view, problems }: Pick<Props, "view" | "problems">) {
  return (
    <div class="note note-bad" role="alert">
      <p>
        <strong>{view.say("It was not published.", "Il n’a pas été publié.")}</strong>
      </p>
      <ul>
        {problems.map(({ pointer, detail }) => (
          <li>
            {pointer !== "" && <code>{pointer}</code>} {detail}
          </li>
        ))}
      </ul>
    </div>
  );
}

function About({ view, draft, isKnown }: Pick<Props, "view" | "draft" | "isKnown">) {
  const { say, language } = view;
  return (
    <>
      <p class="field">
        <label for="content-key">
          {say("Key, by which scenarios name it", "Clé, par laquelle les scénarios le nomment")}
        </label>
        <input
          id="content-key"
          name="key"
          value={draft.key}
          required
          maxlength={64}
          pattern="[a-z][a-z0-9_]*"
          autocomplete="off"
          readonly={isKnown}
        />
      </p>
      <ClassField view={view} draft={draft} isKnown={isKnown} />
      {draft.channel === "email" && (
        <p class="field">
          <label for="content-format">{say("The body is written in", "Le corps est écrit en")}</label>
          <select id="content-format" name="format">
            {(["mjml", "html"] as const).map((one) => (
              <option value={one} selected={one === draft.format}>
                {one.toUpperCase()}
              </option>
            ))}
          </select>
        </p>
      )}
      <fieldset class="ticks">
        <legend>{say("It cannot be sent without", "Il ne part pas sans")}</legend>
        {(["cart", "order"] as const).map((one) => (
          <label>
            <input type="checkbox" name="needs" value={one} checked={draft.needs.includes(one)} />{" "}
            {label(CONTENT_NEEDS, one, language)}
          </label>
        ))}
      </fieldset>
    </>
  );
}

/** What is out keeps its class: what is transactional passes caps and consent. */
function ClassField({ view, draft, isKnown }: Pick<Props, "view" | "draft" | "isKnown">) {
  const { say, language } = view;
  return (
    <p class="field">
      <label for="content-class">{say("Class", "Classe")}</label>
      <select id="content-class" name="class" aria-describedby="class-hint">
        {(isKnown ? [draft.class] : (["marketing", "transactional"] as const)).map((one) => (
          <option value={one} selected={one === draft.class}>
            {label(CONTENT_CLASSES, one, language)}
          </option>
        ))}
      </select>
      <span id="class-hint" class="soft small">
        {isKnown
          ? say(
              "It never changes: take another key for that.",
              "Elle ne change jamais : prenez pour cela une autre clé.",
            )
          : say(
              "It stays for good. Transactional passes caps and consent: it answers what the customer did, and sells nothing.",
              "Elle est définitive. Un message transactionnel échappe aux plafonds et au consentement : il répond à un acte du client et ne vend rien.",
            )}
      </span>
    </p>
  );
}

function Text({ view, draft, language }: Pick<Props, "view" | "draft"> & { language: Language }) {
  return (
    <fieldset class="text-of">
      <legend>{NAMES[language]}</legend>
      {fieldsOf(draft.channel).map((field) => {
        const id = `${language}-${field}`;
        const value = draft.texts[language][field] ?? "";
        return (
          <p class="field">
            <label for={id}>{label(CONTENT_FIELDS, field, view.language)}</label>
            {field === "body" ? (
              <textarea
                id={id}
                name={`${language}.${field}`}
                rows={draft.channel === "email" ? 18 : 5}
                spellcheck={false}
                lang={language}
              >
                {value}
              </textarea>
            ) : (
              <input
                id={id}
                name={`${language}.${field}`}
                value={value}
                maxlength={field === "url" ? 1_000 : 500}
                lang={language}
                autocomplete="off"
              />
            )}
          </p>
        );
      })}
    </fieldset>
  );
}

function PreviewChoice({ view }: { view: View }) {
  const { say, language } = view;
  return (
    <fieldset class="ticks">
      <legend>{say("Preview for", "Aperçu pour")}</legend>
      <select name="to" aria-label={say("Who reads it", "Qui le lit")}>
        {PEOPLE.map((one) => (
          <option value={one}>{label(CONTENT_PEOPLE, one, language)}</option>
        ))}
      </select>{" "}
      <select name="in" aria-label={say("Its language", "Sa langue")}>
        {LANGUAGES.map((one) => (
          <option value={one} selected={one === language}>
            {NAMES[one]}
          </option>
        ))}
      </select>
    </fieldset>
  );
}
