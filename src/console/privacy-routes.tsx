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
import { cutPage } from "./paging";
import type { ConsoleApp, ConsoleContext } from "./request";
import { act, pageOf } from "./request";

const HERE = "/admin/privacy";
const ON_PAGE = 50;
const PLACE = /^([01])~(\d{1,15})~(.{1,80})$/;

/** What people ask for under data protection law, and what is done about it. */
export function addPrivacy(app: ConsoleApp): void {
  app.get(HERE, requests);
  app.get("/admin/privacy/:id/file", file);
  act(app, "/admin/privacy/:id/confirm", HERE, ({ var: { services }, executionCtx, req }) =>
    confirmRequest(services, req.param("id") ?? "", executionCtx),
  );
  act(app, "/admin/privacy/:id/done", HERE, ({ var: { services }, req }) =>
    answerRequest(services, req.param("id") ?? ""),
  );
  act(app, "/admin/privacy/:id/deleted/:channel", HERE, ({ var: { services }, req }) =>
    noteDeletion(services, req.param("id") ?? "", req.param("channel") ?? ""),
  );
  act(app, "/admin/contacts/:id/access", HERE, ({ var: { services, view }, executionCtx, req }) => {
    const contact = req.param("id") ?? "";
    // Pressed twice on one day, it is one request.
    const id = derivedId("prv", "access", contact, new Date(view.now).toISOString().slice(0, 10));
    return noteRequest(services, id, "access", contact, executionCtx);
  });
  act(app, "/admin/contacts/:id/erase", HERE, ({ var: { services }, executionCtx, req }) =>
    eraseContact(services, req.param("id") ?? "", executionCtx),
  );
}

async function requests(context: ConsoleContext): Promise<Response> {
  const { view, services } = context.var;
  const { DB } = services.env;
  const [, done, dueAt, id] = PLACE.exec(view.query["after"] ?? "") ?? [];
  const after = id === undefined ? null : { done: Number(done), dueAt: Number(dueAt), id };
  const rows = await listRequests(DB, after, ON_PAGE + 1);
  const { shown, next } = cutPage(rows, ON_PAGE, ({ doneAt, dueAt: due, id: last }) => ({
    after: `${doneAt === null ? 0 : 1}~${due}~${last}`,
  }));
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
