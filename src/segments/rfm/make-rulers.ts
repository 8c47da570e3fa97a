import type { Days } from "./days";
import type { FiguresOfAll } from "./matrix";
import type { Axis, Scale } from "./methods";
import { planFor } from "./methods";
import type { Ruler, Rulers } from "./rulers";
import { measure, momentsOf, rulerOf } from "./rulers";

const FIVE = [1, 2, 3, 4, 5];

/** The bounds that the figures of everybody give: mission §6.2. */
export function rulersOf(figures: FiguresOfAll, scale: Scale, days: Days): Rulers {
  const customers = figures.r.length;
  const plan = planFor(scale.definition, customers);
  const ruler = (axis: Axis, values: Float64Array): Ruler => {
    const method = plan.axes[axis];
    // Many times faster to sort here than in the database; fixed thresholds need none.
    const sorted = method === "B" ? new Float64Array() : values.toSorted();
    const at = (place: number): number => (axis === "r" ? days.of(sorted[place] ?? 0) : (sorted[place] ?? 0));
    return rulerOf(axis, method, sorted.length, at, scale);
  };
  const made = { plan, day: scale.today, customers, r: ruler("r", figures.r) };
  if (plan.name !== "E") return { ...made, f: [ruler("f", figures.f)], m: [ruler("m", figures.m)] };
  const moments = momentsOf(made.r, scale.today, days);
  const byR = figures.r.map((at) => measure(moments, at));
  const f = FIVE.map((r) =>
    ruler(
      "f",
      figures.f.filter((_, index) => byR[index] === r),
    ),
  );
  const byRf = byR.map((r, index) => r * 10 + measure(f[r - 1] ?? made.r, figures.f[index] ?? 0));
  const both = FIVE.flatMap((r) => FIVE.map((score) => r * 10 + score));
  return {
    ...made,
    f,
    m: both.map((key) =>
      ruler(
        "m",
        figures.m.filter((_, index) => byRf[index] === key),
      ),
    ),
  };
}
