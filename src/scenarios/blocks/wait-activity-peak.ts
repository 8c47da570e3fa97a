import * as z from "zod";
import { zoneOf } from "../../segments/zone";
import { HOUR } from "../../shared/clock";
import { durationInWords, durationMs, laterBy } from "../../shared/duration";
import { nextOpening, openingInput, timeOfDay } from "../../shared/opening";
import { block } from "../block";
import { durationInput } from "../definition";
import { REACHING } from "../reach";

const params = z.strictObject({
  channel: z.enum(REACHING),
  /** How far away it may be: an hour that comes later is not waited for. */
  within: durationInput.default("P1D").refine((text) => durationMs(text) >= HOUR, "is shorter than an hour"),
  /** The hour of whoever has not shown one of their own yet. */
  usual: timeOfDay.default("10:00"),
});

const NAMES = {
  email: { en: "emails", fr: "les e-mails" },
  sms: { en: "text messages", fr: "les SMS" },
  push: { en: "push messages", fr: "les notifications" },
} as const;

export const waitActivityPeak = block({
  category: "wait",
  title: { en: "Wait for their most active hour", fr: "Attendre son heure la plus active" },
  icon: "◔",
  params,
  outputs: ["next"],
  example: { channel: "email", within: "P1D", usual: "10:00" },
  describe({ channel, within, usual }, language) {
    const [name, time] = [NAMES[channel][language], durationInWords(durationMs(within), language)];
    return language === "fr"
      ? `Attend l’heure à laquelle le contact lit ${name} (${usual} si elle n’est pas connue), dans la limite de ${time}.`
      : `Waits for the hour at which the contact reads ${name} (${usual} where it is not known), if it comes within ${time}.`;
  },
  // It may be that hour already, and then nothing holds a loop up.
  traits: () => ({ waits: false }),
  // Nobody's own hour is learned yet: the usual one of a day by their clock stands for it.
  enter({ within, usual }, { at, facts }) {
    const zone = zoneOf(facts);
    const opening = openingInput.parse({ from: usual, to: anHourLater(usual) });
    const peak = nextOpening(at, opening, zone, () => false);
    if (peak === null || peak <= at || peak > laterBy(at, within, zone)) return { do: "go", output: "next" };
    return { do: "wait", until: peak };
  },
  due: () => ({ do: "go", output: "next" }),
});

/** The hour that begins then is the peak. */
function anHourLater(from: string): string {
  return `${String((Number(from.slice(0, 2)) + 1) % 24).padStart(2, "0")}${from.slice(2)}`;
}
