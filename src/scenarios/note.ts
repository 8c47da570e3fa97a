import type { Run } from "./state";
import type { Stimulus } from "./stimulus";

type Note<Type extends Stimulus["type"]> = (run: Run, stimulus: Extract<Stimulus, { type: Type }>) => Run;

/** What people did with a run's messages: the first time of each counts. */
const noteSignal: Note<"message"> = (run, { send, signal, at }) => {
  if (!Object.values(run.sends).includes(send)) return run;
  const known = run.signals[send] ?? {};
  return { ...run, signals: { ...run.signals, [send]: { ...known, [signal]: known[signal] ?? at } } };
};

/** What came of what it had done and waits to hear of. */
const noteResult: Note<"acted"> = (run, { act, result, told }) => {
  if (run.awaited?.act !== act) return run;
  const known = told && { about: { ...run.about, ...told }, told: { ...run.told, ...told } };
  return { ...run, awaited: { act, result }, ...known };
};

/** The runs of a contact with what they keep of a stimulus, wherever they are and whether or not they move. */
export function noting(runs: readonly Run[], stimulus: Stimulus): readonly Run[] {
  if (stimulus.type !== "message" && stimulus.type !== "acted") return runs;
  const noted = runs.map((run) =>
    stimulus.type === "message" ? noteSignal(run, stimulus) : noteResult(run, stimulus),
  );
  // Who kept nothing of it is not written anew.
  return noted.some((run, index) => run !== runs[index]) ? noted : runs;
}
