import { importOrder } from "../admin/import/begin";
import { IMPORT_KINDS } from "../admin/import/kinds";
import { findStoredMapping, listStoredMappings } from "../admin/import/mapping-store";
import { READY_MAPPINGS, readyMapping } from "../admin/import/ready-mappings";
import { findImport, listImports } from "../admin/import/store";
import { takeFile } from "../admin/import/upload";
import { STAR_TABLES } from "../contacts/star";
import { readyTables } from "../contacts/star/custom-store";
import { tableKey } from "../contacts/star/table";
import type { Services } from "../services";
import { Fault } from "../shared/fault";
import { derivedId } from "../shared/ids";
import type { Words } from "../shared/language";
import type { Choice } from "./pages/import-form";
import type { KindNames } from "./pages/imports";
import { ImportPage, ImportsPage } from "./pages/imports";
import { cutPage } from "./paging";
import type { ConsoleApp, ConsoleContext } from "./request";
import { checkForm, nothing, pageOf } from "./request";
import { readUpload } from "./upload";

const ON_PAGE = 20;
const PLACE = /^(\d{1,15})~(imp_\w{1,40})$/;

/** Files of history: a form to send one, and how each stands. */
export function addImports(app: ConsoleApp): void {
  app.get("/admin/imports", imports);
  app.post("/admin/imports", send);
  app.get("/admin/imports/:id", one);
}

async function imports(context: ConsoleContext): Promise<Response> {
  const { view, services } = context.var;
  const [, at, id] = PLACE.exec(view.query["after"] ?? "") ?? [];
  const after = [at === undefined ? Number.MAX_SAFE_INTEGER : Number(at), id ?? ""] as const;
  const [rows, kinds, own] = await Promise.all([
    listImports(services.env.DB, after, ON_PAGE + 1),
    kindsOf(services),
    listStoredMappings(services.env.DB),
  ]);
  const { shown, next } = cutPage(rows, ON_PAGE, (last) => ({ after: `${last.createdAt}~${last.id}` }));
  const choices = {
    ...kinds,
    ready: Object.entries(READY_MAPPINGS).map(([value, { title }]) => ({ value, text: title })),
    own: own.map(({ name }) => ({ value: name, text: { en: name, fr: name } })),
  };
  return pageOf(context, <ImportsPage view={view} names={namesOf(kinds)} choices={choices} rows={shown} next={next} />);
}

interface Kinds {
  readonly kinds: readonly Choice[];
  readonly tables: readonly Choice[];
}

async function kindsOf({ env }: Services): Promise<Kinds> {
  const own = [...(await readyTables(env.DB)).values()];
  const choice = ([value, { title }]: readonly [string, { readonly title: Words }]): Choice => ({ value, text: title });
  return {
    kinds: Object.entries(IMPORT_KINDS).map(choice),
    tables: [...own, ...Object.values(STAR_TABLES)].map((table) => choice([tableKey(table), table])),
  };
}

function namesOf({ kinds, tables }: Kinds): KindNames {
  return new Map([...kinds, ...tables].map(({ value, text }) => [value, text]));
}

async function send(context: ConsoleContext): Promise<Response> {
  const { services } = context.var;
  const { fields, file } = await readUpload(context.req.raw.body, context.req.header("Content-Type") ?? "");
  checkForm(context, fields.get("_token"));
  const field = (name: string): string | undefined => fields.get(name)?.trim() || undefined;
  const mapping = field("mapping");
  const kind = field("kind") ?? (mapping === undefined ? undefined : await kindOfMapping(services, mapping));
  if (kind === undefined) throw new Fault("invalid-input", "Say what the file holds.");
  const day = field("attest_at");
  const wish = { kind, mapping, attest_source: field("attest_source"), attest_at: day && `${day}T00:00:00Z` };
  const id = derivedId("imp", crypto.randomUUID());
  await takeFile(services, await importOrder(services, id, wish), file);
  return context.redirect(`/admin/imports/${id}`, 303);
}

async function kindOfMapping({ env }: Services, name: string): Promise<string | undefined> {
  const definition = readyMapping(name)?.definition ?? (await findStoredMapping(env.DB, name))?.definition;
  return definition?.kind;
}

async function one(context: ConsoleContext): Promise<Response> {
  const { view, services } = context.var;
  const row = await findImport(services.env.DB, context.req.param("id") ?? "");
  if (!row) return nothing(context, view.say("No import has this id.", "Aucun import n’a cet identifiant."));
  const names = namesOf(await kindsOf(services));
  return pageOf(context, <ImportPage view={view} names={names} row={row} />);
}
