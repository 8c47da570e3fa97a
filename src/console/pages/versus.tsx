import type { Contender, Contest } from "../../admin/versus-actions";
import { numberText, timeText, type View } from "../view";
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
      <div class="field choice-more">
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
  readonly contest: Contest;
}

/** Two versions side by side in figures, each with the button that keeps it; of a test that is over, which was kept and when. */
export function VersusCard({ view, scenario: { id }, contest: { since, ended, sides } }: Props) {
  const { say } = view;
  const percent = new Intl.NumberFormat(view.language, { style: "percent", maximumFractionDigits: 1 });
  const names = {
    share: say("Share", "Part"),
    entered: say("Entered", "Entrées"),
    sent: say("Messages sent", "Messages envoyés"),
    goals: say("Goals reached", "Objectifs atteints"),
    keep: say("Decision", "Décision"),
  };
  const title = ended
    ? say("The last test of two versions", "Le dernier test de deux versions")
    : say("Two versions side by side", "Deux versions côte à côte");
  return (
    <Card id="versus" title={title} {...(ended && { about: endedText(view, since, ended) })}>
      <div class="card-body">
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
                  <span class="soft">{roleText(view, role, ended !== null)}</span>
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
                  {ended ? (
                    version === ended.kept && say("Kept", "Gardée")
                  ) : (
                    <KeepButton view={view} id={id} version={version} />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function roleText({ say }: View, role: Contender["role"], isOver: boolean): string {
  if (role === "challenger") return say("test", "en test");
  return isOver ? say("live before", "en service avant") : say("live", "en service");
}

function KeepButton({ view, id, version }: { view: View; id: string; version: number }) {
  return (
    <form method="post" action={`/admin/scenarios/${encodeURIComponent(id)}/keep`}>
      <FormToken view={view} />
      <input type="hidden" name="version" value={String(version)} />
      <button type="submit">{view.say(`Keep version ${version}`, `Garder la version ${version}`)}</button>
    </form>
  );
}

/** Which was kept, and of whom the figures are. */
function endedText(view: View, since: number, { at, kept }: NonNullable<Contest["ended"]>): string {
  const [from, to] = [timeText(view, since), timeText(view, at)];
  return view.say(
    `Version ${kept} was kept. The figures are of who came in from ${from} to ${to}, with what became of them since.`,
    `La version ${kept} a été gardée. Les chiffres portent sur les entrées du ${from} au ${to}, et sur leur suite.`,
  );
}
