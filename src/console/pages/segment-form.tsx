import { SCRIPT_PATH } from "../client-routes";
import { RuleTree } from "../rule/rule-tree";
import type { Sheet } from "../rule/sheet";
import { inputAt, Wrong } from "../rule/sheet";
import type { DraftPart, SegmentDraft } from "../segment-draft";
import { keyOfName, ruleName } from "../segment-draft";
import type { Preview } from "../segment-preview";
import { FormToken } from "./form";
import { Page } from "./layout";
import { Card, Head } from "./parts";
import { Count, contactsText, MeaningCard } from "./segment-preview";

interface Props {
  readonly sheet: Sheet;
  readonly draft: SegmentDraft;
  /** The key of the segment that is changed; null for a new one. */
  readonly stored: string | null;
  readonly focus: string | null;
  /** Null where a rule is not right yet. */
  readonly preview: Preview | null;
  /** Somebody tried to save and could not. */
  readonly isSaving: boolean;
}

/** The form in which a segment is written, with whom it would hold beside it. */
export function SegmentFormPage(props: Props) {
  const { sheet, draft, stored, focus } = props;
  const { view } = sheet;
  const { say } = view;
  const isNew = draft.isSimple ? say("New segment", "Nouveau segment") : say("New family", "Nouvelle famille");
  const title = stored === null ? isNew : say(`Change “${draft.name}”`, `Modifier « ${draft.name} »`);
  const address = stored === null ? "/admin/segments/new" : `/admin/segments/${stored}/edit`;
  return (
    <Page view={view} title={title} script={SCRIPT_PATH}>
      <p class="crumb">
        <a href="/admin/segments">{say("Segments", "Segments")}</a>
      </p>
      <Head title={title} about={aboutText(props)} />
      <form
        id="builder"
        class="builder"
        method="post"
        action={address}
        data-focus={focus ?? undefined}
        data-failed={say("It could not be counted just now.", "Le compte n’a pas pu être fait.")}
      >
        {/* Enter in a field presses the first button: it must not be one that takes something away. */}
        <button type="submit" name="do" value="redraw" class="hidden" tabindex={-1}>
          {say("Draw anew", "Redessiner")}
        </button>
        <FormToken view={view} />
        <input type="hidden" name="kind" value={draft.isSimple ? "simple" : "exclusive"} />
        <div class="columns">
          <div class="stack">
            <NameCard {...props} />
            {draft.parts.map((part, index) => (
              <PartCard {...props} part={part} index={index} />
            ))}
            {!draft.isSimple && <Wrong sheet={sheet} place={at("segments")} own />}
            {!draft.isSimple && <RestCard {...props} />}
          </div>
          <div class="narrow builder-side">
            <MeaningCard sheet={sheet} draft={draft} preview={props.preview} />
          </div>
        </div>
        <Bar {...props} />
        <Suggested sheet={sheet} />
      </form>
    </Page>
  );
}

function aboutText({ sheet: { view }, draft: { isSimple }, stored }: Props): string {
  const { say } = view;
  if (stored !== null) {
    return say(
      "With another rule it is computed over everybody. Nothing is sent because of that.",
      "Avec une autre règle, tout est recalculé. Rien n’est envoyé pour autant.",
    );
  }
  return isSimple
    ? say(
        "Whoever meets the rule is in it, and is kept current as they act and as time passes.",
        "Qui répond à la règle en fait partie ; il est tenu à jour au fil des actes et du temps.",
      )
    : say(
        "Each contact is in one of them at most: the first whose rule holds. List the best first.",
        "Chaque contact est dans un seul d’entre eux : le premier dont la règle est vraie. Le meilleur d’abord.",
      );
}

function NameCard({ sheet, draft, stored }: Props) {
  const { say } = sheet.view;
  const [name, key] = [at("name"), at("key")];
  return (
    <Card id="what" title={say("Name", "Nom")}>
      <div class="card-body pair">
        <div class="part">
          <label for="name">{say("What it is called", "Comment il s’appelle")}</label>
          <input type="text" {...inputAt(sheet, name)} value={draft.name} maxlength={120} autocomplete="off" />
          <Wrong sheet={sheet} place={name} />
        </div>
        <div class="part">
          <label for="key">{say("Key, in rules and in the API", "Clé, dans les règles et dans l’API")}</label>
          <input
            type="text"
            {...inputAt(sheet, key)}
            value={stored ?? draft.key}
            readonly={stored !== null}
            maxlength={40}
            placeholder={
              stored === null ? keyOfName(draft.name) || say("made of the name", "d’après le nom") : undefined
            }
            autocomplete="off"
          />
          <Wrong sheet={sheet} place={key} />
        </div>
        <label class="turned across">
          <input type="checkbox" name="active" value="1" checked={!draft.everybody} />{" "}
          {say(
            "Only active profiles: seen within the last three years",
            "Seulement les profils actifs : vus depuis trois ans",
          )}
        </label>
      </div>
    </Card>
  );
}

