import { replayRejected } from "../admin/rejected-routes";
import { activateScenario, pauseScenario } from "../admin/scenario-actions";
import { replaySend } from "../admin/send-routes";
import { switchKill } from "../admin/switch-routes";
import { Fault } from "../shared/fault";
import type { ConsoleApp } from "./request";
import { act, formOf } from "./request";

/** What the console changes, by the same calls as the admin API. Each leads to the page that shows what came of it. */
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
  act(app, "/admin/messages/:id/replay", "/admin/messages", ({ var: { services }, req }) =>
    replaySend(services, req.param("id") ?? ""),
  );
  act(app, "/admin/rejected/:id{[0-9]+}/replay", "/admin/rejected", ({ var: { services }, req }) =>
    replayRejected(services, Number(req.param("id"))),
  );
  act(app, "/admin/kill", "/admin", async ({ var: { services } }, form) => {
    const on = form.get("on");
    if (on !== "yes" && on !== "no") throw new Fault("invalid-input", "Say `on=yes` or `on=no`.");
    await switchKill(services, on === "yes", "all");
  });
}
