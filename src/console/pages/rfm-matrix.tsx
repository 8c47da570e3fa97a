import type { Rulers } from "../../segments/rfm/rulers";
import type { MatrixCell, Square } from "../rfm-matrix";
import { bandsOf, shadeOf, squaresOf, sumOf } from "../rfm-matrix";
import { numberText, type View } from "../view";
import { segmentName } from "../words/rfm";
import type { RfmNames } from "./rfm-parts";
import { bandText, changeText, roundMoney, shareText } from "./rfm-parts";

interface Props extends RfmNames {
  readonly view: View;
  /** What the table is called. */
  readonly caption: string;
  readonly cells: readonly MatrixCell[];
  readonly most: 3 | 5;
  /** What the scores stand for; null where that is not known. */
  readonly rulers: Rulers | null;
  /** The way to the contacts of a square; null where nobody is kept for it. */
  readonly href: ((square: Square) => string) | null;
  /** The same at another date, which changes are counted from. */
  readonly before?: readonly MatrixCell[];
  /** Beside another one: figures alone. */
  readonly isSmall?: boolean;
}

/** Everybody by R (down) and F (across), each square as dark as it is full, with its M as five little bars. */
export function Matrix(props: Props) {
  const { caption, cells, most, before, isSmall } = props;
  const rows = squaresOf(cells, most);
  const earlier = before && squaresOf(before, most);
  const whole = sumOf(cells).contacts;
  const fullest = Math.max(...rows.flat().map(({ contacts }) => contacts));
  return (
    <table class={isSmall ? "matrix matrix-small" : "matrix"}>
      <caption class="hidden">{caption}</caption>
      <MatrixHead {...props} />
      <tbody>
        {rows.map((row, place) => (
          <tr>
            <RowHead {...props} r={most - place} />
            {row.map((square, column) => (
              <td class={`shade-${shadeOf(square, fullest)}`}>
                <SquareText
                  {...props}
                  square={square}
                  whole={whole}
                  change={earlier ? square.contacts - (earlier[place]?.[column]?.contacts ?? 0) : null}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function MatrixHead({ view, most, rulers }: Props) {
  const bands = rulers ? bandsOf(rulers, "f", 1) : [];
  return (
    <thead>
      <tr>
        <td />
        {Array.from({ length: most }, (_, index) => (
          <th scope="col">
            F{index + 1}
            {bands[index] && <small>{bandText(bands[index], (value) => numberText(view, value))}</small>}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function RowHead({ view, rulers, r }: Props & { r: number }) {
  const band = rulers ? bandsOf(rulers, "r", 1)[r - 1] : undefined;
  const days = view.say("d", "j");
  return (
    <th scope="row">
      R{r}
      {band && <small>{`${bandText(band, (value) => numberText(view, value))} ${days}`}</small>}
    </th>
  );
}

interface SquareProps extends Props {
  readonly square: Square;
  readonly whole: number;
  readonly change: number | null;
}

function SquareText({ view, square, whole, change, href, names, currency }: SquareProps) {
  const { r, f, contacts, revenue, segments } = square;
  if (contacts === 0) return <span class="matrix-none">{change ? changeText(view, change) : "0"}</span>;
  const called = segments.map((key) => segmentName(key, names.get(key), view.language)).join(", ");
  const text = (
    <>
      <span class="hidden">{`R${r} F${f}: `}</span>
      <strong>{numberText(view, contacts)}</strong>{" "}
      {change === null ? (
        <>
          <span class="matrix-share">{shareText(view, contacts, whole)}</span>{" "}
          <span class="matrix-wide">{roundMoney(view, revenue, currency)}</span> <MoneyBars square={square} />
          <span class="matrix-wide matrix-names">{called}</span>
        </>
      ) : (
        <span class="matrix-share">{changeText(view, change)}</span>
      )}
    </>
  );
  return href ? <a href={href(square)}>{text}</a> : <span>{text}</span>;
}

/** How many have each M, the least first. Its figures stand on the page of the square. */
function MoneyBars({ square: { byM } }: { square: Square }) {
  const most = Math.max(1, ...byM);
  return (
    <svg class="matrix-money" viewBox={`0 0 ${byM.length * 8} 12`} aria-hidden="true">
      {byM.map((count, index) => {
        const height = count === 0 ? 1 : 2 + (10 * count) / most;
        return <rect x={index * 8 + 1} y={(12 - height).toFixed(1)} width="6" height={height.toFixed(1)} />;
      })}
    </svg>
  );
}