function at(name: string) {
  return { name, pointer: `/${name}` };
}

function PartCard({ sheet, draft, preview, part, index }: Props & { part: DraftPart; index: number }) {
  const { say } = sheet.view;
  const rule = at(ruleName(draft, index));
  const tree = <RuleTree sheet={sheet} node={part.rule} place={rule} isRoot />;
  if (draft.isSimple) {
    return (
      <Card id="rule-title" title={say("Who is in it", "Qui en fait partie")}>
        <div class="card-body">{tree}</div>
      </Card>
    );
  }
  const count = preview?.counts.get(`part-${index}`) ?? (preview ? 0 : null);
  const place = at(`segments/${index}`);
  return (
    <Card
      id={`part-${index}`}
      title={say(`Segment ${index + 1}`, `Segment ${index + 1}`)}
      aside={
        <span class="number" id={`size-${index}`} data-live="">
          {count !== null && contactsText(sheet.view, count)}
        </span>
      }
    >
      <div class="card-body stack-small">
        <div class="pair">
          <NamedInputs sheet={sheet} name={place.name} value={part} />
        </div>
        {tree}
        <PartButtons sheet={sheet} index={index} count={draft.parts.length} />
      </div>
    </Card>
  );
}

function NamedInputs({ sheet, name, value }: { sheet: Sheet; name: string; value: { key: string; name: string } }) {
  const { say } = sheet.view;
  const [called, key] = [at(`${name}/name`), at(`${name}/key`)];
  return (
    <>
      <div class="part">
        <label for={called.name}>{say("Its name", "Son nom")}</label>
        <input type="text" {...inputAt(sheet, called)} value={value.name} maxlength={120} autocomplete="off" />
        <Wrong sheet={sheet} place={called} />
      </div>
      <div class="part">
        <label for={key.name}>{say("Its key", "Sa clé")}</label>
        <input
          type="text"
          {...inputAt(sheet, key)}
          value={value.key}
          maxlength={40}
          placeholder={keyOfName(value.name) || say("made of the name", "d’après le nom")}
          autocomplete="off"
        />
        <Wrong sheet={sheet} place={key} />
      </div>
    </>
  );
}

function PartButtons({ sheet: { view }, index, count }: { sheet: Sheet; index: number; count: number }) {
  const { say } = view;
  const number = index + 1;
  const button = (act: string, en: string, fr: string) => (
    <button
      type="submit"
      name="do"
      value={`${act}:${index}`}
      aria-label={say(`${en}: segment ${number}`, `${fr} : segment ${number}`)}
    >
      {say(en, fr)}
    </button>
  );
  return (
    <div class="actions">
      {index > 0 && button("up", "Move up", "Monter")}
      {index < count - 1 && button("down", "Move down", "Descendre")}
      {count > 1 && button("drop", "Take away", "Retirer")}
      {index === count - 1 && (
        <button type="submit" name="do" value="part:0">
          {say("Add a segment", "Ajouter un segment")}
        </button>
      )}
    </div>
  );
}

function RestCard({ sheet, draft: { rest } }: Props) {
  const { say } = sheet.view;
  const checked = rest !== null;
  return (
    <Card id="rest-title" title={say("Everybody else", "Tous les autres")}>
      <div class="card-body stack-small">
        <label class="turned">
          <input type="checkbox" name="with-rest" value="1" checked={checked} data-redraw="" />{" "}
          {say("Whoever is left is in a segment of their own", "Les autres forment un segment à part")}
        </label>
        {rest && (
          <div class="pair">
            <NamedInputs sheet={sheet} name="rest" value={rest} />
          </div>
        )}
      </div>
    </Card>
  );
}

/** How many there are and the way to save, wherever in the form somebody is. */
function Bar({ sheet, preview, isSaving }: Props) {
  const { say } = sheet.view;
  return (
    <div class="builder-bar">
      <Count view={sheet.view} preview={preview} />
      {isSaving && sheet.faults.length > 0 && (
        <p class="bar-bad" role="alert">
          {say("It is not saved: see what is marked.", "Non enregistré : voyez ce qui est signalé.")}
        </p>
      )}
      <button type="submit" class="button-main" name="do" value="save">
        {say("Save", "Enregistrer")}
      </button>
    </div>
  );
}

/** Lists that inputs suggest values of. */
function Suggested({ sheet: { suggestions } }: { sheet: Sheet }) {
  return (
    <>
      {Object.entries(suggestions).map(([source, values]) => (
        <datalist id={`of-${source}`}>
          {values.map(({ value, text }) => (
            <option value={value}>{text}</option>
          ))}
        </datalist>
      ))}
    </>
  );
}
