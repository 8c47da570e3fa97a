import { isDisowned } from "./signal";
import type { HeldSend, Run } from "./state";
import type { Stimulus } from "./stimulus";

type Note<Type extends Stimulus["type"]> = (run: Run, stimulus: Extract<Stimulus, { type: Type }>) => Run;

/** What people did with a run's messages: the first time of each counts. */
const noteSignal: Note<"message"> = (run, { send, signal, at }) => {
  if (!Object.values(run.sends).includes(send)) return run;
  const known = run.signals[send] ?? {};
  return { ...run, signals: { ...run.signals, [send]: { ...known, [signal]: known[signal] ?? at } } };
};

/**
 * Who came to the shop after a message has read it, as far as anybody may know; whoever was there when it left, as after a
 * sign-up, comes when they come again. What the gate holds back yet, nobody has seen.
 */
function noteVisit(run: Run, at: number, held: readonly Pick<HeldSend, "send">[]): Run {
  if (run.lastSendAt === null || at <= run.lastSendAt) return run;
  const seen = Object.values(run.sends).filter(
    (send) => run.signals[send]?.visited === undefined && !held.some((other) => other.send === send),
  );
  const noted = seen.map((send) => [send, { ...run.signals[send], visited: at }] as const);
  return seen.length === 0 ? run : { ...run, signals: { ...run.signals, ...Object.fromEntries(noted) } };
}

/** What a machine did is taken out again: a wait that looks for it later finds nothing. A visit was a person's. */
const noteDisowned: Note<"disowned"> = (run, by) => {
  const known: readonly (readonly [string, number])[] = Object.entries<number>({ ...run.signals[by.send] });
  const left = known.filter(([name, at]) => name === "visited" || !isDisowned({ send: by.send, at }, by));
  if (left.length === known.length) return run;
  return { ...run, signals: { ...run.signals, [by.send]: Object.fromEntries(left) } };
};

/** What came of what it had done and waits to hear of. */
const noteResult: Note<"acted"> = (run, { act, result, told }) => {
  if (run.awaited?.act !== act) return run;
  const known = told && { about: { ...run.about, ...told }, told: { ...run.told, ...told } };
  return { ...run, awaited: { act, result }, ...known };
};

/**
 * The runs of a contact with what they keep of a stimulus, wherever they are and whether or not they move. `visited`: what is
 * held back of somebody of whom opens are not to be known, so that visits stand for them; null of anybody else.
 */
export function noting(
  runs: readonly Run[],
  stimulus: Stimulus,
  visited: readonly Pick<HeldSend, "send">[] | null = null,
): readonly Run[] {
  const noted = runs.map((run) => {
    if (visited && (stimulus.type === "visit" || stimulus.type === "order"))
      return noteVisit(run, stimulus.at, visited);
    if (stimulus.type === "message") return noteSignal(run, stimulus);
    if (stimulus.type === "disowned") return noteDisowned(run, stimulus);
    return stimulus.type === "acted" ? noteResult(run, stimulus) : run;
  });
  // Who kept nothing of it is not written anew.
  return noted.some((run, index) => run !== runs[index]) ? noted : runs;
}
