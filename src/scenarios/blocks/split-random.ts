import * as z from "zod";
import { stableFraction } from "../../shared/ids";
import { block } from "../block";

const arm = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]{0,19}$/, "must be lower-case letters, digits and _"),
  weight: z.number().positive().max(1_000_000),
});

const params = z.strictObject({
  arms: z
    .array(arm)
    .min(2)
    .max(10)
    .refine((arms) => new Set(arms.map(({ name }) => name)).size === arms.length, "has two arms of one name"),
  /** The arm that won: whoever comes from now on goes that way. */
  winner: z.string().optional(),
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

export const splitRandom = block({
  category: "filter",
  title: { en: "Split at random", fr: "Répartir au hasard" },
  icon: "⚄",
  params: checked,
  outputs: ({ arms }) => arms.map(({ name }) => name),
  example: {
    arms: [
      { name: "a", weight: 50 },
      { name: "b", weight: 50 },
    ],
  },
  describe({ arms, winner }, language) {
    if (winner !== undefined) {
      return language === "fr" ? `Envoie tout le monde vers « ${winner} ».` : `Sends everybody to “${winner}”.`;
    }
    const whole = arms.reduce((sum, { weight }) => sum + weight, 0);
    const shares = arms.map(({ name, weight }) => {
      const percent = Math.round((weight / whole) * 1_000) / 10;
      return language === "fr" ? `« ${name} » ${String(percent).replace(".", ",")} %` : `“${name}” ${percent}%`;
    });
    return language === "fr"
      ? `Répartit les contacts au hasard : ${shares.join(", ")}.`
      : `Splits the contacts at random: ${shares.join(", ")}.`;
  },
  traits: () => ({}),
  // The same run goes the same way for ever, in the rehearsal as in life.
  enter: (parameters, { run, block: name }) => ({
    do: "go",
    output: parameters.winner ?? armAt(parameters, stableFraction("split", run.id, name)),
  }),
});
