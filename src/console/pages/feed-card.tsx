import type { Feed, FeedRun } from "../../commerce/feed";
import { numberText, type View } from "../view";
import { feedReason, INTERVALS, RUN_STATES } from "../words/catalogue";
import { label } from "../words/labels";
import { FormToken } from "./form";
import { Ago, CodePill, Pill } from "./parts";

/** A feed with its last run. */
export interface ShownFeed {
  readonly feed: Feed;
  readonly last: FeedRun | null;
}

/** A feed: where it is, when it was read, what came of it. */
export function FeedSection({ view, shown: { feed, last } }: { view: View; shown: ShownFeed }) {
  const { say } = view;
  return (
    <section class="scenario" aria-label={feed.key}>
      <div>
        <h3>
          {feed.key}
          {last ? (
            <CodePill view={view} catalog={RUN_STATES} code={last.state} />
          ) : (
            <Pill tone="calm">{say("Not fetched yet", "Pas encore lu")}</Pill>
          )}
        </h3>
        <p class="mono">{feed.definition.url}</p>
        <Times view={view} feed={feed} last={last} />
        {last?.reason && (
          <p class="note note-bad">
            {say("The feed", "Le flux")} {feedReason(last.reason, view.language)}.{" "}
            {last.part === 0 && say("The catalogue stays as it was.", "Le catalogue reste tel quel.")}
          </p>
        )}
        {last && last.rejected.length > 0 && <Rejections view={view} run={last} />}
      </div>
      <div class="stack">
        {last && <RunCounts view={view} run={last} />}
        <Buttons view={view} feed={feed} />
      </div>
    </section>
  );
}

function Times({ view, feed: { definition, nextAt }, last }: { view: View } & ShownFeed) {
  const { say } = view;
  const every = label(INTERVALS, definition.every, view.language);
  return (
    <p>
      {last && (
        <>
          {say("Fetched", "Lu")} <Ago view={view} at={last.startedAt} />.{" "}
        </>
      )}
      {nextAt === null ? (
        say("Fetched by hand only.", "Lu seulement à la main.")
      ) : (
        <>
          {say("Next", "Prochaine lecture")} <Ago view={view} at={nextAt} />, {every[0]?.toLowerCase()}
          {every.slice(1)}.
        </>
      )}
    </p>
  );
}

function Buttons({ view, feed: { key } }: { view: View; feed: Feed }) {
  const { say } = view;
  const path = `/admin/catalogue/feeds/${encodeURIComponent(key)}`;
  return (
    <div class="actions">
      <form method="post" action={`${path}/fetch`}>
        <FormToken view={view} />
        <button type="submit" aria-label={say(`Fetch now: ${key}`, `Lire maintenant : ${key}`)}>
          {say("Fetch now", "Lire maintenant")}
        </button>
      </form>
      <details>
        <summary>{say("Remove…", "Supprimer…")}</summary>
        <p class="soft">{say("Its products stay.", "Ses produits restent.")}</p>
        <form method="post" action={`${path}/remove`}>
          <FormToken view={view} />
          <button type="submit" aria-label={say(`Remove ${key}`, `Supprimer ${key}`)}>
            {say("Remove", "Supprimer")}
          </button>
        </form>
      </details>
    </div>
  );
}

function RunCounts({ view, run }: { view: View; run: FeedRun }) {
  const { say } = view;
  const rejected = run.rejected.reduce((sum, { count }) => sum + count, 0);
  const figures: readonly (readonly [string, number])[] = [
    [say("items", "articles"), run.items],
    [say("new or changed", "nouveaux ou modifiés"), run.changed],
    [say("no longer listed", "retirés du flux"), run.gone],
    [say("left out", "écartés"), rejected],
  ];
  return (
    <dl class="counts counts-few">
      {figures.map(([name, value]) => (
        <div>
          <dt>{name}</dt>
          <dd class={value === 0 ? "zero" : undefined}>{numberText(view, value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Rejections({ view, run }: { view: View; run: FeedRun }) {
  const { say } = view;
  return (
    <details open>
      <summary>{say("Items that were left out", "Articles écartés")}</summary>
      <section class="scroll" tabindex={0} aria-label={say("Items that were left out", "Articles écartés")}>
        <table class="lines lines-named">
          <thead>
            <tr>
              <th scope="col">{say("Why", "Pourquoi")}</th>
              <th scope="col">{say("For example", "Par exemple")}</th>
              <th scope="col" class="end">
                {say("Items", "Articles")}
              </th>
            </tr>
          </thead>
          <tbody>
            {run.rejected.map(({ reason, count, line, example }) => (
              <tr>
                <th scope="row">{feedReason(reason, view.language)}</th>
                <td>
                  {example !== null && <code>{example}</code>} {say("line", "ligne")} {numberText(view, line)}
                </td>
                <td class="end">{numberText(view, count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
