import type { Child } from "hono/jsx";
import { formOf } from "../../segments/form";
import { conditionOf } from "../../segments/rule";
import type { DraftNode, Place } from "./draft";
import { childPlace, insideNots } from "./draft";
import { drawControl } from "./kind";
import type { Sheet } from "./sheet";
import { faultsAt, Wrong } from "./sheet";
import { conditionChoices, insideOf } from "./tree";

interface NodeProps {
  readonly sheet: Sheet;
  readonly node: DraftNode;
  readonly place: Place;
  readonly isRoot?: boolean;
}

/** A rule that can be written: groups within groups, and conditions. */
export function RuleTree(props: NodeProps) {
  return props.node.kind === "condition" ? <ConditionCard {...props} /> : <GroupCard {...props} />;
}

/** Whether it is turned round; where it is so more than once, the rest is carried along. */
function Turned({ sheet: { view }, node: { nots }, place }: NodeProps) {
  const kept = nots - (nots % 2);
  return (
    <label class="turned">
      {kept > 0 && <input type="hidden" name={`${place.name}#nots`} value={String(kept)} />}
      <input type="checkbox" name={`${place.name}#not`} value="1" checked={nots % 2 === 1} />{" "}
      {view.say("must not hold", "ne doit pas être vrai")}
    </label>
  );
}

function RemoveNode({ sheet: { view }, place, words }: NodeProps & { words: string }) {
  const name = view.say(`Remove: ${words}`, `Retirer : ${words}`);
  return (
    <button type="submit" class="button-quiet" name="do" value={`remove:${place.name}`} aria-label={name}>
      {view.say("Remove", "Retirer")}
    </button>
  );
}

function GroupCard(props: NodeProps) {
  const { sheet, node, place, isRoot = false } = props;
  if (node.kind === "condition") return null;
  const { say } = sheet.view;
  const own = insideNots(node, place);
  const words = say("group", "groupe");
  return (
    <fieldset class="rule-group">
      <legend class="hidden">{isRoot ? say("The rule", "La règle") : say("A group", "Un groupe")}</legend>
      <div class="rule-head">
        <select
          name={`${place.name}#kind`}
          id={`${place.name}#kind`}
          aria-label={say("What must hold", "Ce qui doit être vrai")}
        >
          <option value="all" selected={node.kind === "all"}>
            {say("All of these hold", "Tout ceci est vrai")}
          </option>
          <option value="any" selected={node.kind === "any"}>
            {say("Any of these holds", "Au moins un de ceux-ci est vrai")}
          </option>
        </select>
        <Turned {...props} />
        {!isRoot && <RemoveNode {...props} words={words} />}
      </div>
      <Wrong sheet={sheet} place={own} own />
      {node.children.length === 0 && (
        <p class="soft small" id={`${place.name}#empty`} data-live="">
          {node.kind === "all"
            ? say("Nothing is asked yet: everybody.", "Rien n’est demandé : tout le monde.")
            : say("Nothing is asked yet: nobody.", "Rien n’est demandé : personne.")}
        </p>
      )}
      <ol class="rule-nodes">
        {node.children.map((child, index) => (
          <li>
            <RuleTree sheet={sheet} node={child} place={childPlace(own, node.kind, index)} />
          </li>
        ))}
      </ol>
      <AddBar sheet={sheet} place={place} />
    </fieldset>
  );
}

function AddBar({ sheet: { view }, place, isAlone = false }: { sheet: Sheet; place: Place; isAlone?: boolean }) {
  const { say } = view;
  return (
    <div class="rule-add">
      <select
        name={`${place.name}#add`}
        id={`${place.name}#add`}
        aria-label={say("Condition to add", "Condition à ajouter")}
      >
        <option value="">{say("Choose a condition…", "Choisissez une condition…")}</option>
        {conditionChoices(view.language).map(({ type, title }) => (
          <option value={type}>{title}</option>
        ))}
      </select>
      <button type="submit" name="do" value={`add:${place.name}`}>
        {say("Add", "Ajouter")}
      </button>
      {!isAlone && (
        <button type="submit" class="button-quiet" name="do" value={`group:${place.name}`}>
          {say("Add a group", "Ajouter un groupe")}
        </button>
      )}
    </div>
  );
}

function ConditionCard(props: NodeProps): Child {
  const { sheet, node, place, isRoot = false } = props;
  const condition = node.kind === "condition" ? conditionOf(node.type) : undefined;
  if (node.kind !== "condition" || !condition) return null;
  const { view, terms } = sheet;
  const form = formOf(condition);
  const own = insideNots(node, place);
  const title = condition.title[view.language];
  const missing = form.params.filter(({ name, isOptional }) => isOptional && node.asked[name] === undefined);
  const inside = insideOf(condition, node.asked, terms);
  return (
    <>
      <fieldset class="rule-condition">
        <legend class="hidden">{title}</legend>
        <p class="rule-title" aria-hidden="true">
          {title}
        </p>
        <input type="hidden" name={`${place.name}#type`} value={node.type} />
        {drawControl(form, node.asked, { words: condition.title, isQuiet: true }, own, sheet, inside)}
        <MissingFaults sheet={sheet} node={node} place={own} />
        <div class="rule-more">
          {missing.map(({ name, words }) => (
            <button type="submit" class="button-quiet" name="do" value={`with:${place.name}/${name}`}>
              + {words[view.language]}
            </button>
          ))}
          <Turned {...props} />
          <RemoveNode {...props} words={title} />
        </div>
      </fieldset>
      {isRoot && <AddBar sheet={sheet} place={place} isAlone />}
    </>
  );
}

/** What is wrong with a condition as a whole, or with what it does not even ask yet. */
function MissingFaults({ sheet, node, place }: NodeProps) {
  const asked = node.kind === "condition" ? node.asked : {};
  const faults = faultsAt(sheet, place).filter(({ pointer }) => {
    const [, key = ""] = pointer.slice(place.pointer.length).split("/");
    return !Object.hasOwn(asked, key);
  });
  return <Wrong sheet={{ ...sheet, faults }} place={place} />;
}
