import {
  answerRequest,
  confirmRequest,
  eraseContact,
  noteDeletion,
  noteRequest,
  requestOf,
} from "../admin/privacy-actions";
import { exportOf } from "../admin/privacy-routes";
import { deletionsOf, listRequests } from "../admin/privacy-store";
import { contactId, derivedId } from "../shared/ids";
import { PrivacyPage } from "./pages/privacy";
import type { ConsoleApp, ConsoleContext } from "./request";
import { formOf, pageOf } from "./request";

const ON_PAGE = 50;
const PLACE = /^([01])~(\d{1,15})~(.{1,80})$/;

/** What people ask for under data protection law, and what is done about it. */
export function addPrivacy(app: ConsoleApp): void {
  app.get("/admin/privacy", requests);
  app.get("/admin/privacy/:id/file", file);
  act(app, "/admin/privacy/:id/confirm", ({ var: { services }, executionCtx, req }) =>
    confirmRequest(services, req.param("id") ?? "", executionCtx),
  );
  act(app, "/admin/privacy/:id/done", ({ var: { services }, req }) => answerRequest(services, req.param("id") ?? ""));
  act(app, "/admin/privacy/:id/deleted/:channel", ({ var: { services }, req }) =>
    noteDeletion(services, req.param("id") ?? "", req.param("channel") ?? ""),
  );
  act(app, "/admin/contacts/:id/access", ({ var: { services, view }, executionCtx, req }) => {
    const contact = req.param("id") ?? "";
    // Pressed twice on one day, it is one request.
    const id = derivedId("prv", "access", contact, new Date(view.now).toISOString().slice(0, 10));
    return noteRequest(services, id, "access", contact, executionCtx);
  });
  act(app, "/admin/contacts/:id/erase", async ({ var: { services }, executionCtx, req }) => {
    await eraseContact(services, req.param("id") ?? "", executionCtx);
  });
}

function act(app: ConsoleApp, path: string, run: (context: ConsoleContext) => Promise<void>): void {
  app.post(path, async (context) => {
    await formOf(context);
    await run(context);
    return context.redirect("/admin/privacy", 303);
  });
}

async function requests(context: ConsoleContext): Promise<Response> {
  const { view, services } = context.var;
  const { DB } = services.env;
  const [, done, dueAt, id] = PLACE.exec(view.query["after"] ?? "") ?? [];
  const after = id === undefined ? null : { done: Number(done), dueAt: Number(dueAt), id };
  const rows = await listRequests(DB, after, ON_PAGE + 1);
  const shown = rows.slice(0, ON_PAGE);
  const last = rows.length > ON_PAGE ? shown.at(-1) : undefined;
  const next = last ? { after: `${last.doneAt === null ? 0 : 1}~${last.dueAt}~${last.id}` } : null;
  const deletions = await deletionsOf(
    DB,
    shown.map((row) => row.id),
  );
  return pageOf(context, <PrivacyPage view={view} rows={shown} deletions={deletions} next={next} />);
}

/** Everything of the person who asked, as a file to hand over. */
async function file(context: ConsoleContext): Promise<Response> {
  const { services } = context.var;
  const { contact } = await requestOf(services, context.req.param("id") ?? "");
  const name = `${contactId(contact)}.json`;
  return context.json(await exportOf(services, contactId(contact)), 200, {
    "Content-Disposition": `attachment; filename="${name}"`,
  });
}
