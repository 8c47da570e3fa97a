import * as z from "zod";
import { durationInWords, durationMs, parseDuration } from "../../shared/duration";
import { stableFraction } from "../../shared/ids";
import type { Language } from "../../shared/language";
import type { Contest } from "../block";
import { block } from "../block";
import { durationInput } from "../definition";

const arm = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]{0,19}$/, "must be lower-case letters, digits and _"),
  weight: z.number().positive().max(1_000_000),
});

const winnerBy = z
  .strictObject({
    figure: z.enum(["goal", "clicked"]),
    /** Runs of each arm that must be over before their figures are compared. */
    after_entries: z.number().int().min(20).max(1_000_000).optional(),
    /** How long after the version's first run the better arm wins, clearly or not. */
    after: durationInput.refine((text) => parseDuration(text) !== 0, "is no time at all").optional(),
  })
  .refine(({ after_entries: entries, after }) => entries !== undefined || after !== undefined, {
    message: "says neither after how many entries nor after what time",
  });

const params = z.strictObject({
  arms: z
    .array(arm)
    .min(2)
    .max(10)
    .refine((arms) => new Set(arms.map(({ name }) => name)).size === arms.length, "has two arms of one name"),
  /** The arm that won: whoever comes from now on goes that way. */
  winner: z.string().optional(),
  /** How the arm that wins is found, where nobody names it. */
  winner_by: winnerBy.optional(),
});

const checked = params.refine(({ arms, winner }) => winner === undefined || arms.some(({ name }) => name === winner), {
  path: ["winner"],
  message: "names no arm",
});

type Params = z.output<typeof params>;

/** The arm at a place from 0 to 1 of all weights. */
function armAt({ arms }: Params, place: number): string {
  const whole = arms.reduce((sum, { weight }) => sum + weight, 0);
  let upTo = 0;
  for (const { name, weight } of arms) {
    upTo += weight / whole;
    if (place < upTo) return name;
  }
  return arms.at(-1)?.name ?? "";
}

function shareText({ name, weight }: Params["arms"][number], arms: Params["arms"], language: Language): string {
  const whole = arms.reduce((sum, arm) => sum + arm.weight, 0);
  const percent = Math.round((weight / whole) * 1_000) / 10;
  return language === "fr" ? `« ${name} » ${String(percent).replace(".", ",")} %` : `“${name}” ${percent}%`;
}

function wonText(name: string, winner: string, language: Language): string {
  if (language === "fr") return name === winner ? `« ${name} », la gagnante` : `« ${name} », écartée`;
  return name === winner ? `“${name}”, which won` : `“${name}”, which lost`;
}

function contestOf({ arms, winner, winner_by: by }: Params): Contest | undefined {
  if (!by || winner !== undefined) return undefined;
  return {
    arms: arms.map(({ name }) => name),
    figure: by.figure,
    leastRuns: by.after_entries ?? null,
    afterMs: by.after === undefined ? null : durationMs(by.after),
  };
}

const FIGURES = {
  goal: { en: "reach the goal more often", fr: "atteignent plus souvent l’objectif" },
  clicked: { en: "bring more clicks", fr: "suscitent plus de clics" },
} as const;

function contestText(contest: Contest | undefined, language: Language): string {
  if (!contest) return "";
  const { leastRuns: runs, afterMs: after } = contest;
  const figure = FIGURES[contest.figure][language];
  const time = after === null ? "" : durationInWords(after, language);
  if (language === "fr") {
    const whens = [
      runs === null ? "" : `dès que ${runs} parcours terminés par branche le montrent`,
      after === null ? "" : `${runs === null ? "" : "au plus tard "}après ${time}`,
    ];
    return ` ; la branche dont les parcours ${figure} l’emporte ${whens.filter((when) => when !== "").join(", ")}`;
  }
  const whens = [
    runs === null ? "" : `once ${runs} finished runs of each show it`,
    after === null ? "" : `after ${time}${runs === null ? "" : " at the latest"}`,
  ];
  return `; the arm whose runs ${figure} wins ${whens.filter((when) => when !== "").join(", ")}`;
}

export const splitRandom = block({
  category: "filter",
  title: { en: "Split at random", fr: "Répartir au hasard" },
  icon: "⚄",
  params: checked,
  outputs: ({ arms }) => arms.map(({ name }) => name),
  ways: ({ arms, winner }, language) =>
    Object.fromEntries(
      arms.map((arm) => [
        arm.name,
        winner === undefined ? shareText(arm, arms, language) : wonText(arm.name, winner, language),
      ]),
    ),
  example: {
    arms: [
      { name: "a", weight: 50 },
      { name: "b", weight: 50 },
    ],
  },
  describe(parameters, language) {
    const { arms, winner } = parameters;
    if (winner !== undefined) {
      return language === "fr" ? `Envoie tout le monde vers « ${winner} ».` : `Sends everybody to “${winner}”.`;
    }
    const shares = arms.map((arm) => shareText(arm, arms, language));
    const contest = contestText(contestOf(parameters), language);
    return language === "fr"
      ? `Répartit les contacts au hasard : ${shares.join(", ")}${contest}.`
      : `Splits the contacts at random: ${shares.join(", ")}${contest}.`;
  },
  traits(parameters) {
    const contest = contestOf(parameters);
    return contest ? { contest } : {};
  },
  // The same run goes the same way for ever, in the rehearsal as in life.
  enter: (parameters, { run, block: name }) => ({
    do: "go",
    output: parameters.winner ?? armAt(parameters, stableFraction("split", run.id, name)),
  }),
});
