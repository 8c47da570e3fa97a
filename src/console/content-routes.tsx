import { compileInput, findingsOf, publishContent, readBrand } from "../admin/content-actions";
import type { Preview, Shown } from "../admin/content-preview";
import { previewContent, sendTest } from "../admin/content-preview";
import { versionOf } from "../admin/content-routes";
import { listContents, listFirstLines, listVersions } from "../admin/content-store";
import type { Finding } from "../sends/check";
import type { Content } from "../sends/content";
import { storedContent } from "../sends/input";
import { LIBRARY } from "../sends/library";
import { PEOPLE } from "../sends/sample";
import type { Services } from "../services";
import type { FieldError } from "../shared/fault";
import { Fault } from "../shared/fault";
import { contactId } from "../shared/ids";
import type { Language } from "../shared/language";
import { isLanguage } from "../shared/language";
import { findContact } from "./contact-store";
import type { ContentDraft } from "./content-draft";
import { draftOfContent, draftOfDesign, emptyDraft, inputOf, problemsOf, readContentDraft } from "./content-draft";
import { FRAMED_POLICY, frameOf, plainFrame } from "./content-frame";
import { usesOfContent } from "./content-uses";
import { ContentPage } from "./pages/content";
import { ContentFormPage } from "./pages/content-form";
import { ContentsPage, LibraryPage } from "./pages/contents";
import type { ConsoleApp, ConsoleContext } from "./request";
import { formOf, nothing, pageOf } from "./request";
import { listScenarios } from "./store";

/** Two languages of the longest template. */
const MAX_FORM = 1_024 * 1_024;

/** What messages are made of: list, library, editor, previews and tests. */
export function addContents(app: ConsoleApp): void {
  app.get("/admin/contents", async (context) => {
    const { view, services } = context.var;
    const { DB } = services.env;
    const [contents, lines] = await Promise.all([listContents(DB), listFirstLines(DB)]);
    return pageOf(context, <ContentsPage view={view} contents={contents} lines={lines} />);
  });
  app.get("/admin/contents/library", (context) => framed(context, <LibraryPage view={context.var.view} />));
  app.get("/admin/contents/library/:design/frame", designFrame);
  app.get("/admin/contents/new", newContent);
  app.post("/admin/contents/new", written);
  app.get("/admin/contents/draft", (context) => frameOf(context, waiting(context)));
  app.post("/admin/contents/draft", draftFrame);
  app.get("/admin/contents/:key", (context) => onePage(context, null));
  app.get("/admin/contents/:key/edit", edit);
  app.get("/admin/contents/:key/frame", contentFrame);
  app.post("/admin/contents/:key/test", test);
  // What leads on from the answer to a test leads from the content's own page.
  app.get("/admin/contents/:key/test", (context) => {
    const key = encodeURIComponent(context.req.param("key"));
    return context.redirect(`/admin/contents/${key}${new URL(context.req.url).search}`, 303);
  });
}

function framed(context: ConsoleContext, page: unknown): Response | Promise<Response> {
  context.header("Content-Security-Policy", FRAMED_POLICY);
  return pageOf(context, page);
}

function waiting({ var: { view } }: ConsoleContext): string {
  return plainFrame(view.say("Press “Show the preview”.", "Appuyez sur « Afficher l’aperçu »."));
}

async function shownTo(services: Services, query: Readonly<Record<string, string | undefined>>): Promise<Shown> {
  const contact = (query["contact"] ?? "").trim();
  if (contact !== "") {
    const found = await findContact(services.env.DB, contact);
    return { contact: found === null ? contact : contactId(found) };
  }
  return { person: PEOPLE.find((one) => one === query["to"]) ?? "typical" };
}

function languageOf(context: ConsoleContext, text: string | null | undefined): Language {
  return isLanguage(text) ? text : context.var.view.language;
}

/** A message for a frame: its letter, or its words where it has none. */
function letterOf({ message }: Preview): string {
  if (message.html !== "") return message.html;
  return plainFrame(`${message.subject}\n\n${message.text}`.trim());
}

async function compiled(context: ConsoleContext, input: Parameters<typeof compileInput>[0]): Promise<Content> {
  const { services } = context.var;
  return { ...(await compileInput(input, await readBrand(services.env.DB))), version: 0 } as Content;
}

async function designFrame(context: ConsoleContext): Promise<Response> {
  const design = LIBRARY.find(({ key }) => key === context.req.param("design"));
  const { view, services } = context.var;
  if (!design) return nothing(context, view.say("There is no such design.", "Ce modèle n’existe pas."));
  const content = await compiled(context, inputOf(draftOfDesign(design)));
  const language = languageOf(context, view.query["language"]);
  return frameOf(context, letterOf(await previewContent(services, content, { person: "typical" }, language)));
}

