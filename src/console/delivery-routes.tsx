import { filterOf, liftInput } from "../admin/suppression-routes";
import { putBrake, readBrakes } from "../sends/brake-store";
import { CHANNELS } from "../sends/channels";
import { waitingByChannel } from "../sends/store";
import { liftSuppressions } from "../services/lift-suppressions";
import { countSuppressions, listSuppressions } from "../services/suppressions";
import { offerOpenSends } from "../services/sweep";
import { Fault } from "../shared/fault";
import { DeliveryPage } from "./pages/delivery";
import { cutPage } from "./paging";
import type { ConsoleApp, ConsoleContext } from "./request";
import { act, pageOf } from "./request";

const HERE = "/admin/delivery";
const ON_PAGE = 50;
const PLACE = /^(\d{1,15})~([0-9a-f]{1,80})~([a-z_]{1,20})$/;

/** How channels stand with their providers, and who is not written to any more. */
export function addDelivery(app: ConsoleApp): void {
  app.get(HERE, delivery);
  act(app, "/admin/delivery/lift", HERE, ({ var: { services } }, form) => {
    const given = Object.fromEntries([...form].filter(([name]) => name !== "_token"));
    const parsed = liftInput.safeParse(given);
    if (!parsed.success) throw new Fault("invalid-input", "Say which suppressions are to be lifted.");
    return liftSuppressions(services, filterOf(parsed.data), "console");
  });
  act(app, "/admin/delivery/:channel/resume", HERE, async ({ var: { services }, req }) => {
    const channel = req.param("channel") ?? "";
    if (!Object.hasOwn(CHANNELS, channel)) throw new Fault("not-found", "There is no such channel.");
    await putBrake(services.env.DB, channel, null);
    await offerOpenSends(services, services.clock.now());
  });
}

async function delivery(context: ConsoleContext): Promise<Response> {
  const { view, services } = context.var;
  const { DB } = services.env;
  const [, at, hash = "", kind = ""] = PLACE.exec(view.query["after"] ?? "") ?? [];
  const after = at === undefined ? null : { at: Number(at), hash, kind };
  const [brakes, waiting, counts, rows] = await Promise.all([
    readBrakes(DB),
    waitingByChannel(DB),
    countSuppressions(DB),
    listSuppressions(DB, {}, after, ON_PAGE + 1),
  ]);
  const { channel: open } = services.consumer();
  const channels = Object.keys(CHANNELS).map((channel) => {
    const brake = brakes[channel];
    return {
      channel,
      isReady: services.briefing.ready.includes(channel),
      brake: brake && brake.until > view.now ? brake : null,
      waiting: waiting.get(channel) ?? 0,
      callsPerSecond: open(channel)?.callsPerSecond ?? 0,
    };
  });
  const { shown, next } = cutPage(rows, ON_PAGE, (row) => ({ after: `${row.at}~${row.hash}~${row.kind}` }));
  return pageOf(context, <DeliveryPage view={view} channels={channels} counts={counts} rows={shown} next={next} />);
}
