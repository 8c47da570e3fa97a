import * as z from "zod";
import { zoneOf } from "../../segments/zone";
import { durationInWords, durationMs, laterBy } from "../../shared/duration";
import { block } from "../block";
import { durationInput } from "../definition";

const params = z.strictObject({ duration: durationInput });

export const waitFor = block({
  category: "wait",
  title: { en: "Wait", fr: "Attendre" },
  icon: "⏱",
  params,
  outputs: ["next"],
  example: { duration: "PT4H" },
  describe({ duration }, language) {
    const time = durationInWords(durationMs(duration), language);
    return language === "fr" ? `Attend ${time}.` : `Waits ${time}.`;
  },
  // A wait of no time holds no loop up.
  traits: ({ duration }) => ({ waits: durationMs(duration) > 0 }),
  // Days are days of the contact's calendar, hours are hours.
  enter: ({ duration }, { at, facts }) => ({ do: "wait", until: laterBy(at, duration, zoneOf(facts)) }),
  due: () => ({ do: "go", output: "next" }),
});
