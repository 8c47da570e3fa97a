import type { DraftProblem, RfmDraft } from "../rfm-draft";
import type { DrawnMap } from "../rfm-map";
import type { Preview } from "../rfm-preview";
import { numberText, type View } from "../view";
import { AXIS_METHODS, rfmReason, segmentName } from "../words/rfm";
import { Card } from "./parts";
import { RfmForm } from "./rfm-form";
import { ComputeButton, RfmFrame } from "./rfm-frame";
import { MapCard } from "./rfm-map";
import { changeText } from "./rfm-parts";
import type { RatesShown } from "./rfm-rates";
import { RatesCard } from "./rfm-rates";

/** What a press of the form's button came to. */
export interface Tried {
  readonly problems: readonly DraftProblem[];
  /** What would change; null where nobody asked, `late` where it is not done yet. */
  readonly preview: Preview | "late" | null;
  /** Somebody wanted to keep a map that is not whole. */
  readonly isRefused: boolean;
}

export interface SettingsShown {
  readonly draft: RfmDraft;
  /** Null where the draft cannot be read. */
  readonly map: DrawnMap | null;
  readonly tried: Tried;
  readonly rates: RatesShown;
  readonly names: ReadonlyMap<string, string>;
  readonly currency: string;
}

interface Props {
  readonly view: View;
  readonly shown: SettingsShown;
}

/** What RFM goes by, what another setting would change, and exchange rates. */
export function RfmSettingsPage({ view, shown }: Props) {
  const { say } = view;
  const { tried, draft, map, currency, rates } = shown;
  return (
    <RfmFrame view={view}>
      <Outcome view={view} shown={shown} />
      {tried.preview !== null && tried.preview !== "late" && (
        <PreviewCard view={view} preview={tried.preview} names={shown.names} />
      )}
      <div class="columns columns-even rfm-settings">
        <Card
          id="settings"
          title={say("How scores are found", "Comment les notes sont calculées")}
          about={say(
            "The next computation, within minutes, goes by what you save. Nobody is written to because settings changed.",
            "Le prochain calcul, d’ici quelques minutes, suivra ce que vous enregistrez. Personne ne reçoit de message parce que des réglages ont changé.",
          )}
        >
          <RfmForm view={view} draft={draft} currency={currency} />
        </Card>
        <div class="stack">
          {map && <MapCard view={view} map={map} />}
          <RatesCard view={view} shown={rates} />
        </div>
      </div>
    </RfmFrame>
  );
}

function Outcome({ view, shown: { tried } }: Props) {
  const { say, query, language } = view;
  if (tried.problems.length > 0) {
    const fields = fieldNames(view);
    return (
      <div class="note note-bad" role="alert">
        {tried.problems.map(({ field, reason }) => (
          <p>
            <strong>{fields[field] ?? field}</strong> {rfmReason(reason, language)}.
          </p>
        ))}
      </div>
    );
  }
  if (tried.isRefused) {
    return (
      <p class="note note-bad" role="alert">
        {say(
          "Not saved: the map does not give each cell to one segment. See the picture.",
          "Non enregistré : la carte ne donne pas chaque case à un seul segment. Voyez l’image.",
        )}
      </p>
    );
  }
  if (tried.preview === "late") {
    return (
      <p class="note" role="status">
        {say(
          "Your base is large, or another computation is under way: ask again in a minute.",
          "Votre base est grande, ou un autre calcul est en cours : redemandez dans une minute.",
        )}
      </p>
    );
  }
  if (query["done"] === "saved") {
    return (
      <div class="note note-good rfm-saved" role="status">
        <p>{say("Saved. The next computation goes by it.", "Enregistré. Le prochain calcul en tiendra compte.")}</p>
        <ComputeButton view={view} />
      </div>
    );
  }
  return null;
}

function fieldNames({ say }: View): Readonly<Record<string, string>> {
  return {
    method: say("Method", "La méthode"),
    own: say("Your own map", "Votre propre carte"),
    window: say("The window", "La période"),
    r: say("The thresholds of R", "Les seuils de R"),
    f: say("The thresholds of F", "Les seuils de F"),
    m: say("The thresholds of M", "Les seuils de M"),
    exclude: say("Orders to leave out:", "Commandes à écarter :"),
    subscriptions: say("Deliveries of a subscription:", "Livraisons d’un abonnement :"),
    weight: say("What a delivery counts as", "Le poids d’une livraison"),
  };
}

interface PreviewProps {
  readonly view: View;
  readonly preview: Preview;
  readonly names: ReadonlyMap<string, string>;
}

/** The sizes of segments by the draft beside those of now, and how many would be elsewhere. */
function PreviewCard({ view, preview: { run, shifts }, names }: PreviewProps) {
  const { say, language } = view;
  const draftNames = new Map(Object.entries(run.names));
  const sum = (side: "from" | "to", key: string): number =>
    shifts.filter((shift) => shift[side] === key).reduce((total, { contacts }) => total + contacts, 0);
  const keys = [...new Set([...draftNames.keys(), ...names.keys()])];
  const moved = shifts.filter(({ from, to }) => from !== to).reduce((total, { contacts }) => total + contacts, 0);
  const { axes } = run.rulers.plan;
  const by = (["r", "f", "m"] as const).map((axis) => `${axis.toUpperCase()}: ${AXIS_METHODS[axes[axis]][language]}`);
  return (
    <Card
      id="preview"
      title={say("What would change", "Ce qui changerait")}
      about={say(
        `${numberText(view, moved)} customers would be in another segment. ${by.join(", ")}. Nothing is saved yet.`,
        `${numberText(view, moved)} clients seraient dans un autre segment. ${by.join(", ")}. Rien n’est encore enregistré.`,
      )}
    >
      <div class="card-body">
        <table class="lines rfm-change" aria-labelledby="preview">
          <thead>
            <tr>
              <th scope="col">{say("Segment", "Segment")}</th>
              <th scope="col" class="end">
                {say("Now", "Aujourd’hui")}
              </th>
              <th scope="col" class="end">
                {say("Then", "Ensuite")}
              </th>
              <th scope="col" class="end">
                {say("Change", "Écart")}
              </th>
            </tr>
          </thead>
          <tbody>
            {keys.map((key) => (
              <tr>
                <th scope="row">{segmentName(key, draftNames.get(key) ?? names.get(key), language)}</th>
                <td class="end">{numberText(view, sum("from", key))}</td>
                <td class="end">{numberText(view, sum("to", key))}</td>
                <td class="end">{changeText(view, sum("to", key) - sum("from", key))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
