import { compileInput, readBrand, saveBrand } from "../admin/content-actions";
import { previewContent } from "../admin/content-preview";
import type { Republished } from "../admin/republish-actions";
import { listOutdated, republish } from "../admin/republish-actions";
import type { Brand } from "../sends/brand";
import type { Content } from "../sends/content";
import { LIBRARY } from "../sends/library";
import { Fault } from "../shared/fault";
import type { BrandDraft } from "./brand-draft";
import { brandDraftOf, brandOf, readBrandDraft } from "./brand-draft";
import { draftOfDesign, inputOf } from "./content-draft";
import { FRAMED_POLICY, frameOf, plainFrame } from "./content-frame";
import { BrandPage } from "./pages/brand";
import type { ConsoleApp, ConsoleContext } from "./request";
import { formOf, pageOf } from "./request";
import { brandProblem } from "./words/brand";

/** How letters look: the form, a letter in it, and letters that have another look still. */
export function addBrand(app: ConsoleApp): void {
  app.get("/admin/brand", async (context) => {
    const brand = await readBrand(context.var.services.env.DB);
    return page(context, { draft: brandDraftOf(brand), brand });
  });
  app.post("/admin/brand", written);
  app.get("/admin/brand/letter", async (context) => {
    const { services, view } = context.var;
    const { design, scheme } = view.query;
    return letter(context, await readBrand(services.env.DB), design, scheme);
  });
  app.post("/admin/brand/letter", draftLetter);
  app.post("/admin/brand/republish", again);
  // The page that says what came of it is read again, in another language say, as what it is.
  app.get("/admin/brand/republish", (context) =>
    context.redirect(`/admin/brand${new URL(context.req.url).search}`, 303),
  );
}

interface Said {
  readonly draft: BrandDraft;
  /** What the draft says; null where it cannot be read. */
  readonly brand: Brand | null;
  readonly problems?: readonly string[];
  readonly republished?: Republished;
}

async function page(context: ConsoleContext, said: Said, status: 200 | 400 | 422 = 200): Promise<Response> {
  const { services, view } = context.var;
  const { DB } = services.env;
  const outdated = said.republished?.left ?? (await listOutdated(DB, await readBrand(DB)));
  context.header("Content-Security-Policy", FRAMED_POLICY);
  const { draft, brand, problems = [], republished = null } = said;
  return pageOf(context, <BrandPage view={view} shown={{ draft, brand, problems, outdated, republished }} />, status);
}

async function written(context: ConsoleContext): Promise<Response> {
  const { services, view } = context.var;
  const form = await formOf(context, 16_384);
  const draft = readBrandDraft(form);
  const words = (errors: Fault["errors"]) =>
    errors.map(({ pointer, detail }) => brandProblem(pointer, detail, view.language));
  const read = brandOf(draft);
  if ("problems" in read) return page(context, { draft, brand: null, problems: words(read.problems) }, 400);
  if (form.get("do") === "check") return page(context, { draft, brand: read.brand });
  try {
    await saveBrand(services, read.brand);
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    return page(context, { draft, brand: read.brand, problems: words(fault.errors) }, 422);
  }
  return context.redirect("/admin/brand?done=saved", 303);
}

async function draftLetter(context: ConsoleContext): Promise<Response> {
  const { view } = context.var;
  const form = await formOf(context, 16_384);
  const read = brandOf(readBrandDraft(form));
  if ("problems" in read) {
    const words = read.problems.map(({ pointer, detail }) => brandProblem(pointer, detail, view.language));
    return frameOf(context, plainFrame(words.join(" ")));
  }
  return letter(context, read.brand, form.get("design") ?? undefined, form.get("scheme") ?? undefined);
}

/** By night whatever the reader's own screen is set to. */
function atNight(html: string): string {
  return html
    .replaceAll("@media (prefers-color-scheme:dark)", "@media all")
    .replace(/<html\b/, '<html style="color-scheme:dark"');
}

async function letter(
  context: ConsoleContext,
  brand: Brand,
  key: string | undefined,
  scheme: string | undefined,
): Promise<Response> {
  const { services, view } = context.var;
  const design = LIBRARY.find((one) => one.key === key) ?? LIBRARY[0];
  if (!design) throw new Error("the library is empty");
  const made = await compileInput(inputOf(draftOfDesign(design)), brand);
  const content = { ...made, version: 0 } as Content;
  const { message } = await previewContent(services, content, { person: "typical" }, view.language);
  return frameOf(context, scheme === "night" ? atNight(message.html) : message.html);
}

async function again(context: ConsoleContext): Promise<Response> {
  const { services } = context.var;
  const after = (await formOf(context)).get("after");
  const republished = await republish(services, after === "" ? null : after);
  const brand = await readBrand(services.env.DB);
  return page(context, { draft: brandDraftOf(brand), brand, republished });
}
