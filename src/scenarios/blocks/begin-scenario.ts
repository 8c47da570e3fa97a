import * as z from "zod";
import { block } from "../block";

const params = z.strictObject({
  /** Id of the other scenario. */
  scenario: z.string().min(1).max(80),
});

export const beginScenario = block({
  category: "action",
  title: { en: "Start another scenario", fr: "Démarrer un autre scénario" },
  icon: "↪",
  params,
  outputs: ["next"],
  example: { scenario: "scn_4q0v7e2m9k1d8f3h5a6c" },
  describe: ({ scenario }, language) =>
    language === "fr"
      ? `Fait entrer le contact dans le scénario « ${scenario} ».`
      : `Lets the contact into the scenario “${scenario}”.`,
  traits: ({ scenario }) => ({ starts: scenario }),
  enter: ({ scenario }, { run }) => ({
    do: "act",
    act: { kind: "begin.scenario", details: { scenario, about: run.about } },
    after: { do: "go", output: "next" },
  }),
});
