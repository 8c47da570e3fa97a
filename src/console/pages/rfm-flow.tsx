import type { Alluvial, Band, Move, Stop } from "../rfm-flow";
import { alluvialOf, directionOf } from "../rfm-flow";
import { numberText, type View } from "../view";
import { label } from "../words/labels";
import { segmentName } from "../words/rfm";
import { CAUSE_NAMES } from "../words/segments";

const WIDTH = 760;
/** Where names end and bands begin, from either side. */
const EDGE = 190;
const ROOM = 260;
const LISTED = 24;

interface Props {
  readonly view: View;
  readonly moves: readonly Move[];
  readonly names: ReadonlyMap<string, string>;
}

/** Who came from where: a picture at a desk, and the same as a list with the reasons. */
export function Flow({ view, moves, names }: Props) {
  const order = [...names.keys()];
  const drawn = alluvialOf(moves, order, ROOM);
  const most = moves[0]?.contacts ?? 1;
  const called = (key: string | null): string => nameOf(view, names, key);
  return (
    <div class="card-body stack">
      <AlluvialPicture drawn={drawn} order={order} called={called} view={view} />
      <ol class="reasons">
        {moves.slice(0, LISTED).map((move) => (
          <li>
            <span>
              <strong>
                {called(move.from)} → {called(move.to)}
              </strong>{" "}
              <span class="soft small">{causeText(view, move)}</span>
            </span>
            <span class="number">{numberText(view, move.contacts)}</span>
            <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
              <rect class="track" width="100" height="4" />
              <rect
                class={`flow-${directionOf(move, order)}`}
                width={((100 * move.contacts) / most).toFixed(1)}
                height="4"
              />
            </svg>
          </li>
        ))}
      </ol>
    </div>
  );
}

function nameOf({ say, language }: View, names: ReadonlyMap<string, string>, key: string | null): string {
  return key === null ? say("No segment", "Aucun segment") : segmentName(key, names.get(key), language);
}

function causeText(view: View, { causes }: Move): string {
  const words = causes.map(({ cause, contacts }) => {
    const text = label(CAUSE_NAMES, cause, view.language);
    return causes.length === 1 ? text : `${text} (${numberText(view, contacts)})`;
  });
  return words.join(", ");
}

interface PictureProps {
  readonly view: View;
  readonly drawn: Alluvial;
  readonly order: readonly string[];
  readonly called: (key: string | null) => string;
}

function AlluvialPicture({ view, drawn, order, called }: PictureProps) {
  const { say } = view;
  return (
    <figure class="alluvial" aria-hidden="true">
      <svg viewBox={`0 0 ${WIDTH} ${drawn.height.toFixed(0)}`} aria-hidden="true">
        {drawn.bands.map((band) => (
          <path class={`flow-${directionOf(band.move, order)}`} d={bandPath(band)} />
        ))}
        {drawn.left.map((stop) => (
          <StopText stop={stop} x={EDGE - 12} bar={EDGE - 4} anchor="end" text={called(stop.key)} />
        ))}
        {drawn.right.map((stop) => (
          <StopText stop={stop} x={WIDTH - EDGE + 12} bar={WIDTH - EDGE} anchor="start" text={called(stop.key)} />
        ))}
      </svg>
      <div class="legend">
        <span>
          <i class="flow-up" />
          {say("To a better segment", "Vers un meilleur segment")}
        </span>
        <span>
          <i class="flow-down" />
          {say("To a worse one", "Vers un moins bon")}
        </span>
        <span>
          <i class="flow-other" />
          {say("In or out", "Entrées et sorties")}
        </span>
      </div>
    </figure>
  );
}

interface StopProps {
  readonly stop: Stop;
  readonly x: number;
  readonly bar: number;
  readonly anchor: "start" | "end";
  readonly text: string;
}

function StopText({ stop, x, bar, anchor, text }: StopProps) {
  return (
    <>
      <rect class="alluvial-stop" x={bar} y={stop.top.toFixed(1)} width="4" height={stop.height.toFixed(1)} />
      <text x={x} y={(stop.top + stop.height / 2 + 4).toFixed(1)} text-anchor={anchor}>
        {`${text} ${stop.contacts}`}
      </text>
    </>
  );
}

function bandPath({ left, right, height }: Band): string {
  const [start, end] = [EDGE, WIDTH - EDGE];
  const middle = (start + end) / 2;
  const at = (value: number): string => value.toFixed(1);
  return (
    `M${start} ${at(left)}C${middle} ${at(left)} ${middle} ${at(right)} ${end} ${at(right)}V${at(right + height)}` +
    `C${middle} ${at(right + height)} ${middle} ${at(left + height)} ${start} ${at(left + height)}Z`
  );
}
