import { reasonWords } from "../../reports/reasons";
import type { EntryRow } from "../../scenarios/rehearsal-store";
import type { RehearsalTotals } from "../../scenarios/rehearsal-totals";
import { contactId } from "../../shared/ids";
import { here, numberText, type View } from "../view";
import { CHANNEL_NAMES, label, OUTCOMES } from "../words/labels";
import { Card, CodePill, More, type NextPage, Time } from "./parts";

interface Props {
  readonly view: View;
  readonly entries: readonly EntryRow[];
  readonly next: NextPage;
  readonly totals: RehearsalTotals;
  readonly listed: number;
}

/** Who would have come in or been refused, with the messages they would have got. */
export function EntriesCard({ view, entries, next, totals, listed }: Props) {
  const { say } = view;
  const about =
    listed < totals.fired
      ? say(
          `${numberText(view, listed)} of ${numberText(view, totals.fired)} are listed.`,
          `${numberText(view, listed)} sur ${numberText(view, totals.fired)} sont listées.`,
        )
      : undefined;
  return (
    <Card id="entries" title={say("Entries", "Entrées")} about={about}>
      <Filters view={view} totals={totals} />
      {entries.length === 0 ? (
        <p class="card-body soft">{say("Nobody.", "Personne.")}</p>
      ) : (
        <ul class="feed">
          {entries.map((entry) => (
            <Entry view={view} entry={entry} />
          ))}
        </ul>
      )}
      <More view={view} next={next} text={say("Later", "Plus tard")} />
    </Card>
  );
}

function Filters({ view, totals }: { view: View; totals: RehearsalTotals }) {
  const { say, language, query } = view;
  const outcomes = ["refused", "running", ...Object.keys(totals.outcomes)];
  return (
    <form class="card-body actions" method="get" action={here(view, { after: null })}>
      <label>
        {say("Outcome", "Issue")}{" "}
        <select name="outcome">
          <option value="">{say("any", "toutes")}</option>
          {[...new Set(outcomes)].map((outcome) => (
            <option value={outcome} selected={query["outcome"] === outcome}>
              {label(OUTCOMES, outcome, language)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {say("Withheld for", "Retenu pour")}{" "}
        <select name="withheld">
          <option value="">{say("any reason or none", "toute raison ou aucune")}</option>
          {Object.keys(totals.withheld).map((reason) => (
            <option value={reason} selected={query["withheld"] === reason}>
              {reasonWords(reason, language)}
            </option>
          ))}
        </select>
      </label>
      <button type="submit">{say("Show", "Afficher")}</button>
    </form>
  );
}

function Entry({ view, entry }: { view: View; entry: EntryRow }) {
  const { language } = view;
  const name = entry.external_id ?? entry.anonymous_id ?? entry.entry_key;
  return (
    <li>
      <Time view={view} at={entry.enteredAt} />
      <p class="feed-line">
        <CodePill view={view} catalog={OUTCOMES} code={entry.outcome ?? "running"} />
        <strong>
          {entry.contact === 0 ? name : <a href={`/admin/contacts/${contactId(entry.contact)}`}>{name}</a>}
        </strong>
      </p>
      <p class="feed-about">
        {entry.reason !== null && <span>{reasonWords(entry.reason, language)}</span>}
        {entry.messages.map(({ channel, at, decision, reason }) => (
          <span>
            {label(CHANNEL_NAMES, channel, language)} <Time view={view} at={Date.parse(at)} />
            {decision === "send" ? "" : ` · ${reasonWords(reason, language)}`}
          </span>
        ))}
      </p>
    </li>
  );
}
