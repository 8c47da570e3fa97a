import type { View } from "../view";

/** The hidden field by which a form proves that it is one of ours. */
export function FormToken({ view }: { view: View }) {
  return view.formToken === null ? null : <input type="hidden" name="_token" value={view.formToken} />;
}

interface FormNotesProps {
  readonly view: View;
  readonly problems: readonly string[];
  /** What is said where the form has just been saved. */
  readonly saved: string;
}

/** What became of a form of settings that was sent: what is wrong with it, or that it is saved. */
export function FormNotes({ view: { say, query }, problems, saved }: FormNotesProps) {
  return (
    <>
      {problems.length > 0 && (
        <div class="note note-bad" role="alert">
          <p>
            <strong>{say("It was not saved.", "Rien n’a été enregistré.")}</strong>
          </p>
          {problems.map((problem) => (
            <p>{problem}</p>
          ))}
        </div>
      )}
      {query["done"] === "saved" && (
        <p class="note note-good" role="status">
          {saved}
        </p>
      )}
    </>
  );
}
