import { changeSettings } from "../services/revision";
import { putTracking, readTracking } from "../tracking/settings-store";
import { TrackingPage } from "./pages/tracking";
import type { ConsoleApp, ConsoleContext } from "./request";
import { formOf, pageOf } from "./request";
import { readTrackingDraft, trackingDraftOf, trackingOfDraft } from "./tracking-draft";
import { trackingProblem } from "./words/tracking";

/** What is measured of messages, and how long a click counts. */
export function addTracking(app: ConsoleApp): void {
  app.get("/admin/tracking", async (context) => {
    const { view, services } = context.var;
    const draft = trackingDraftOf(await readTracking(services.env.DB));
    return pageOf(context, <TrackingPage view={view} draft={draft} problems={[]} />);
  });
  app.post("/admin/tracking", change);
}

/** Keeps what was typed; what does not fit stands with the form, as it was typed. */
async function change(context: ConsoleContext): Promise<Response> {
  const { services, view } = context.var;
  const draft = readTrackingDraft(await formOf(context));
  const read = trackingOfDraft(draft);
  if ("problems" in read) {
    const problems = read.problems.map(({ pointer, detail }) => trackingProblem(pointer, detail, view.language));
    return pageOf(context, <TrackingPage view={view} draft={draft} problems={problems} />, 400);
  }
  await changeSettings(services, [putTracking(services.env.DB, read.settings)]);
  return context.redirect("/admin/tracking?done=saved", 303);
}
