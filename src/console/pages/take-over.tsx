import type { Homeless, Publishing } from "../publishing";
import { numberText, type View } from "../view";
import { blockSentence } from "../words/blocks";
import { Pill } from "./parts";

interface ChoiceProps {
  readonly name: string;
  readonly value: string;
  readonly isChosen: boolean;
  readonly text: string;
  readonly about: string;
}

/** So many contacts. */
export function contactsText(view: View, count: number): string {
  const number = numberText(view, count);
  // French says "zéro contact" in the singular.
  return view.say(
    count === 1 ? "1 contact" : `${number} contacts`,
    count < 2 ? `${number} contact` : `${number} contacts`,
  );
}

/** One of several answers, with what it means. */
export function Choice({ name, value, isChosen, text, about }: ChoiceProps) {
  const id = `${name}-${value}`;
  return (
    <div class="choice">
      <input type="radio" id={id} name={name} value={value} checked={isChosen} aria-describedby={`${id}-about`} />
      <label for={id}>{text}</label>
      <p id={`${id}-about`} class="soft small">
        {about}
      </p>
    </div>
  );
}

/** Who waits where, and where the draft would take them on. */
export function Positions({
  view,
  publishing: { positions, scenario, nodeOf, choice },
}: {
  view: View;
  publishing: Publishing;
}) {
  const { say } = view;
  const names = {
    count: say("Contacts", "Contacts"),
    next: say("If taken over", "En cas de reprise"),
  };
  const lost = choice.unmatched === "exit" ? say("leave", "sortent") : say("stay in theirs", "restent dans la leur");
  return (
    <table class="sources positions">
      <thead>
        <tr>
          <th scope="col">{say("They wait at", "Ils attendent à")}</th>
          <th scope="col">{names.count}</th>
          <th scope="col">{names.next}</th>
        </tr>
      </thead>
      <tbody>
        {positions.map(({ version, block, runs, inDraft }) => {
          const node = nodeOf(version, block);
          const next = inDraft === null ? undefined : scenario.definition.blocks[inDraft];
          return (
            <tr>
              <th scope="row">
                <span>{node ? blockSentence(node, view) : say("A block that is gone.", "Un bloc disparu.")}</span>{" "}
                <code class="soft">{`${block} · v${version}`}</code>
              </th>
              <td data-name={names.count} class="number">
                {numberText(view, runs)}
              </td>
              <td data-name={names.next}>
                {next ? (
                  <p>
                    {blockSentence(next, view)} <code class="soft">{inDraft}</code>
                  </p>
                ) : (
                  <Pill tone="wait">{lost}</Pill>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** A choice for each block that the draft has no like of, and one for whoever is left. */
export function HomelessFields({
  view,
  publishing: { homeless, choice, scenario },
}: {
  view: View;
  publishing: Publishing;
}) {
  const { say } = view;
  return (
    <>
      <h3>{say("Blocks that the draft does not have", "Blocs absents du brouillon")}</h3>
      {homeless.map((one) => (
        <HomelessField
          view={view}
          one={one}
          chosen={choice.blocks[one.block] ?? ""}
          blocks={scenario.definition.blocks}
        />
      ))}
      <fieldset class="choices">
        <legend class="hidden">{say("Whoever has no block", "Ceux qui n’ont pas de bloc")}</legend>
        <Choice
          name="unmatched"
          value="stay"
          isChosen={choice.unmatched === "stay"}
          text={say("Whoever has no block stays", "Qui n’a pas de bloc reste")}
          about={say("They go on in their own version to its end.", "Ils suivent leur version jusqu’au bout.")}
        />
        <Choice
          name="unmatched"
          value="exit"
          isChosen={choice.unmatched === "exit"}
          text={say("Whoever has no block leaves", "Qui n’a pas de bloc sort")}
          about={say(
            "Their run ends, with that reason, and nothing more is sent.",
            "Leur parcours prend fin, pour cette raison, et plus rien n’est envoyé.",
          )}
        />
      </fieldset>
    </>
  );
}

interface HomelessProps {
  readonly view: View;
  readonly one: Homeless;
  readonly chosen: string;
  readonly blocks: Publishing["scenario"]["definition"]["blocks"];
}

function HomelessField({ view, one: { block, node, runs, options }, chosen, blocks }: HomelessProps) {
  const { say } = view;
  const sentence = node ? blockSentence(node, view) : "";
  const count = contactsText(view, runs);
  if (options.length === 0) {
    return (
      <p>
        <code>{block}</code>
        {`, ${count}. ${sentence} `}
        <span class="soft">
          {say("The draft has no block of this kind.", "Le brouillon n’a pas de bloc de ce type.")}
        </span>
      </p>
    );
  }
  const id = `to-${block}`;
  return (
    <div class="field">
      <label for={id}>
        <code>{block}</code>
        {`, ${count}. ${sentence} ${say("They go on at", "Suite à")}`}
      </label>
      <select id={id} name={`to.${block}`}>
        <option value="">{say("– no block –", "– aucun bloc –")}</option>
        {options.map((name) => (
          <option value={name} selected={name === chosen}>
            {`${name}${view.language === "fr" ? " : " : ": "}${blocks[name] ? blockSentence(blocks[name], view) : ""}`}
          </option>
        ))}
      </select>
    </div>
  );
}
