import { expect, test } from "vitest";
import { asksToStop } from "../../../src/tracking/stop-word";

test.each([
  "STOP",
  "stop",
  "Stop ",
  "  sToP\n",
  "Arrêt",
  "ARRET",
  "arrêter",
  "stop svp",
  "STOP SMS",
  "Stop, merci !",
  "stop!!!",
  "Unsubscribe",
  "UNSUBSCRIBE please",
  "Désabonnement",
  "arret\u0302",
])("E12 %j asks for no more text messages", (text) => expect(asksToStop(text)).toBe(true));

test.each([
  "",
  "   ",
  "Stop by the shop tomorrow?",
  "Can you cancel my order 12?",
  "merci",
  "START",
  "non-stop party",
  "👍",
])("%j does not", (text) => expect(asksToStop(text)).toBe(false));
