import * as z from "zod";
import { durationInWords, durationMs } from "../../shared/duration";
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
  enter: ({ duration }, { at }) => ({ do: "wait", until: at + durationMs(duration) }),
  due: () => ({ do: "go", output: "next" }),
});
