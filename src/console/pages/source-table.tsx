import { sourceTitle } from "../../events/source";
import type { SourceFigures } from "../../reports/source-figures";
import { DAY, HOUR, MINUTE, SECOND } from "../../shared/clock";
import { durationInWords } from "../../shared/duration";
import { numberText, timeText, type View } from "../view";
import { SOURCE_STATES } from "../words/sources";
import { Ago, CodePill } from "./parts";

/** Each source with its last event, its rate, what was refused, and its clients' clocks. On a phone it is a list. */
export function SourceTable({ view, sources }: { view: View; sources: readonly SourceFigures[] }) {
  const { say } = view;
  const names = {
    last: say("Last event", "Dernier événement"),
    events: say("Events", "Événements"),
    rejected: say("Not taken", "Non acceptés"),
    clock: say("Clients’ clocks", "Horloges des clients"),
  };
  return (
    <table class="sources" aria-labelledby="sources">
      <thead>
        <tr>
          <th scope="col">{say("Source", "Source")}</th>
          {Object.values(names).map((name) => (
            <th scope="col">{name}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {sources.map((figures) => (
          <SourceRow view={view} figures={figures} names={names} />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly view: View;
  readonly figures: SourceFigures;
  readonly names: Readonly<Record<"last" | "events" | "rejected" | "clock", string>>;
}

function SourceRow({ view, figures, names }: RowProps) {
  const { say, language } = view;
  const { source, state, lastAt, lastEventAt } = figures;
  return (
    <tr>
      <th scope="row">
        <strong>{sourceTitle(source)[language]}</strong>
        {lastAt !== null && <CodePill view={view} catalog={SOURCE_STATES} code={state} />}
      </th>
      <td data-name={names.last}>
        {lastAt === null ? (
          <p>{say("never", "jamais")}</p>
        ) : (
          <>
            <p>
              <Ago view={view} at={lastAt} />
            </p>
            <p class="soft">{timeText(view, lastEventAt ?? lastAt)}</p>
          </>
        )}
      </td>
      <td data-name={names.events}>
        <Spark counts={figures.day} />
        <p class="soft">
          {numberText(view, figures.eventsLastDay)} {say("in 24 h", "en 24 h")},{" "}
          {numberText(view, figures.eventsLastHour)} {say("in the last hour", "dans la dernière heure")}
        </p>
      </td>
      <td data-name={names.rejected}>
        <p class={state === "rejecting" ? "warn" : ""}>{numberText(view, figures.refusedLastDay)}</p>
        {figures.refusedLastHour > 0 && (
          <p class="soft">
            {say(
              `${shareText(view, figures.refusedShare)} in the last hour`,
              `${shareText(view, figures.refusedShare)} dans la dernière heure`,
            )}
          </p>
        )}
      </td>
      <td data-name={names.clock}>
        <Clock view={view} figures={figures} />
      </td>
    </tr>
  );
}

function shareText(view: View, share: number): string {
  const locale = view.language === "fr" ? "fr-FR" : "en-GB";
  return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(share);
}

function Clock({ view, figures }: { view: View; figures: SourceFigures }) {
  const { say, language } = view;
  const { requests, median, wrongShare } = figures.clock;
  if (requests === 0 || median === null) return <p class="soft">{say("not stated", "non indiquées")}</p>;
  const size = durationInWords(roughly(Math.abs(median)), language);
  const text =
    median === 0
      ? say("right to the second", "justes à la seconde")
      : median > 0
        ? say(`about ${size} behind`, `en retard d’environ ${size}`)
        : say(`about ${size} ahead`, `en avance d’environ ${size}`);
  return (
    <>
      <p>{text}</p>
      {wrongShare > 0 && (
        <p class={wrongShare > 0.1 ? "soft warn" : "soft"}>
          {say(
            `${shareText(view, wrongShare)} wrong by more than 5 min`,
            `${shareText(view, wrongShare)} fausses de plus de 5 min`,
          )}
        </p>
      )}
    </>
  );
}

/** To the largest unit that is in it: the figure is no more exact than that. */
function roughly(ms: number): number {
  const unit = [DAY, HOUR, MINUTE].find((one) => ms >= one) ?? SECOND;
  return Math.round(ms / unit) * unit;
}

const SPARK = { width: 152, height: 32 } as const;

/** 24 hours as bars; the figures beside them say the same. */
function Spark({ counts }: { counts: readonly number[] }) {
  const top = Math.max(1, ...counts);
  const width = SPARK.width / counts.length;
  return (
    <svg class="spark" viewBox={`0 0 ${SPARK.width} ${SPARK.height}`} preserveAspectRatio="none" aria-hidden="true">
      {counts.map((count, index) => {
        const height = count === 0 ? 1 : Math.max(2, (count / top) * SPARK.height);
        return (
          <rect
            class={count === 0 ? "spark-none" : undefined}
            x={(index * width + width * 0.12).toFixed(1)}
            y={(SPARK.height - height).toFixed(1)}
            width={(width * 0.76).toFixed(1)}
            height={height.toFixed(1)}
          />
        );
      })}
    </svg>
  );
}
