import { replayRejected } from "../admin/rejected-routes";
import { replaySend } from "../admin/send-routes";
import { switchKill } from "../admin/switch-routes";
import { Fault } from "../shared/fault";
import type { ConsoleApp } from "./request";
import { act } from "./request";

/** What the console changes, by the same calls as the admin API. Each leads to the page that shows what came of it. */
export function addActions(app: ConsoleApp): void {
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
