import { removeSegment } from "../admin/segment-actions";
import { keepSegments } from "../services/segments/keep";
import { SegmentPage } from "./pages/segment";
import { SegmentsPage } from "./pages/segments";
import type { ConsoleApp, ConsoleContext } from "./request";
import { act, pageOf } from "./request";
import { readFile, readList } from "./segment-file";
import { namedTerms } from "./segment-names";

const PERIODS = [7, 30, 90] as const;

/** Segments: which there are, who is in them, who moved and why. */
export function addSegments(app: ConsoleApp): void {
  app.get("/admin/segments", async (context) => {
    const { view, services } = context.var;
    return pageOf(context, <SegmentsPage view={view} families={await readList(services, view)} />);
  });
  app.get("/admin/segments/:key", one);
  act(app, "/admin/segments/:key/remove", "/admin/segments", async (context) => {
    const { services } = context.var;
    await removeSegment(services, context.req.param("key") ?? "");
    context.executionCtx.waitUntil(keepSegments(services).catch(() => undefined));
  });
}

async function one(context: ConsoleContext): Promise<Response> {
  const { view, services } = context.var;
  const { part = null, after = "", days: wanted, contact = "" } = view.query;
  const days = PERIODS.find((known) => String(known) === wanted) ?? 30;
  const file = await readFile(services, view, context.req.param("key") ?? "", {
    part,
    after: /^\d{1,15}$/.test(after) ? Number(after) : 0,
    days,
    asked: contact.trim() === "" ? null : contact.trim(),
  });
  const named = { ...view, terms: await namedTerms(services, file.family.definition) };
  return pageOf(context, <SegmentPage view={named} file={file} days={days} periods={PERIODS} />);
}
