import { segmentKey } from "../../segments/rfm/map";
import type { DrawnMap } from "../rfm-map";
import type { View } from "../view";
import { segmentName } from "../words/rfm";
import { Card } from "./parts";

const SCORES = [1, 2, 3, 4, 5];

interface Props {
  readonly view: View;
  readonly map: DrawnMap;
}

/** All 125 cells of a map with the segment of each, and in words which are in none or in several. */
export function MapCard({ view, map }: Props) {
  const { say } = view;
  return (
    <Card
      id="map"
      title={say("The map, cell by cell", "La carte, case par case")}
      about={say(
        "A square for each R; M grows to the right, F upwards. Numbers are segments.",
        "Un carré pour chaque R ; M croît vers la droite, F vers le haut. Les nombres sont les segments.",
      )}
    >
      <div class="card-body stack">
        {!map.isWhole && <MapFaults view={view} map={map} />}
        {map.isGuarded && (
          <p class="soft small">
            {say(
              "Customers with a single order go another way first: New, Promising, About to Sleep, Hibernating or Lost by R, so that one large order makes nobody loyal.",
              "Les clients d’une seule commande suivent d’abord un autre chemin : Nouveaux, Prometteurs, Bientôt endormis, En hibernation ou Perdus selon R ; une seule grosse commande ne rend personne fidèle.",
            )}
          </p>
        )}
        <div class="map-squares">
          {SCORES.toReversed().map((r) => (
            <MapSquare view={view} map={map} r={r} />
          ))}
        </div>
        <ol class="map-legend">
          {map.segments.map(({ name, cells }, index) => (
            <li>
              <i class={`map-cell map-${index % 12}`}>{index + 1}</i>
              <span>
                {segmentName(segmentKey(name), name, view.language)}{" "}
                <span class="soft small">
                  {cells === 1 ? say("1 cell", "1 case") : say(`${cells} cells`, `${cells} cases`)}
                </span>
              </span>
            </li>
          ))}
        </ol>
      </div>
    </Card>
  );
}

function MapFaults({ view, map }: Props) {
  const { say } = view;
  const { uncovered, overlapping, unreachable, owners, segments } = map;
  const called = (number: number): string => segments[number - 1]?.name ?? "";
  return (
    <div class="note note-bad" role="alert">
      {uncovered.length > 0 && (
        <p>
          <strong>
            {say(
              `${uncovered.length} cells are in no segment:`,
              `${uncovered.length} cases ne sont dans aucun segment :`,
            )}
          </strong>{" "}
          <span class="number">{uncovered.join(" ")}</span>
        </p>
      )}
      {overlapping.length > 0 && (
        <details>
          <summary>
            <strong>
              {say(
                `${overlapping.length} cells are in more than one segment`,
                `${overlapping.length} cases sont dans plusieurs segments`,
              )}
            </strong>
          </summary>
          <ul>
            {overlapping.map((cell) => (
              <li>
                <span class="number">{cell}</span>: {(owners.get(cell) ?? []).map(called).join(", ")}
              </li>
            ))}
          </ul>
        </details>
      )}
      {unreachable.length > 0 && (
        <p>
          <strong>
            {say(
              "If the first that fits counted, nobody could be in:",
              "Si le premier qui convient l’emportait, personne ne serait dans :",
            )}
          </strong>{" "}
          {unreachable.join(", ")}
        </p>
      )}
    </div>
  );
}

function MapSquare({ view, map, r }: Props & { r: number }) {
  return (
    <table class="map-square">
      <caption>R {r}</caption>
      <thead>
        <tr>
          <td />
          {SCORES.map((m) => (
            <th scope="col">M{m}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {SCORES.toReversed().map((f) => (
          <tr>
            <th scope="row">F{f}</th>
            {SCORES.map((m) => (
              <MapCell view={view} owners={map.owners.get(`${r}${f}${m}`) ?? []} cell={`${r}${f}${m}`} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function MapCell({ view, owners, cell }: { view: View; owners: readonly number[]; cell: string }) {
  const [first] = owners;
  if (first === undefined) {
    return (
      <td class="map-cell map-none" title={cell}>
        <span aria-hidden="true">–</span>
        <span class="hidden">{view.say("none", "aucun")}</span>
      </td>
    );
  }
  if (owners.length === 1) {
    return (
      <td class={`map-cell map-${(first - 1) % 12}`} title={cell}>
        {first}
      </td>
    );
  }
  return (
    <td class="map-cell map-twice" title={`${cell}: ${owners.join(", ")}`}>
      <span aria-hidden="true">×{owners.length}</span>
      <span class="hidden">{owners.join(", ")}</span>
    </td>
  );
}
