import { describeRule } from "../../segments/describe";
import type { Rule } from "../../segments/rule";
import { contactId } from "../../shared/ids";
import type { DraftNode } from "../rule/draft";
import { ruleOf } from "../rule/draft";
import type { Sheet } from "../rule/sheet";
import type { SegmentDraft } from "../segment-draft";
import type { Preview } from "../segment-preview";
import type { View } from "../view";
import { numberText } from "../view";
import { typeset } from "../words/typeset";
import { Card } from "./parts";

export function contactsText(view: View, count: number): string {
  const shown = numberText(view, count);
  return count === 1 ? view.say("1 contact", "1 contact") : view.say(`${shown} contacts`, `${shown} contacts`);
}

/** How many the draft holds by now; it is told whenever it changes. */
export function Count({ view, preview }: { view: View; preview: Preview | null }) {
  const { say } = view;
  return (
    <p role="status" id="count" class="preview-count" data-live="">
      {preview ? contactsText(view, preview.total) : say("Not complete yet", "Encore incomplet")}
    </p>
  );
}

interface Props {
  readonly sheet: Sheet;
  readonly draft: SegmentDraft;
  readonly preview: Preview | null;
}

/** What the draft means, and some of those whom it holds. */
export function MeaningCard({ sheet: { view }, draft, preview }: Props) {
  const { say } = view;
  return (
    <Card id="preview" title={say("What it means", "Ce que cela signifie")}>
      <div class="card-body" id="meaning" data-live="">
        {preview === null ? (
          <p class="soft">
            {say(
              "Fill in what is marked, and they are counted.",
              "Renseignez ce qui est signalé, et ils sont comptés.",
            )}
          </p>
        ) : (
          <Meaning view={view} draft={draft} preview={preview} />
        )}
      </div>
    </Card>
  );
}

function Meaning({ view, draft, preview }: { view: View; draft: SegmentDraft; preview: Preview }) {
  const { say } = view;
  const [first] = draft.parts;
  return (
    <>
      {draft.isSimple && first && <p>{wordsOf(view, first.rule)}</p>}
      {!draft.isSimple && <PartsInWords view={view} draft={draft} preview={preview} />}
      {!draft.everybody && <Among view={view} preview={preview} />}
      {preview.sample.length > 0 && (
        <>
          <h3>{say("Some of them", "Quelques-uns")}</h3>
          <ul class="marks">
            {preview.sample.map((contact) => (
              <li>
                <a href={`/admin/contacts/${contactId(contact.id)}`}>
                  {contact.email ?? contact.external_id ?? contactId(contact.id)}
                </a>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

/** Among whom they are counted, and how many the filter leaves out. */
function Among({ view, preview: { inactive } }: { view: View; preview: Preview }) {
  const { say } = view;
  const more = numberText(view, inactive ?? 0);
  return (
    <p class="soft small">
      {say("Among active profiles.", "Parmi les profils actifs.")}
      {inactive !== null && inactive > 0 && say(` Not active: ${more} more.`, ` Non actifs : ${more} de plus.`)}
    </p>
  );
}

function PartsInWords({ view, draft, preview }: { view: View; draft: SegmentDraft; preview: Preview }) {
  const { say } = view;
  const parts = draft.parts.map(({ name, rule }, index) => {
    return {
      name: name || say(`Segment ${index + 1}`, `Segment ${index + 1}`),
      words: wordsOf(view, rule),
      key: `part-${index}`,
    };
  });
  const others = say("Everybody else", "Tous les autres");
  const rest = draft.rest ? [{ name: draft.rest.name || others, words: others, key: "rest" }] : [];
  return (
    <ol class="meanings">
      {[...parts, ...rest].map(({ name, words, key }) => (
        <li>
          <strong>{name}</strong> <span class="soft number">{numberText(view, preview.counts.get(key) ?? 0)}</span>
          <br />
          <span class="soft small">{words}</span>
        </li>
      ))}
    </ol>
  );
}

/** A rule in words that is right. */
export function wordsOf(view: View, rule: DraftNode): string {
  const words = describeRule(ruleOf(rule) as Rule, view.language, view.terms);
  return typeset(words.charAt(0).toUpperCase() + words.slice(1), view.language);
}
