import type { BlockDefinition } from "../block";
import { exit } from "./exit";
import { ifAttribute } from "./if-attribute";
import { ifPlace } from "./if-place";
import { ifSinceStart } from "./if-since-start";
import { ifTargeting } from "./if-targeting";
import { sendBlock } from "./send";
import { sendPreferred } from "./send-preferred";
import { splitRandom } from "./split-random";
import { startCatalogue } from "./start-catalogue";
import { startDate } from "./start-date";
import { startEvent } from "./start-event";
import { startSegment } from "./start-segment";
import { startTargeting } from "./start-targeting";
import { switchChannel } from "./switch-channel";
import { switchSegment } from "./switch-segment";
import { waitEvent } from "./wait-event";
import { waitFor } from "./wait-for";
import { waitMessage } from "./wait-message";
import { waitUntil } from "./wait-until";
import { waitWindow } from "./wait-window";

/** Every block by its type. The one place to add one: validator, console, lint and documentation derive from it. */
export const BLOCKS = {
  "start.event": startEvent,
  "start.catalogue": startCatalogue,
  "start.date": startDate,
  "start.segment": startSegment,
  "start.targeting": startTargeting,
  "if.targeting": ifTargeting,
  "if.attribute": ifAttribute,
  "if.place": ifPlace,
  "if.since_start": ifSinceStart,
  "switch.segment": switchSegment,
  "switch.channel": switchChannel,
  "split.random": splitRandom,
  "wait.for": waitFor,
  "wait.until": waitUntil,
  "wait.window": waitWindow,
  "wait.event": waitEvent,
  "wait.message": waitMessage,
  "send.email": sendBlock("email", "@", { en: "Send an email", fr: "Envoyer un e-mail" }, "cart_1"),
  "send.sms": sendBlock("sms", "✆", { en: "Send a text message", fr: "Envoyer un SMS" }, "cart_3_sms"),
  "send.preferred": sendPreferred,
  exit,
} as const satisfies Record<string, BlockDefinition<unknown>>;

/** The definition of a block type, or undefined when there is none of that name. */
export function blockDefinition(type: string): BlockDefinition<unknown> | undefined {
  return Object.hasOwn(BLOCKS, type) ? BLOCKS[type as keyof typeof BLOCKS] : undefined;
}
