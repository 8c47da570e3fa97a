import * as z from "zod";
import { zoneOf } from "../../segments/zone";
import { durationInWords, durationMs, laterBy } from "../../shared/duration";
import type { BlockContext, Step } from "../block";
import { block } from "../block";
import { durationInput } from "../definition";
import type { Signals } from "../state";

const params = z.strictObject({
  /** The block that sent the message. */
  block: z.string(),
  /** `engaged`: opened or clicked by a person; `opened` means the same where opens are not consented to. */
  on: z.enum(["opened", "clicked", "engaged"]),
  timeout: durationInput,
});

type Params = z.output<typeof params>;

function answered(wanted: Params["on"], signals: Signals | undefined): boolean {
  if (!signals) return false;
  return signals.clicked !== undefined || (wanted !== "clicked" && signals.opened !== undefined);
}

function look({ block: sender, on }: Params, { run }: BlockContext): Step | null {
  const send = run.sends[sender];
  return send !== undefined && answered(on, run.signals[send]) ? { do: "go", output: "yes" } : null;
}

const WORDS = {
  opened: { en: "is opened", fr: "soit ouvert" },
  clicked: { en: "is clicked", fr: "soit cliqué" },
  engaged: { en: "is opened or clicked", fr: "soit ouvert ou cliqué" },
} as const;

export const waitMessage = block({
  category: "wait",
  title: { en: "Wait for a reaction to a message", fr: "Attendre une réaction à un message" },
  icon: "✉",
  params,
  outputs: ["yes", "timeout"],
  example: { block: "e1", on: "engaged", timeout: "P5D" },
  describe({ block: sender, on, timeout }, language) {
    const time = durationInWords(durationMs(timeout), language);
    return language === "fr"
      ? `Attend que le message « ${sender} » ${WORDS[on].fr}, au plus ${time}.`
      : `Waits until the message “${sender}” ${WORDS[on].en}, for at most ${time}.`;
  },
  traits: ({ block: sender, timeout }) => ({ waits: durationMs(timeout) > 0, refersTo: [sender], atOnce: ["yes"] }),
  enter: (parameters, context) =>
    look(parameters, context) ?? {
      do: "wait",
      until: laterBy(context.at, parameters.timeout, zoneOf(context.facts)),
    },
  hear: (parameters, context) => look(parameters, context),
  // What came while the scenario was paused counts.
  due: (parameters, context) => look(parameters, context) ?? { do: "go", output: "timeout" },
});
