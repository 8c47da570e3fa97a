import type { BlockDefinition } from "../block";
import { audienceAdd, audienceRemove } from "./audience";
import { awardPoints } from "./award-points";
import { beginScenario } from "./begin-scenario";
import { emitEvent } from "./emit-event";
import { exit } from "./exit";
import { ifAttribute } from "./if-attribute";
import { ifPlace } from "./if-place";
import { ifPrice, ifStock } from "./if-shelf";
import { ifSinceStart } from "./if-since-start";
import { ifTargeting } from "./if-targeting";
import { issueCoupon } from "./issue-coupon";
import { CHANGES, sendBlock } from "./send";
import { sendPreferred } from "./send-preferred";
import { splitRandom } from "./split-random";
import { startApi, startCalled } from "./start-asked";
import { startCatalogue } from "./start-catalogue";
import { startDate } from "./start-date";
import { startEvent } from "./start-event";
import { startInteraction } from "./start-interaction";
import { startLoyalty } from "./start-loyalty";
import { startSegment } from "./start-segment";
import { startSubscription } from "./start-subscription";
import { startTargeting } from "./start-targeting";
import { subscribe, suppress, unsubscribe } from "./subscription";
import { switchChannel } from "./switch-channel";
import { switchSegment } from "./switch-segment";
import { taskCreate } from "./task-create";
import { updateProfile } from "./update-profile";
import { waitActivityPeak } from "./wait-activity-peak";
import { waitEvent } from "./wait-event";
import { waitFor } from "./wait-for";
import { waitMessage } from "./wait-message";
import { waitStock } from "./wait-stock";
import { waitUntil } from "./wait-until";
import { waitWindow } from "./wait-window";
import { webhook } from "./webhook";

/** Every block by its type. The one place to add one: validator, console, lint and documentation derive from it. */
export const BLOCKS = {
  "start.event": startEvent,
  "start.subscription": startSubscription,
  "start.catalogue": startCatalogue,
  "start.date": startDate,
  "start.segment": startSegment,
  "start.targeting": startTargeting,
  "start.loyalty": startLoyalty,
  "start.interaction": startInteraction,
  "start.api": startApi,
  "start.called": startCalled,
  "if.targeting": ifTargeting,
  "if.attribute": ifAttribute,
  "if.place": ifPlace,
  "if.since_start": ifSinceStart,
  "if.stock": ifStock,
  "if.price": ifPrice,
  "switch.segment": switchSegment,
  "switch.channel": switchChannel,
  "split.random": splitRandom,
  "wait.for": waitFor,
  "wait.until": waitUntil,
  "wait.window": waitWindow,
  "wait.event": waitEvent,
  "wait.message": waitMessage,
  "wait.stock": waitStock,
  "wait.activity_peak": waitActivityPeak,
  "send.email": sendBlock("email", "@", { en: "an email", fr: "un e-mail" }, "cart_1"),
  "send.sms": sendBlock("sms", "✆", { en: "a text message", fr: "un SMS" }, "cart_3_sms"),
  "send.push": sendBlock("push", "◉", { en: "a notification", fr: "une notification" }, "points_push"),
  "send.wallet": sendBlock("wallet", "▭", { en: "the wallet pass", fr: "la carte Wallet" }, "points_card", CHANGES),
  "send.print": sendBlock("print", "✎", { en: "a letter", fr: "un courrier" }, "points_letter"),
  "send.preferred": sendPreferred,
  "issue.coupon": issueCoupon,
  "award.points": awardPoints,
  "update.profile": updateProfile,
  subscribe,
  unsubscribe,
  suppress,
  webhook,
  "emit.event": emitEvent,
  "begin.scenario": beginScenario,
  "audience.add": audienceAdd,
  "audience.remove": audienceRemove,
  "task.create": taskCreate,
  exit,
} as const satisfies Record<string, BlockDefinition<unknown>>;

const byType = new Map<string, BlockDefinition<unknown>>(Object.entries(BLOCKS));

/** The definition of a block type, or undefined when there is none of that name. */
export function blockDefinition(type: string): BlockDefinition<unknown> | undefined {
  return byType.get(type);
}