async function draftFrame(context: ConsoleContext): Promise<Response> {
  const form = await formOf(context, MAX_FORM);
  const draft = readContentDraft(form);
  try {
    const content = await compiled(context, inputOf({ ...draft, key: draft.key || "draft" }));
    const to = await shownTo(context.var.services, { to: form.get("to") ?? undefined });
    const shown = await previewContent(context.var.services, content, to, languageOf(context, form.get("in")));
    return frameOf(context, letterOf(shown));
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    const lines = problemsOf(fault).map(({ pointer, detail }) => `${pointer} ${detail}`.trim());
    return frameOf(context, plainFrame(lines.join(" · ")));
  }
}

async function contentFrame(context: ConsoleContext): Promise<Response> {
  const { services, view } = context.var;
  const version = /^\d{1,9}$/.test(view.query["version"] ?? "") ? Number(view.query["version"]) : undefined;
  const found = await versionOf(services, context.req.param("key") ?? "", version);
  const language = languageOf(context, view.query["in"]);
  return frameOf(
    context,
    letterOf(await previewContent(services, found.content, await shownTo(services, view.query), language)),
  );
}

async function newContent(context: ConsoleContext): Promise<Response> {
  const { view } = context.var;
  const design = LIBRARY.find(({ key }) => key === view.query["design"]);
  const draft = design ? draftOfDesign(design) : emptyDraft(view.query["channel"]);
  const preview = design && `/admin/contents/library/${design.key}/frame?language=${view.language}`;
  return formPage(context, draft, { isKnown: false, ...(preview !== undefined && { preview }) });
}

async function edit(context: ConsoleContext): Promise<Response> {
  const { content } = await versionOf(context.var.services, context.req.param("key") ?? "");
  const preview = `/admin/contents/${content.key}/frame?in=${context.var.view.language}`;
  return formPage(context, draftOfContent(content), { isKnown: true, preview });
}

interface Said {
  readonly isKnown: boolean;
  readonly problems?: readonly FieldError[];
  readonly findings?: readonly Finding[];
  /** Where the preview begins; with a word that says how to see one where it is left out. */
  readonly preview?: string;
}

async function formPage(context: ConsoleContext, draft: ContentDraft, said: Said): Promise<Response> {
  const { view } = context.var;
  const { isKnown, problems = [], findings = null, preview = "/admin/contents/draft" } = said;
  const shown = { draft, isKnown, problems, findings, preview };
  return framed(context, <ContentFormPage view={view} {...shown} />);
}

async function written(context: ConsoleContext): Promise<Response> {
  const { services } = context.var;
  const form = await formOf(context, MAX_FORM);
  const draft = readContentDraft(form);
  const isKnown = (await listContents(services.env.DB)).some(({ key }) => key === draft.key);
  try {
    const input = inputOf(draft);
    if (form.get("do") !== "publish") {
      const content = await compiled(context, input);
      return await formPage(context, draft, { isKnown, findings: findingsOf(services, storedContent.parse(content)) });
    }
    const { content } = await publishContent(services, input);
    return context.redirect(`/admin/contents/${content.key}`, 303);
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    return formPage(context, draft, { isKnown, problems: problemsOf(fault) });
  }
}

async function onePage(context: ConsoleContext, tested: string | null): Promise<Response> {
  const { services, view } = context.var;
  const key = context.req.param("key") ?? "";
  const versions = await listVersions(services.env.DB, key);
  const shown = versions.find(({ version }) => String(version) === view.query["version"]) ?? versions[0];
  if (!shown) return nothing(context, view.say("There is no such content.", "Ce contenu n’existe pas."));
  const to = await shownTo(services, view.query);
  const language = languageOf(context, view.query["in"]);
  let preview: Preview | null = null;
  let refusal: string | null = null;
  try {
    preview = await previewContent(services, shown.content, to, language);
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    refusal = fault.detail;
  }
  const findings = findingsOf(services, storedContent.parse(shown.content));
  const scenarios = await listScenarios(services.env.DB);
  await services.tables.read();
  const uses = usesOfContent(shown.content, scenarios, services.terms);
  const people = services.config.ADMIN_EMAILS;
  const isReady = services.briefing.ready.includes(shown.content.channel);
  const content = { shown, versions, findings, uses, preview, refusal, to, language, people, isReady, tested };
  return framed(context, <ContentPage view={view} content={content} />);
}

function notSent(to: string): string {
  return `Rien n’est parti : il faut un contact avec l’adresse ${to} que ce canal puisse joindre, et un contenu qui puisse lui être composé.`;
}

async function test(context: ConsoleContext): Promise<Response> {
  const { services, view } = context.var;
  const form = await formOf(context);
  const { content } = await versionOf(services, context.req.param("key") ?? "");
  const language = languageOf(context, form.get("in"));
  const to = form.get("to") ?? "";
  try {
    const [sent] = await sendTest(services, content, [to], { person: "typical" }, language);
    const isSent = sent?.outcome === "accepted";
    const said = isSent
      ? view.say(`Sent to ${to}.`, `Envoyé à ${to}.`)
      : view.say("It was not taken.", "Il n’a pas été accepté.");
    return onePage(context, said);
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    return onePage(context, view.say(fault.detail, notSent(to)));
  }
}
