import type { Finding } from "../../scenarios/lint";
import type { View } from "../view";

interface Props {
  readonly view: View;
  readonly findings: readonly Pick<Finding, "level" | "message" | "path">[];
  /** The page that draws the draft, whose blocks they speak of; the one that they stand on where it is left out. */
  readonly base?: string;
}

/** What lint says of a draft, with the way that shows each. */
export function Findings({ view, findings, base = "" }: Props) {
  const { say, language } = view;
  return (
    <>
      {findings.map(({ level, message, path }) => (
        <div class={level === "error" ? "note note-bad" : "note"}>
          <p>
            <strong>{level === "error" ? say("To mend: ", "À corriger : ") : say("Note: ", "À noter : ")}</strong>
            {message[language]}
          </p>
          {path.length > 0 && (
            <p class="small">
              {say("The way: ", "Le chemin : ")}
              {path.map((block, index) => (
                <>
                  {index > 0 && " › "}
                  <a href={`${base}#block-${block}`}>{block}</a>
                </>
              ))}
            </p>
          )}
        </div>
      ))}
    </>
  );
}
