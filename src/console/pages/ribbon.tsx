import { timeText, type View } from "../view";
import { FormToken } from "./form";

const STEPS = [
  { duration: "PT30M", label: "+30 min" },
  { duration: "PT4H", label: "+4 h" },
  { duration: "PT24H", label: "+24 h" },
] as const;

interface Props {
  readonly view: View;
  /** Where the form that moves time is sent to. */
  readonly action: string;
}

/**
 * What is different on a developer's machine, and the controls of its clock. The address that moves time exists only
 * in a local bundle; so does this strip, which its caller asks for under `__LOCAL__` only.
 */
export function LocalRibbon({ view, action }: Props) {
  if (!view.isLocal) return null;
  const { say, zone, holdout, keepsHours, caps } = view;
  const share = `${Math.round(holdout * 100)}${holdout > 0 ? " %" : ""}`;
  return (
    <aside class="ribbon" aria-label={say("Demo on this machine", "Démonstration sur cette machine")}>
      <div class="wide ribbon-row">
        <p>
          <strong>{say("Demo on this machine.", "Démo locale.")}</strong>{" "}
          {say(
            `Holdout is ${share}, sending windows are ${keepsHours ? "kept" : "open"}, the zone is ${zone}.`,
            `Groupe témoin à ${share}, plages d’envoi ${keepsHours ? "respectées" : "ouvertes"}, fuseau ${zone}.`,
          )}{" "}
          <a href="/admin/sending">
            {caps === 0
              ? say("No frequency caps", "Sans plafond de fréquence")
              : say(`Frequency caps: ${caps}`, `Plafonds de fréquence : ${caps}`)}
          </a>{" "}
          · <a href="/demo">{say("Shop", "Boutique")}</a> · <a href="/dev/inbox">{say("Inbox", "Messages reçus")}</a>
        </p>
        <form method="post" action={action} aria-label={say("Move time on", "Avancer le temps")}>
          <FormToken view={view} />
          <input type="hidden" name="back" value={view.path} />
          {STEPS.map(({ duration, label }) => (
            <button type="submit" name="advance" value={duration}>
              {label}
            </button>
          ))}
        </form>
        <time class="number nowrap" datetime={new Date(view.now).toISOString()}>
          {timeText(view, view.now, "clock")}
        </time>
      </div>
    </aside>
  );
}
