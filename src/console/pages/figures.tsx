import { reasonWords } from "../../reports/reasons";
import type { FateCount } from "../fates";
import { countFates, countKinds, kindOf, topReasons } from "../fates";
import type { Period } from "../period";
import { PERIODS } from "../period";
import { here, numberText, type View } from "../view";
import { Tabs } from "./parts";

interface CountsProps {
  readonly view: View;
  readonly fates: readonly FateCount[];
  readonly runs: readonly { readonly outcome: string; readonly count: number }[];
}

/** The period that figures are counted over, as a choice of links. */
export function PeriodTabs({ view, period }: { view: View; period: Period }) {
  const words = {
    day: view.say("24 hours", "24 heures"),
    fortnight: view.say("14 days", "14 jours"),
    quarter: view.say("13 weeks", "13 semaines"),
  };
  const choices = PERIODS.map((key) => ({
    href: here(view, { period: key === "fortnight" ? null : key, done: null }),
    text: words[key],
    current: key === period.key,
  }));
  return <Tabs name={view.say("Period", "Période")} choices={choices} />;
}

/** How many runs had one of these outcomes. */
function countRuns(runs: readonly { readonly outcome: string; readonly count: number }[], ...of: string[]): number {
  return runs.reduce((sum, { outcome, count }) => sum + (of.length === 0 || of.includes(outcome) ? count : 0), 0);
}

/** The period in five numbers. */
export function Tiles({ view, fates, runs }: CountsProps) {
  const { say } = view;
  const entered = countRuns(runs) - countRuns(runs, "refused");
  const goals = countRuns(runs, "goal");
  const kinds = countKinds(fates);
  const percent = new Intl.NumberFormat(view.language, { style: "percent", maximumFractionDigits: 1 });
  return (
    <dl class="tiles">
      <Tile view={view} name={say("Entered a scenario", "Entrées dans un scénario")} value={entered} />
      <Tile view={view} name={say("Messages sent", "Messages envoyés")} value={kinds.sent} />
      <Tile view={view} name={say("Held or on their way", "Retenus ou en route")} value={kinds.waiting} />
      <Tile view={view} name={say("Not sent, with a reason", "Non envoyés, avec une raison")} value={kinds.withheld} />
      <Tile
        view={view}
        name={say("Goals reached", "Objectifs atteints")}
        value={goals}
        note={entered > 0 ? percent.format(goals / entered) : undefined}
      />
    </dl>
  );
}

/** One number with its name. */
export function Tile({
  view,
  name,
  value,
  note,
}: {
  view: View;
  name: string;
  value: number;
  note?: string | undefined;
}) {
  return (
    <div class="tile">
      <dt>{name}</dt>
      <dd>
        {numberText(view, value)}
        {note !== undefined && <small>{note}</small>}
      </dd>
    </div>
  );
}

/** The most frequent reasons as bars. */
export function Reasons({ view, fates }: { view: View; fates: readonly FateCount[] }) {
  const top = topReasons(fates, 6);
  if (top.length === 0) {
    const text = view.say("Nothing was held back in this time.", "Rien n’a été retenu pendant cette période.");
    return <p class="card-body soft">{text}</p>;
  }
  const most = top[0]?.count ?? 1;
  return (
    <ul class="reasons card-body">
      {top.map(({ fate, reason, count }) => (
        <li>
          <span>{reasonWords(reason, view.language)}</span>
          <span class="number">{numberText(view, count)}</span>
          <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
            <rect class="track" width="100" height="4" />
            <rect class={`bar-${kindOf(fate)}`} width={Math.max(1, (100 * count) / most).toFixed(1)} height="4" />
          </svg>
        </li>
      ))}
    </ul>
  );
}

/** A scenario in eight numbers. */
export function Counts({ view, fates, runs }: CountsProps) {
  const { say } = view;
  const counts = [
    [say("Entered", "Entrés"), countRuns(runs) - countRuns(runs, "refused")],
    [say("Running", "En cours"), countRuns(runs, "running")],
    [say("Sent", "Envoyés"), countFates(fates, "sent")],
    [say("Not sent", "Non envoyés"), countFates(fates, "suppressed")],
    [say("Held", "Retenus"), countFates(fates, "held")],
    [say("Goals", "Objectifs"), countRuns(runs, "goal")],
    [say("Refused", "Refusés"), countRuns(runs, "refused")],
    [say("Failed", "Échecs"), countFates(fates, "failed", "unknown")],
  ] as const;
  return (
    <dl class="counts">
      {counts.map(([name, count]) => (
        <div>
          <dt>{name}</dt>
          <dd class={count === 0 ? "zero" : undefined}>{numberText(view, count)}</dd>
        </div>
      ))}
    </dl>
  );
}
