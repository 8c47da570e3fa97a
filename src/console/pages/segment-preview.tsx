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

interface Props {
  readonly sheet: Sheet;
  readonly draft: SegmentDraft;
  readonly preview: Preview | null;
}

/** Whom the draft holds by now. The figure is told whenever it changes. */
export function PreviewCard({ sheet: { view }, draft, preview }: Props) {
  const { say } = view;
  return (
    <Card id="preview" title={say("Right now", "En ce moment")}>
      <div class="card-body stack-small">
        <p role="status" id="count" class="preview-count" data-live="">
          {preview ? <CountText view={view} total={preview.total} /> : say("Not complete yet", "Encore incomplet")}
        </p>
        <div id="meaning" data-live="">
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
      </div>
    </Card>
  );
}

function CountText({ view, total }: { view: View; total: number }) {
  const { say } = view;
  return (
    <>
      <strong>{numberText(view, total)}</strong> {total === 1 ? say("contact", "contact") : say("contacts", "contacts")}
    </>
  );
}

function Meaning({ view, draft, preview }: { view: View; draft: SegmentDraft; preview: Preview }) {
  const { say } = view;
  const [first] = draft.parts;
  return (
    <>
      {draft.isSimple && first && <p>{wordsOf(view, first.rule)}</p>}
      {!draft.everybody && <p class="soft small">{say("Among active profiles.", "Parmi les profils actifs.")}</p>}
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

/** A rule in words that is right. */
export function wordsOf(view: View, rule: DraftNode): string {
  const words = describeRule(ruleOf(rule) as Rule, view.language);
  return typeset(words.charAt(0).toUpperCase() + words.slice(1), view.language);
}
