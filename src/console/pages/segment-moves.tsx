import type { FlowRow, TransitionRow } from "../../admin/segment-store";
import type { LiveFamily } from "../../services/segments/families";
import { contactId } from "../../shared/ids";
import type { View } from "../view";
import { numberText } from "../view";
import { CAUSE_NAMES } from "../words/segments";
import { CodePill, Time } from "./parts";

const MOST_FLOWS = 12;

/** What a segment of a family is called; none is outside. */
export function partName(view: View, family: LiveFamily, key: string | null): string {
  if (key === null || key === "") return view.say("outside", "hors segment");
  return family.parts.find((part) => part.key === key)?.name ?? key;
}

interface Flow {
  readonly from: string;
  readonly to: string;
  readonly contacts: number;
  readonly causes: readonly FlowRow[];
}

function flowsOf(rows: readonly FlowRow[]): readonly Flow[] {
  const groups = [...Map.groupBy(rows, ({ from, to }) => JSON.stringify([from, to])).values()];
  const flows = groups.flatMap((causes): Flow[] => {
    const [first] = causes;
    const contacts = causes.reduce((sum, one) => sum + one.contacts, 0);
    return first ? [{ from: first.from, to: first.to, contacts, causes }] : [];
  });
  return flows.toSorted((one, other) => other.contacts - one.contacts);
}

/** How many went from where to where, the most first, with why. */
export function FlowTable({
  view,
  family,
  flows: rows,
}: {
  view: View;
  family: LiveFamily;
  flows: readonly FlowRow[];
}) {
  const { say } = view;
  const flows = flowsOf(rows);
  if (flows.length === 0) {
    return <p class="soft">{say("Nobody moved in this time.", "Personne n’a bougé sur cette période.")}</p>;
  }
  const top = Math.max(...flows.map(({ contacts }) => contacts));
  return (
    <>
      <ol class="reasons">
        {flows.slice(0, MOST_FLOWS).map(({ from, to, contacts, causes }) => (
          <li>
            <span>
              {partName(view, family, from)} <span aria-hidden="true">→</span>
              <span class="hidden">{say(" to ", " vers ")}</span> <strong>{partName(view, family, to)}</strong>
              <br />
              <span class="soft small">
                {causes
                  .map(({ cause, contacts: some }) => `${CAUSE_NAMES[cause][view.language]} ${numberText(view, some)}`)
                  .join(", ")}
              </span>
            </span>
            <span class="number">{numberText(view, contacts)}</span>
            <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
              <rect class="track" width="100" height="4" />
              <rect class="bar-sent" width={((contacts / top) * 100).toFixed(1)} height="4" />
            </svg>
          </li>
        ))}
      </ol>
      {flows.length > MOST_FLOWS && (
        <p class="soft small">
          {say(
            `${flows.length - MOST_FLOWS} smaller ones are left out.`,
            `${flows.length - MOST_FLOWS} plus petits sont omis.`,
          )}
        </p>
      )}
    </>
  );
}

/** Who moved, the newest first, with why. */
export function MoveList({ view, family, moves }: { view: View; family: LiveFamily; moves: readonly TransitionRow[] }) {
  if (moves.length === 0) {
    return <p class="soft card-body">{view.say("Nobody has moved yet.", "Personne n’a encore bougé.")}</p>;
  }
  return (
    <ol class="feed">
      {moves.map((move) => (
        <li>
          <Time view={view} at={move.at} />
          <p class="feed-line">
            <span>
              {partName(view, family, move.from)} <span aria-hidden="true">→</span>
              <span class="hidden">{view.say(" to ", " vers ")}</span>{" "}
              <strong>{partName(view, family, move.to)}</strong>
            </span>
            <CodePill view={view} catalog={CAUSE_NAMES} code={move.cause} />
          </p>
          <p class="feed-about">
            <a href={`/admin/contacts/${contactId(move.contact)}`}>{move.external_id ?? contactId(move.contact)}</a>
          </p>
        </li>
      ))}
    </ol>
  );
}
