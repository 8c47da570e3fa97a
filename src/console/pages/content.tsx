import type { Preview, Shown } from "../../admin/content-preview";
import type { ContentVersion } from "../../admin/content-store";
import type { Finding } from "../../sends/check";
import { findingWords } from "../../sends/check";
import { PEOPLE } from "../../sends/sample";
import type { Language } from "../../shared/language";
import { LANGUAGES } from "../../shared/language";
import type { ContentUse } from "../content-uses";
import { here, numberText, type View } from "../view";
import { CONTENT_CHANNELS, CONTENT_CLASSES, CONTENT_PEOPLE } from "../words/contents";
import { label, SCENARIO_STATES } from "../words/labels";
import { scenarioName } from "../words/scenarios";
import { Findings } from "./findings";
import { FormToken } from "./form";
import { Page } from "./layout";
import { Card, CodePill, Head, Tabs, Time } from "./parts";

/** What a page about one content shows. */
export interface ContentView {
  readonly shown: ContentVersion;
  readonly versions: readonly ContentVersion[];
  readonly findings: readonly Finding[];
  readonly uses: readonly ContentUse[];
  readonly preview: Preview | null;
  /** Why there is no preview. */
  readonly refusal: string | null;
  readonly to: Shown;
  readonly language: Language;
  /** Whether anything sends on its channel. */
  readonly isReady: boolean;
  /** Where tests may go. */
  readonly people: readonly string[];
  /** What became of the last test, or was wrong with it. */
  readonly tested: string | null;
}

const NAMES: Readonly<Record<Language, string>> = { en: "English", fr: "Français" };

/** One content: how it reads, what is worth a look, its versions, and a test of it. */
export function ContentPage({ view, content }: { view: View; content: ContentView }) {
  const { say } = view;
  const { key, channel, class: kind } = content.shown.content;
  return (
    <Page view={view} title={key}>
      <Head
        title={key}
        about={`${label(CONTENT_CHANNELS, channel, view.language)} · ${label(CONTENT_CLASSES, kind, view.language)} · ${say("version", "version")} ${content.shown.version}`}
      >
        <p class="actions">
          <a class="button button-main" href={`/admin/contents/${key}/edit`}>
            {say("Change", "Modifier")}
          </a>
        </p>
      </Head>
      <div class="columns">
        <div class="stack">
          <PreviewCard view={view} content={content} />
        </div>
        <div class="stack">
          <Card id="checks" title={say("Checks", "Vérifications")}>
            <Checks view={view} findings={content.findings} />
          </Card>
          <TestCard view={view} content={content} />
          <Uses view={view} uses={content.uses} />
          <Versions view={view} content={content} />
        </div>
      </div>
    </Page>
  );
}

/** What was found, in words; or that nothing was. */
export function Checks({ view, findings }: { view: View; findings: readonly Finding[] }) {
  const { say, language } = view;
  if (findings.length === 0) {
    return <p class="card-body soft">{say("Nothing to remark.", "Rien à signaler.")}</p>;
  }
  return (
    <ul class="card-body checks">
      {findings.map((finding) => (
        <li class={finding.level === "error" ? "note note-bad" : "note"}>
          <strong>{finding.level === "error" ? say("To mend", "À corriger") : say("Note", "À noter")}</strong>
          {finding.language !== null && ` (${NAMES[finding.language]})`}
          {say(": ", " : ")}
          {findingWords(finding)[language]}
        </li>
      ))}
    </ul>
  );
}

/** The scenarios that send it, with what they cannot give it. */
function Uses({ view, uses }: { view: View; uses: readonly ContentUse[] }) {
  const { say, language } = view;
  return (
    <Card id="uses" title={say("Scenarios that send it", "Scénarios qui l’envoient")}>
      {uses.length === 0 && <p class="card-body soft">{say("None.", "Aucun.")}</p>}
      {uses.map(({ scenario, findings }) => (
        <div class="card-body">
          <p>
            <a href={`/admin/scenarios/${encodeURIComponent(scenario.id)}`}>{scenarioName(scenario, language)}</a>{" "}
            <CodePill view={view} catalog={SCENARIO_STATES} code={scenario.state} />
          </p>
          <Findings view={view} findings={findings} />
        </div>
      ))}
    </Card>
  );
}

function PreviewCard({ view, content }: { view: View; content: ContentView }) {
  const { say } = view;
  const { preview, refusal, to, language, shown } = content;
  const person = "person" in to ? to.person : null;
  return (
    <Card id="preview" title={say("As it is read", "Tel qu’il est lu")}>
      <div class="card-body">
        <Tabs
          name={say("Who reads it", "Qui le lit")}
          choices={PEOPLE.map((one) => ({
            href: here(view, { to: one, contact: null }),
            text: label(CONTENT_PEOPLE, one, view.language),
            current: person === one,
          }))}
        />
        <Tabs
          name={say("Its language", "Sa langue")}
          choices={LANGUAGES.map((one) => ({
            href: here(view, { in: one }),
            text: NAMES[one],
            current: language === one,
          }))}
        />
        <form class="field for-contact" method="get">
          <input type="hidden" name="in" value={language} />
          <label for="preview-contact">
            {say("Any contact, by email or id", "Un contact, par e-mail ou identifiant")}
          </label>
          <input
            id="preview-contact"
            type="text"
            name="contact"
            value={"contact" in to ? to.contact : ""}
            placeholder="camille@example.com"
            autocomplete="off"
          />
        </form>
        {refusal !== null && <p class="note note-bad">{refusal}</p>}
        {preview !== null && <Read view={view} preview={preview} frame={frameHref(shown, to, language)} />}
      </div>
    </Card>
  );
}

