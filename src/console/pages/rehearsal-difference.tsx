import type { Changed, Difference as Differs } from "../../scenarios/rehearsal-difference";
import type { RehearsalPlan } from "../../scenarios/rehearsal-plan";
import { contactId } from "../../shared/ids";
import { numberText, type View } from "../view";
import { label, OUTCOMES } from "../words/labels";
import { Card } from "./parts";

interface Props {
  readonly view: View;
  readonly plan: RehearsalPlan;
  readonly difference: Differs;
  readonly examples: readonly Changed[];
}

const SHOWN = 10;

/** What a version gains and loses against the one that it is compared with, with examples. */
export function Difference({ view, plan, difference: { totals, outcomes }, examples }: Props) {
  const { say, language } = view;
  const count = (value: number): string => numberText(view, value);
  const title = say(
    `Version ${plan.version} against ${plan.compare}`,
    `Version ${plan.version} face à ${plan.compare}`,
  );
  const named = (outcome: string): string =>
    outcome === "none" ? say("not there", "absente") : label(OUTCOMES, outcome, language);
  return (
    <Card id="difference" title={title}>
      <div class="card-body stack">
        <p>
          {say(
            `Entries: ${count(totals.entries_gained)} more, ${count(totals.entries_lost)} fewer. Messages: ${count(totals.messages_gained)} more, ${count(totals.messages_lost)} fewer. Entries that are the same: ${count(totals.same)}.`,
            `Entrées : ${count(totals.entries_gained)} de plus, ${count(totals.entries_lost)} de moins. Messages : ${count(totals.messages_gained)} de plus, ${count(totals.messages_lost)} de moins. Entrées identiques : ${count(totals.same)}.`,
          )}
        </p>
        {Object.keys(outcomes).length > 0 && (
          <ul class="dotted">
            {Object.entries(outcomes).map(([change, changed]) => {
              const [before = "", after = ""] = change.split(">");
              return (
                <li>
                  {before === after
                    ? say(
                        `${named(after)} as before, with other messages: ${count(changed)}`,
                        `${named(after)} comme avant, avec d’autres messages : ${count(changed)}`,
                      )
                    : say(
                        `${named(before)} → ${named(after)}: ${count(changed)}`,
                        `${named(before)} → ${named(after)} : ${count(changed)}`,
                      )}
                </li>
              );
            })}
          </ul>
        )}
        {examples.length > 0 && (
          <details>
            <summary>{say("Examples", "Exemples")}</summary>
            <ul class="dotted">
              {examples.slice(0, SHOWN).map(({ contact, entry_key, before, after }) => (
                <li>
                  <Who contact={contact} text={entry_key} />: {named(before ? (before.outcome ?? "running") : "none")} (
                  {before?.messages.length ?? 0}) → {named(after ? (after.outcome ?? "running") : "none")} (
                  {after?.messages.length ?? 0})
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </Card>
  );
}

function Who({ contact, text }: { contact: number; text: string }) {
  return contact === 0 ? <span>{text}</span> : <a href={`/admin/contacts/${contactId(contact)}`}>{text}</a>;
}
