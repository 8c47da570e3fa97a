import type { ListedContent } from "../../admin/content-store";
import { LIBRARY } from "../../sends/library";
import type { Language } from "../../shared/language";
import type { View } from "../view";
import { CONTENT_CHANNELS, CONTENT_CLASSES, CONTENT_ORIGINS } from "../words/contents";
import { label } from "../words/labels";
import { Page } from "./layout";
import { Card, Head, Pill, Time } from "./parts";

interface Props {
  readonly view: View;
  readonly contents: readonly ListedContent[];
  /** How each begins, in Liquid, by key. */
  readonly lines: ReadonlyMap<string, Readonly<Record<Language, string>>>;
}

/** A condition with what it says otherwise; one without says nothing where it does not hold. */
const BRANCHES =
  /\{%-?\s*(?:if|unless)\b(?:(?!\{%-?\s*(?:if|unless|else|endif|endunless)\b)[\s\S])*(?:\{%-?\s*else\s*-?%\}((?:(?!\{%-?\s*(?:if|unless|endif|endunless)\b)[\s\S])*))?\{%-?\s*end(?:if|unless)\s*-?%\}/g;

/** A line of Liquid as somebody reads over it: what is put in is left open. */
function readOver(liquid: string): string {
  return liquid
    .replace(BRANCHES, "$1")
    .replace(/\{%[\s\S]*?%\}/g, "")
    .replace(/\{\{[\s\S]*?(?:\}\}|$)/g, "…")
    .replace(/\s+/g, " ")
    .trim();
}

/** Every content as it is sent now, and where to begin a new one. */
export function ContentsPage({ view, contents, lines }: Props) {
  const { say } = view;
  const title = say("Contents", "Contenus");
  return (
    <Page view={view} title={title}>
      <Head
        title={title}
        about={say(
          "What messages are made of. A change is a new version: what has been decided keeps the one that it was decided with.",
          "Ce dont les messages sont faits. Un changement est une nouvelle version : ce qui est décidé garde la sienne.",
        )}
      >
        <p class="actions">
          <a class="button button-main" href="/admin/contents/library">
            {say("Begin with a letter of the library", "Partir d’une lettre de la bibliothèque")}
          </a>{" "}
          <a class="button" href="/admin/contents/new?channel=sms">
            {say("New SMS", "Nouveau SMS")}
          </a>{" "}
          <a class="button" href="/admin/contents/new?channel=push">
            {say("New push", "Nouveau push")}
          </a>
        </p>
      </Head>
      <Card id="list" title={say("All contents", "Tous les contenus")}>
        <ul class="feed">
          {contents.map((content) => (
            <Row view={view} content={content} line={lines.get(content.key)} />
          ))}
        </ul>
      </Card>
    </Page>
  );
}

interface RowProps {
  readonly view: View;
  readonly content: ListedContent;
  readonly line: Readonly<Record<Language, string>> | undefined;
}

function Row({ view, content, line }: RowProps) {
  const { say, language } = view;
  const { key, channel, class: kind, version, origin, createdAt } = content;
  const begins = readOver(line?.[language] || line?.en || line?.fr || "");
  return (
    <li>
      <strong>{label(CONTENT_CHANNELS, channel, language)}</strong>
      <p>
        <a href={`/admin/contents/${key}`}>{key}</a>
        {begins !== "" && <span class="begins">{begins}</span>}
      </p>
      <p class="soft small">
        {label(CONTENT_CLASSES, kind, language)} · {say("version", "version")} {version} ·{" "}
        {label(CONTENT_ORIGINS, origin, language)}
        {createdAt !== null && (
          <>
            {" · "}
            <Time view={view} at={createdAt} />
          </>
        )}
      </p>
    </li>
  );
}

/** The letters to begin with. */
export function LibraryPage({ view }: { view: View }) {
  const { say, language } = view;
  const title = say("Library", "Bibliothèque");
  return (
    <Page view={view} title={title}>
      <Head
        title={title}
        about={say(
          "Letters in both languages, for phones and desks, by day and by night. Choose one and make it yours.",
          "Des lettres dans les deux langues, pour téléphone et ordinateur, de jour comme de nuit. Choisissez, adaptez.",
        )}
      />
      <ul class="designs">
        {LIBRARY.map((design) => (
          <li class="card">
            <div class="card-head">
              <h2>{design.title[language]}</h2>
              {design.class === "transactional" && (
                <Pill tone="calm">{label(CONTENT_CLASSES, design.class, language)}</Pill>
              )}
              <p>{design.purpose[language]}</p>
            </div>
            <iframe
              class="letter-small"
              sandbox=""
              loading="lazy"
              tabindex={-1}
              title={design.title[language]}
              src={`/admin/contents/library/${design.key}/frame?language=${language}`}
            />
            <p class="card-body">
              <a
                class="button button-main"
                href={`/admin/contents/new?design=${design.key}`}
                aria-label={`${say("Use this letter", "Utiliser cette lettre")}: ${design.title[language]}`}
              >
                {say("Use this letter", "Utiliser cette lettre")}
              </a>
            </p>
          </li>
        ))}
      </ul>
    </Page>
  );
}
