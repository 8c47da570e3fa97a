import type { BlockChange, Publishing } from "../publishing";
import { numberText, type View } from "../view";
import { blockSentence } from "../words/blocks";
import { label } from "../words/labels";
import { CHANGES } from "../words/scenarios";
import { Findings } from "./findings";
import { FormToken } from "./form";
import { Page } from "./layout";
import { Card, Pill } from "./parts";
import { Choice, contactsText, HomelessFields, Positions } from "./take-over";
import { BesideChoice } from "./versus";

interface Props {
  readonly view: View;
  readonly name: string;
  readonly publishing: Publishing;
  /** Why it was not published. */
  readonly problem: string | null;
}

/** What publishing the draft means, before it is done: what changes, who is on the way, and what becomes of them. */
export function PublishPage({ view, name, publishing, problem }: Props) {
  const { say } = view;
  const { scenario, findings, positions } = publishing;
  const { draftVersion, liveVersion } = scenario;
  const path = `/admin/scenarios/${encodeURIComponent(scenario.id)}`;
  const title = say(`Publish version ${draftVersion}`, `Publier la version ${draftVersion}`);
  return (
    <Page view={view} title={`${title} · ${name}`}>
      <div class="head">
        <div>
          <p class="crumb">
            <a href={path}>{name}</a>
          </p>
          <h1>{title}</h1>
          <p>
            {say(
              `Version ${liveVersion ?? "–"} runs now. Whoever comes in after this goes the way of version ${draftVersion}.`,
              `La version ${liveVersion ?? "–"} est en service. Qui entrera ensuite suivra la version ${draftVersion}.`,
            )}
          </p>
        </div>
      </div>
      {problem !== null && (
        <p class="note note-bad" role="alert">
          {problem}
        </p>
      )}
      <Findings view={view} findings={findings} base={`${path}?version=${draftVersion}`} />
      <form method="post" action={`${path}/publish`} class="stack">
        <FormToken view={view} />
        <input type="hidden" name="version" value={String(draftVersion)} />
        <ChangesCard view={view} changes={publishing.changes} />
        {positions.length > 0 ? (
          <OnTheWay view={view} publishing={publishing} />
        ) : (
          <Nobody view={view} publishing={publishing} />
        )}
        <Buttons view={view} publishing={publishing} />
      </form>
    </Page>
  );
}

function Buttons({ view, publishing: { scenario, findings, positions } }: { view: View; publishing: Publishing }) {
  const { say } = view;
  const { state, draftVersion } = scenario;
  const isBarred = findings.some(({ level }) => level === "error");
  const publish =
    state === "paused"
      ? say(`Publish version ${draftVersion} and resume`, `Publier la version ${draftVersion} et reprendre`)
      : say(`Publish version ${draftVersion}`, `Publier la version ${draftVersion}`);
  return (
    <div class="actions">
      <button type="submit" class="button-main" disabled={isBarred}>
        {publish}
      </button>
      {positions.length > 0 && (
        <button type="submit" name="look" value="1">
          {say("Count again with these choices", "Recompter avec ces choix")}
        </button>
      )}
      {isBarred && <p class="soft">{say("Mend the draft first.", "Corrigez d’abord le brouillon.")}</p>}
    </div>
  );
}

function ChangesCard({ view, changes }: { view: View; changes: readonly BlockChange[] }) {
  const { say, language } = view;
  const none = say(
    "Every block is as it was: the rules around them may have changed.",
    "Les blocs sont inchangés : les règles autour d’eux ont pu changer.",
  );
  return (
    <Card id="changes" title={say("What changes", "Ce qui change")}>
      {changes.length === 0 ? (
        <p class="card-body soft">{none}</p>
      ) : (
        <ul class="card-body changes">
          {changes.map(({ block, change, node }) => (
            <li>
              <Pill tone={CHANGES[change].tone}>{label(CHANGES, change, language)}</Pill>
              <span>
                {blockSentence(node, view)} <code class="soft">{block}</code>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Nobody({ view, publishing }: { view: View; publishing: Publishing }) {
  const { say } = view;
  const { runs, share } = publishing.choice;
  return (
    <Card id="runs" title={say("Who is on the way", "Qui est en chemin")}>
      <fieldset class="choices card-body">
        <legend class="hidden">{say("Who meets the new version", "Qui suit la nouvelle version")}</legend>
        <Choice
          name="runs"
          value="keep"
          isChosen={runs !== "beside"}
          text={say("Every new entry", "Toutes les nouvelles entrées")}
          about={say("Nobody is on the way.", "Personne n’est en chemin.")}
        />
        <BesideChoice view={view} isChosen={runs === "beside"} share={share} />
      </fieldset>
    </Card>
  );
}

/** How many of those on the way the draft would take over, and how many not. */
function countsOf({ positions }: Publishing): { readonly moving: number; readonly left: number } {
  const sum = (isMeant: (inDraft: string | null) => boolean): number =>
    positions.reduce((count, { runs, inDraft }) => count + (isMeant(inDraft) ? runs : 0), 0);
  return { moving: sum((inDraft) => inDraft !== null), left: sum((inDraft) => inDraft === null) };
}

function OnTheWay({ view, publishing }: { view: View; publishing: Publishing }) {
  const { say } = view;
  const { runs, share } = publishing.choice;
  const { moving, left } = countsOf(publishing);
  const all = numberText(view, moving + left);
  return (
    <Card id="runs" title={say(`Who is on the way: ${all}`, `Qui est en chemin : ${all}`)}>
      <div class="card-body stack">
        <fieldset class="choices">
          <legend class="hidden">{say("What becomes of them", "Que deviennent-ils")}</legend>
          <Choice
            name="runs"
            value="keep"
            isChosen={runs === "keep"}
            text={say("New entries only", "Nouvelles entrées seulement")}
            about={say(
              "Everybody on the way goes on in the version that they came in with.",
              "Chacun continue dans la version où il est entré.",
            )}
          />
          <Choice
            name="runs"
            value="migrate"
            isChosen={runs === "migrate"}
            text={say("Take over those on the way", "Reprendre ceux qui sont en chemin")}
            about={takeOverText(view, publishing)}
          />
          <BesideChoice view={view} isChosen={runs === "beside"} share={share} />
        </fieldset>
        <Positions view={view} publishing={publishing} />
        {publishing.homeless.length > 0 && (
          <div class="if-migrate stack">
            <HomelessFields view={view} publishing={publishing} />
          </div>
        )}
      </div>
    </Card>
  );
}

function takeOverText(view: View, publishing: Publishing): string {
  const { say } = view;
  const { moving, left } = countsOf(publishing);
  const people = (count: number): string => contactsText(view, count);
  const goOn = say(
    `In the new version, at the same block and with the same wait: ${people(moving)}.`,
    `Dans la nouvelle version, au même bloc et avec la même attente : ${people(moving)}.`,
  );
  if (left === 0) return goOn;
  const others =
    publishing.choice.unmatched === "exit"
      ? say(`Out of the scenario: ${people(left)}.`, `Sortie du scénario : ${people(left)}.`)
      : say(`In their own version to its end: ${people(left)}.`, `Dans leur version jusqu’au bout : ${people(left)}.`);
  return `${goOn} ${others}`;
}
