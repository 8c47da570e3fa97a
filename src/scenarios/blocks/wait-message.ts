import * as z from "zod";
import { zoneOf } from "../../segments/zone";
import { durationInWords, durationMs, laterBy } from "../../shared/duration";
import type { BlockContext, Step } from "../block";
import { block } from "../block";
import { durationInput } from "../definition";
import { settlesAt } from "../signal";
import type { Signals } from "../state";

const params = z.strictObject({
  /** The block that sent the message. */
  block: z.string(),
  /**
   * `engaged`: opened or clicked by a person; `opened` means the same. Where opens are not consented to, whoever clicks,
   * comes to the shop or buys has opened.
   */
  on: z.enum(["opened", "clicked", "engaged"]),
  timeout: durationInput,
});

type Params = z.output<typeof params>;

/** When it is settled that the message was answered as is wanted, epoch ms; null where it was not. A visit is a person's. */
function answeredAt(wanted: Params["on"], { opened, clicked, visited }: Signals = {}): number | null {
  if (wanted !== "clicked" && visited !== undefined) return visited;
  const signals = [clicked, wanted === "clicked" ? undefined : opened].filter((at) => at !== undefined);
  return signals.length === 0 ? null : settlesAt(Math.min(...signals));
}

function look({ block: sender, on }: Params, { run, at }: BlockContext): Step | null {
  const send = run.sends[sender];
  const answer = send === undefined ? null : answeredAt(on, run.signals[send]);
  return answer !== null && answer <= at ? { do: "go", output: "yes" } : null;
}

/** Whoever answered at the last moment has answered: the wait goes on until it is settled that it was a person. */
function runOut({ block: sender, on }: Params, { run, at }: BlockContext): Step {
  const answer = answeredAt(on, run.signals[run.sends[sender] ?? ""]);
  return answer !== null && answer > at ? { do: "wait", until: answer } : { do: "go", output: "timeout" };
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
  traits: ({ block: sender, on, timeout }) => ({
    waits: durationMs(timeout) > 0,
    refersTo: [sender],
    atOnce: ["yes"],
    hearsVisits: on !== "clicked",
  }),
  enter: (parameters, context) =>
    look(parameters, context) ?? {
      do: "wait",
      until: laterBy(context.at, parameters.timeout, zoneOf(context.facts)),
    },
  hear: (parameters, context) => look(parameters, context),
  // What came while the scenario was paused counts.
  due: (parameters, context) => look(parameters, context) ?? runOut(parameters, context),
});
