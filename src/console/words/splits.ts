import type { Winner } from "../../scenarios/winner";
import { numberText, timeText, type View } from "../view";

const REACHED = {
  goal: { en: "runs that reached the goal", fr: "parcours ayant atteint l’objectif" },
  clicked: { en: "runs with a click", fr: "parcours avec un clic" },
} as const;

/** Which arm of a split won, when, and by what figures. */
export function winnerSentence(winner: Winner, view: View): string {
  const { say, language } = view;
  const { arm, at, figure, cause, counts } = winner;
  const figures = counts.map(({ arm: name, runs, reached }) => {
    const [few, all] = [numberText(view, reached), numberText(view, runs)];
    return say(`“${name}” ${few} of ${all}`, `« ${name} » ${few} sur ${all}`);
  });
  const how =
    cause === "time"
      ? say(" as the time was over", " à la fin du délai")
      : say(", clearly at 95%", ", nettement (seuil de 95 %)");
  const when = timeText(view, at);
  return say(
    `“${arm}” won on ${when}${how}: ${REACHED[figure][language]}: ${figures.join(", ")}.`,
    `« ${arm} » l’a emporté le ${when}${how} : ${REACHED[figure][language]} : ${figures.join(", ")}.`,
  );
}
