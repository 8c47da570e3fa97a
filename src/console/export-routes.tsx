import type { ExportFormat } from "../admin/export/file";
import { exportChoices } from "../admin/export/lists";
import { listExports } from "../admin/export/store";
import { askExport, openExport } from "../admin/export-actions";
import { Fault } from "../shared/fault";
import { derivedId } from "../shared/ids";
import { ExportsPage } from "./pages/exports";
import { cutPage } from "./paging";
import type { ConsoleApp, ConsoleContext } from "./request";
import { formOf, pageOf } from "./request";

const ON_PAGE = 50;
const PLACE = /^(\d{1,15})~(.{1,80})$/;

/** What a form offers, and what it stands for. */
const FORMS: Readonly<Record<string, { readonly format: ExportFormat; readonly bom: boolean }>> = {
  spreadsheet: { format: "csv", bom: true },
  csv: { format: "csv", bom: false },
  ndjson: { format: "ndjson", bom: false },
};

/** Lists and tables as files, and who took them out. */
export function addExports(app: ConsoleApp): void {
  app.get("/admin/exports", page);
  app.post("/admin/exports", ask);
  app.get("/admin/exports/file/:token", file);
}

async function page(context: ConsoleContext): Promise<Response> {
  const { view, services } = context.var;
  const [, createdAt, id] = PLACE.exec(view.query["after"] ?? "") ?? [];
  const after = id === undefined ? null : { createdAt: Number(createdAt), id };
  const [choices, rows] = await Promise.all([
    exportChoices(services),
    listExports(services.env.DB, after, ON_PAGE + 1),
  ]);
  const { shown, next } = cutPage(rows, ON_PAGE, (last) => ({ after: `${last.createdAt}~${last.id}` }));
  return pageOf(context, <ExportsPage view={view} choices={choices} rows={shown} next={next} />);
}

/** Notes the export and leads to its file, which the browser saves while the page stays. */
async function ask(context: ConsoleContext): Promise<Response> {
  const { services } = context.var;
  const form = await formOf(context);
  const how = FORMS[form.get("form") ?? "spreadsheet"];
  if (!how) throw new Fault("invalid-input", "Choose a form of the file.");
  const { format, bom } = how;
  const asked = { name: form.get("name") ?? "", format, options: { bom } };
  const { token } = await askExport(services, keyOf(context), derivedId("exp", crypto.randomUUID()), asked);
  return context.redirect(`/admin/exports/file/${token}`, 303);
}

function file(context: ConsoleContext): Promise<Response> {
  const peek = context.req.raw.method === "HEAD";
  return openExport(context.var.services, keyOf(context), context.req.param("token") ?? "", peek);
}

function keyOf({ var: { visitor } }: ConsoleContext): string {
  if (!visitor) throw new Fault("unauthorized", "Sign in first.");
  return visitor.keyId;
}
