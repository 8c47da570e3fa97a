import type { Contender } from "../../admin/versus-actions";
import { numberText, type View } from "../view";
import { FormToken } from "./form";
import { Card } from "./parts";
import { Choice } from "./take-over";

/** Publishing as a test, with the share of those who come. */
export function BesideChoice({ view, isChosen, share }: { view: View; isChosen: boolean; share: number }) {
  const { say } = view;
  return (
    <>
      <Choice
        name="runs"
        value="beside"
        isChosen={isChosen}
        text={say("As a test beside the live version", "En test à côté de la version en service")}
        about={say(
          "Each contact goes by one of the two, always the same, until you keep one.",
          "Chaque contact suit l’une des deux, toujours la même, jusqu’à ce que vous en gardiez une.",
        )}
      />
      <div class="field">
        <label for="share">
          {say("Share of contacts for the test, in percent", "Part des contacts pour le test, en pourcentage")}
        </label>
        <input id="share" name="share" type="number" min="1" max="99" step="1" value={String(share)} />
      </div>
    </>
  );
}

interface Props {
  readonly view: View;
  readonly scenario: { readonly id: string };
  readonly sides: readonly Contender[];
}

/** Two versions side by side in figures, each with the button that keeps it. */
export function VersusCard({ view, scenario: { id }, sides }: Props) {
  const { say } = view;
  const percent = new Intl.NumberFormat(view.language, { style: "percent", maximumFractionDigits: 1 });
  const names = {
    share: say("Share", "Part"),
    entered: say("Entered", "Entrées"),
    sent: say("Messages sent", "Messages envoyés"),
    goals: say("Goals reached", "Objectifs atteints"),
    keep: say("Decision", "Décision"),
  };
  return (
    <Card id="versus" title={say("Two versions side by side", "Deux versions côte à côte")}>
      <table class="sources positions">
        <thead>
          <tr>
            <th scope="col">{say("Version", "Version")}</th>
            {Object.values(names).map((name) => (
              <th scope="col">{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sides.map(({ version, role, share, entered, sent, goals, goalShare }) => (
            <tr>
              <th scope="row">
                <span>{say(`Version ${version}`, `Version ${version}`)}</span>{" "}
                <span class="soft">{role === "live" ? say("live", "en service") : say("test", "en test")}</span>
              </th>
              <td data-name={names.share} class="number">
                {percent.format(share)}
              </td>
              <td data-name={names.entered} class="number">
                {numberText(view, entered)}
              </td>
              <td data-name={names.sent} class="number">
                {numberText(view, sent)}
              </td>
              <td data-name={names.goals} class="number">
                {numberText(view, goals)}
                {goalShare !== null && ` (${percent.format(goalShare)})`}
              </td>
              <td data-name={names.keep}>
                <form method="post" action={`/admin/scenarios/${encodeURIComponent(id)}/keep`}>
                  <FormToken view={view} />
                  <input type="hidden" name="version" value={String(version)} />
                  <button type="submit">{say(`Keep version ${version}`, `Garder la version ${version}`)}</button>
                </form>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
