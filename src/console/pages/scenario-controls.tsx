import type { ScenarioRow } from "../store";
import { numberText, type View } from "../view";
import { FormToken } from "./form";
import { Card } from "./parts";

/** What pausing, going on and archiving mean; archiving is done here, behind its words. */
export function ControlCard({ view, scenario, running }: { view: View; scenario: ScenarioRow; running: number }) {
  const { say } = view;
  if (scenario.state === "archived") return null;
  const count = numberText(view, running);
  const ending = say(
    `It ends for good, with everybody in it: ${count} on the way in the chosen period. Nothing more of it leaves, messages that wait included.`,
    `Il prend fin définitivement, avec tous ses parcours : ${count} en cours sur la période choisie. Plus rien ne part, messages en attente compris.`,
  );
  return (
    <Card id="controls" title={say("Pause, resume, archive", "Pause, reprise, archivage")}>
      <div class="card-body stack-small">
        <p id="about-pause">
          <strong>{say("Pause: ", "Pause : ")}</strong>
          {say(
            "nobody comes in, and whoever is in it waits where they are. Messages that were put off wait as well; only those already in the queue still leave.",
            "personne n’entre, et les contacts en cours attendent là où ils sont. Les messages reportés attendent aussi ; seuls ceux déjà dans la file partent encore.",
          )}
        </p>
        <p id="about-resume">
          <strong>{say("Resume: ", "Reprise : ")}</strong>
          {say(
            "it goes on in the version that ran; a newer draft stays one until it is published. What fell due meanwhile comes at once, and what was put off is decided anew, unless it is too late for it by then.",
            "il reprend dans la version qui était en service ; un brouillon plus récent le reste jusqu’à sa publication. Ce qui est arrivé à échéance entre-temps suit aussitôt et ce qui était reporté est réexaminé, sauf s’il est trop tard.",
          )}
        </p>
        <details>
          <summary>{say("Archive…", "Archiver…")}</summary>
          <p>{ending}</p>
          <form method="post" action={`/admin/scenarios/${encodeURIComponent(scenario.id)}/archive`}>
            <FormToken view={view} />
            <button type="submit" class="button-stop">
              {say("Archive it now", "Archiver maintenant")}
            </button>
          </form>
        </details>
      </div>
    </Card>
  );
}
