import { activateScenario, pauseScenario } from "../admin/scenario-actions";
import type { ConsoleApp } from "./request";
import { formOf } from "./request";

/** What the console changes: the same calls as the admin API's. Each leads back to the page that it was asked from. */
export function addActions(app: ConsoleApp): void {
  app.post("/admin/scenarios/:id/activate", async (context) => {
    const form = await formOf(context);
    const id = context.req.param("id");
    // The version that was on the page: one that somebody has changed since is not let run unseen.
    const base = Number(form.get("version"));
    await activateScenario(context.var.services, id, Number.isInteger(base) && base > 0 ? base : null);
    return context.redirect(`/admin/scenarios/${encodeURIComponent(id)}?done=activated`, 303);
  });
  app.post("/admin/scenarios/:id/pause", async (context) => {
    await formOf(context);
    const id = context.req.param("id");
    await pauseScenario(context.var.services, id);
    return context.redirect(`/admin/scenarios/${encodeURIComponent(id)}?done=paused`, 303);
  });
}