function frameHref({ content, version }: ContentVersion, to: Shown, language: Language): string {
  const query = new URLSearchParams({
    version: String(version),
    in: language,
    ...("person" in to ? { to: to.person } : to),
  });
  return `/admin/contents/${content.key}/frame?${query.toString()}`;
}

/** A rendered message: what a reader's list shows of it, its body, and its size. */
function Read({ view, preview, frame }: { view: View; preview: Preview; frame: string }) {
  const { say } = view;
  const { message, bytes, sms } = preview;
  return (
    <>
      {message.subject !== "" && (
        <p class="letter-subject">
          <span class="soft small">{say("Subject", "Objet")}</span> <strong>{message.subject}</strong>
        </p>
      )}
      {message.url !== undefined && (
        <p class="letter-subject">
          <span class="soft small">{say("A tap leads to", "Un appui mène à")}</span> {message.url}
        </p>
      )}
      {message.html === "" ? (
        <pre class="letter-text">{message.text}</pre>
      ) : (
        <iframe class="letter" sandbox="" title={say("The message", "Le message")} src={frame} />
      )}
      <p class="soft small">
        {sms === null
          ? message.html === ""
            ? say(`${numberText(view, bytes)} bytes`, `${numberText(view, bytes)} octets`)
            : say(
                `${numberText(view, bytes)} bytes, of 104,448 at most`,
                `${numberText(view, bytes)} octets, sur 104 448 au plus`,
              )
          : `${sms.encoding} · ${say(`${sms.segments} segments`, `${sms.segments} segments`)} · ${numberText(view, sms.units)}`}
      </p>
      {message.html !== "" && (
        <details>
          <summary>{say("The text part", "La version texte")}</summary>
          <pre class="letter-text">{message.text}</pre>
        </details>
      )}
    </>
  );
}

function TestCard({ view, content }: { view: View; content: ContentView }) {
  const { say } = view;
  const { people, shown, isReady } = content;
  const { channel } = shown.content;
  const name = label(CONTENT_CHANNELS, channel, view.language);
  return (
    <Card
      id="test"
      title={say("Send a test", "Envoyer un test")}
      about={
        channel === "email"
          ? say("To your own people alone, and marked.", "Aux vôtres seulement, et marqué comme test.")
          : say(
              `To your own people alone, and marked. It goes where the contact with this address is reached by ${name}.`,
              `Aux vôtres seulement, et marqué comme test. Il part là où le contact à cette adresse est joignable (${name}).`,
            )
      }
    >
      {!isReady ? (
        <p class="card-body soft">
          {say(
            `Nothing sends ${name} here yet: the channel is not set up.`,
            `Aucun envoi ${name} pour l’instant : le canal n’est pas configuré.`,
          )}
        </p>
      ) : people.length === 0 ? (
        <p class="card-body soft">
          {say("List your people’s addresses in ADMIN_EMAILS first.", "Listez d’abord vos adresses dans ADMIN_EMAILS.")}
        </p>
      ) : (
        <TestForm view={view} content={content} />
      )}
    </Card>
  );
}

function TestForm({ view, content: { people, tested, shown, language } }: { view: View; content: ContentView }) {
  const { say } = view;
  return (
    <form class="card-body feed-form" method="post" action={`/admin/contents/${shown.content.key}/test`}>
      <FormToken view={view} />
      <input type="hidden" name="in" value={language} />
      <p class="field">
        <label for="test-to">{say("To", "À")}</label>
        <select id="test-to" name="to">
          {people.map((address) => (
            <option value={address}>{address}</option>
          ))}
        </select>
      </p>
      <p>
        <button type="submit">{say("Send the test", "Envoyer le test")}</button>
      </p>
      {tested !== null && (
        <p class="note" role="status">
          {tested}
        </p>
      )}
    </form>
  );
}

function Versions({ view, content: { versions, shown } }: { view: View; content: ContentView }) {
  const { say } = view;
  return (
    <Card id="versions" title={say("Versions", "Versions")}>
      <ol class="card-body versions">
        {versions.map(({ version, createdAt }) => (
          <li>
            <a
              href={here(view, { version: String(version) })}
              aria-current={version === shown.version ? "true" : undefined}
            >
              {say("Version", "Version")} {version}
            </a>{" "}
            <span class="soft small">
              {createdAt === null ? (
                say("comes with the product", "fournie avec le produit")
              ) : (
                <Time view={view} at={createdAt} />
              )}
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}
