import { changeSegment, createSegment, segmentOf } from "../admin/segment-actions";
import type { FieldError } from "../shared/fault";
import { Fault } from "../shared/fault";
import { SCRIPT_PATH } from "./client-routes";
import { SegmentFormPage } from "./pages/segment-form";
import type { ConsoleApp, ConsoleContext } from "./request";
import { formOf, pageOf } from "./request";
import { ruleOf } from "./rule/draft";
import type { EditedDraft, SegmentDraft } from "./segment-draft";
import { draftOfSegment, editedDraft, newDraft, readDraft, sameOr } from "./segment-draft";
import { namedTerms } from "./segment-names";
import { checkDraft, previewDraft, suggestionsFor } from "./segment-preview";
import { startOf } from "./segment-starts";

/** A rule of fifty conditions with long lists. */
const MAX_FORM = 512 * 1_024;

/** Making and changing segments. Every button of the form comes here; without a script each is a page of its own. */
export function addSegmentForm(app: ConsoleApp): void {
  app.get("/admin/segments/new", async (context) => {
    const { view } = context.var;
    const start = startOf(view);
    const draft = view.query["kind"] === "exclusive" ? newDraft(false) : newDraft(true, start?.rule, start?.name);
    return formPage(context, null, { draft, focus: null }, "drawn");
  });
  app.post("/admin/segments/new", (context) => written(context, null));
  app.get("/admin/segments/:key/edit", async (context) => {
    const { key, name, definition } = await segmentOf(context.var.services, context.req.param("key"));
    return formPage(context, key, { draft: draftOfSegment(key, name, definition), focus: null }, "drawn");
  });
  app.post("/admin/segments/:key/edit", (context) => written(context, context.req.param("key")));
}

/** One press of a button, or one pause while somebody types. `key`: the segment that is changed, null for a new one. */
async function written(context: ConsoleContext, key: string | null): Promise<Response> {
  const { services } = context.var;
  const form = await formOf(context, MAX_FORM);
  await services.tables.read();
  const draft = readDraft(form, services.terms);
  const pressed = form.get("do") ?? "redraw";
  if (pressed !== "save") {
    if (pressed === "preview") return formPage(context, key, { draft, focus: null }, "counted");
    return formPage(context, key, editedDraft(draft, pressed, form, services.terms), "drawn");
  }
  const errors = await save(context, key, draft);
  if (typeof errors !== "string") return formPage(context, key, { draft, focus: null }, errors);
  return context.redirect(`/admin/segments/${errors}`, 303);
}

/** Stores a draft and tells its key, or what is wrong with it. */
async function save(
  context: ConsoleContext,
  key: string | null,
  draft: SegmentDraft,
): Promise<string | readonly FieldError[]> {
  const { services } = context.var;
  const checked = checkDraft(services, key === null ? draft : { ...draft, key });
  if ("errors" in checked) return checked.errors;
  const behind = (work: Promise<unknown>): void => context.executionCtx.waitUntil(work.catch(() => undefined));
  const { name, definition } = checked;
  try {
    if (key === null) await createSegment(services, { key: checked.key, name, ...definition }, behind);
    else
      await changeSegment(
        services,
        key,
        (known) => ({ name, definition: sameOr(known.definition, definition) }),
        behind,
      );
    return checked.key;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return error.errors.length > 0 ? error.errors : [{ pointer: "/key", detail: error.message }];
  }
}

/**
 * The form with what it would hold. `why`: the whole form, only what follows from what is typed (nobody is offered
 * values then), or what saving found wrong.
 */
async function formPage(
  context: ConsoleContext,
  key: string | null,
  { draft, focus }: EditedDraft,
  why: "drawn" | "counted" | readonly FieldError[],
): Promise<Response> {
  const { view, services } = context.var;
  await services.tables.read();
  const checked = checkDraft(services, key === null ? draft : { ...draft, key });
  const [preview, suggestions, terms] = await Promise.all([
    previewDraft(services, draft),
    why === "counted" ? {} : suggestionsFor(services, view),
    namedTerms(
      services,
      draft.parts.map(({ rule }) => ruleOf(rule)),
    ),
  ]);
  const isSaving = typeof why !== "string";
  // Names are asked for when somebody saves, not while they still write.
  const ofRules =
    "errors" in checked ? checked.errors.filter(({ pointer }) => /(^|\/)rule(\/|$)|^\/segments$/.test(pointer)) : [];
  context.header("Content-Security-Policy", policyWith(new URL(context.req.url)));
  const sheet = { view: { ...view, terms }, terms, faults: isSaving ? why : ofRules, suggestions };
  return pageOf(
    context,
    <SegmentFormPage {...{ sheet, draft, focus, preview, isSaving }} stored={key} />,
    isSaving ? 422 : 200,
  );
}

/** This page alone runs a script: the one file, which may ask this very address and nothing else. */
function policyWith({ origin, pathname }: URL): string {
  return (
    `default-src 'none'; script-src ${origin}${SCRIPT_PATH}; connect-src ${origin}${pathname}; style-src 'self'; ` +
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
  );
}
