import { reasonWords } from "../../reports/reasons";
import { numberText, type View } from "../view";

interface ReasonBarProps {
  readonly view: View;
  readonly reason: string | null;
  readonly count: number;
  /** The largest count of the list: as wide as the bar may be. */
  readonly most: number;
}

/** A reason in words, how often, and a bar as long beside the others of its list. */
export function ReasonBar({ view, reason, count, most }: ReasonBarProps) {
  return (
    <li>
      <span>{reasonWords(reason, view.language)}</span>
      <span class="number">{numberText(view, count)}</span>
      <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        <rect class="track" width="100" height="4" />
        <rect class="bar-withheld" width={Math.max(1, (100 * count) / most).toFixed(1)} height="4" />
      </svg>
    </li>
  );
}
