import type { RejectedRow } from "../../admin/rejected-store";
import { reasonWords } from "../../reports/reasons";
import { contactId } from "../../shared/ids";
import type { MessageAct } from "../how-far";
import { farthest } from "../how-far";
import type { DecisionRow, FollowedSend, ShownSend } from "../store";
import { timeText, type View } from "../view";
import { CHANNEL_NAMES, FATES, HAPPENED, label, STAGES } from "../words/labels";
import type { ScenarioNames } from "../words/scenarios";
import { FormToken } from "./form";
import { Ago, CodePill, Time } from "./parts";

/** A contact by its public id, which says nothing of the person. */
export function ContactLink({ contact }: { contact: number }) {
  const id = contactId(contact);
  return (
    <a href={`/admin/contacts/${id}`} class="mono">
      {id}
    </a>
  );
}

function About({ view, names, row, contact }: { view: View; names: ScenarioNames; row: Origin; contact: boolean }) {
  return (
    <p class="feed-about">
      {contact && <ContactLink contact={row.contact} />}
      <span>
        <Sender names={names} row={row} />
      </span>
      <span>{label(CHANNEL_NAMES, row.channel, view.language)}</span>
    </p>
  );
}

/** What wrote it: a campaign, or the block of a scenario. */
function Sender({ names, row: { scenario, block, campaign } }: { names: ScenarioNames; row: Origin }) {
  const id = encodeURIComponent(scenario);
  if (campaign !== null) return <a href={`/admin/campaigns/${id}`}>{campaign}</a>;
  return (
    <>
      <a href={`/admin/scenarios/${id}`}>{names.get(scenario) ?? scenario}</a>
      {" › "}
      <code>{block}</code>
    </>
  );
}

interface Origin {
  readonly contact: number;
  readonly scenario: string;
  readonly block: string;
  readonly channel: string;
  /** The name of the campaign that it is of. */
  readonly campaign: string | null;
}

interface FeedProps<Row> {
  readonly view: View;
  readonly names: ScenarioNames;
  readonly rows: readonly Row[];
  /** False on the contact's own page. */
  readonly contact?: boolean;
}

/** Decisions with their reasons in words, and what was looked at behind each. */
export function DecisionFeed({ view, names, rows, contact = true }: FeedProps<DecisionRow>) {
  return (
    <ol class="feed">
      {rows.map((row) => (
        <li>
          <Time view={view} at={row.at} />
          <p class="feed-line">
            <CodePill view={view} catalog={FATES} code={fateOf(row)} />
            <strong>{reasonOf(row, view)}</strong>
          </p>
          <About view={view} names={names} row={row} contact={contact} />
          <Inputs view={view} row={row} />
        </li>
      ))}
    </ol>
  );
}

function fateOf({ outcome, sendState }: DecisionRow): string {
  return outcome === "send" ? (sendState ?? "queued") : outcome;
}

function reasonOf(row: DecisionRow, view: View): string {
  const stopped = row.outcome === "send" && row.sendReason !== null;
  return reasonWords(stopped ? row.sendReason : row.reason, view.language);
}

function Inputs({ view, row }: { view: View; row: DecisionRow }) {
  const inputs = parsed(row.inputs);
  return (
    <details>
      <summary>{view.say("What was looked at", "Ce qui a été examiné")}</summary>
      <dl class="facts inputs">
        <dt>{view.say("decision", "décision")}</dt>
        <dd>
          {row.outcome}: {row.reason}
        </dd>
        {row.sendState !== null && <dt>{view.say("message", "message")}</dt>}
        {row.sendState !== null && <dd>{[row.sendState, row.sendReason].filter(Boolean).join(": ")}</dd>}
        {Object.entries(inputs).map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{inputText(name, value, view)}</dd>
          </>
        ))}
      </dl>
    </details>
  );
}

function inputText(name: string, value: unknown, view: View): string {
  if (name.endsWith("_at") && typeof value === "number") return timeText(view, value, "full");
  return typeof value === "string" ? value : JSON.stringify(value);
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : { value };
  } catch {
    return { value: text };
  }
}

/** Messages with their state. Where one waits for another try, when that comes. */
export function SendFeed({ view, names, rows, contact = true }: FeedProps<ShownSend & Partial<FollowedSend>>) {
  const { say } = view;
  return (
    <ol class="feed">
      {rows.map((row) => (
        <li>
          <Time view={view} at={row.updatedAt} />
          <p class="feed-line">
            <Fate view={view} row={row} />
            <strong>{row.reason === null ? contentText(row, view) : reasonWords(row.reason, view.language)}</strong>
          </p>
          <About view={view} names={names} row={row} contact={contact} />
          <Acts view={view} acts={row.acts ?? []} />
          {(row.attempts > 1 || row.state === "queued") && (
            <p class="feed-about">
              {row.attempts > 0 && <span>{say(`${row.attempts} tries`, `${row.attempts} essais`)}</span>}
              {row.state === "queued" && row.nextAt > view.now && (
                <span>
                  {say("next try", "prochain essai")} <Ago view={view} at={row.nextAt} />
                </span>
              )}
              {row.state === "queued" && row.nextAt <= view.now && <span>{say("due now", "à envoyer")}</span>}
            </p>
          )}
          <Replay view={view} row={row} />
        </li>
      ))}
    </ol>
  );
}

/** How far a message got: what happened to it last in rank, or how it stands where nothing did. */
function Fate({ view, row: { state, acts = [] } }: { view: View; row: ShownSend & Partial<FollowedSend> }) {
  const got = state === "sent" ? farthest(acts) : null;
  return got ? (
    <CodePill view={view} catalog={HAPPENED} code={got.kind} />
  ) : (
    <CodePill view={view} catalog={FATES} code={state} />
  );
}

function Acts({ view, acts }: { view: View; acts: readonly MessageAct[] }) {
  if (acts.length === 0) return null;
  return (
    <p class="feed-about">
      {acts.map(({ kind, at }) => (
        <span>
          {label(HAPPENED, kind, view.language)} <Time view={view} at={at} />
        </span>
      ))}
    </p>
  );
}

/** A second try for what failed. What may have arrived is asked about first, as it could arrive twice. */
function Replay({ view, row }: { view: View; row: ShownSend }) {
  if (row.state !== "failed" && row.state !== "unknown") return null;
  const { say } = view;
  const form = (
    <form method="post" action={`/admin/messages/${encodeURIComponent(row.id)}/replay`}>
      <FormToken view={view} />
      <button type="submit">{say("Try again", "Réessayer")}</button>
    </form>
  );
  if (row.state === "failed") return form;
  return (
    <details>
      <summary>{say("Try again…", "Réessayer…")}</summary>
      <p class="soft">
        {say(
          "It may have arrived. Another try could reach the person twice.",
          "Il est peut-être arrivé. Un nouvel essai pourrait l’envoyer deux fois.",
        )}
      </p>
      {form}
    </details>
  );
}

function contentText({ content, contentVersion }: ShownSend, view: View): string {
  return view.say(`“${content}”, version ${contentVersion}`, `« ${content} », version ${contentVersion}`);
}

/** Events that were turned down, with their body as it came. */
export function RejectedFeed({ view, rows }: { view: View; rows: readonly RejectedRow[] }) {
  const { say } = view;
  return (
    <ol class="feed">
      {rows.map((row) => (
        <li>
          <Time view={view} at={row.receivedAt} />
          <p class="feed-line">
            <strong>{row.reason}</strong>
          </p>
          <p class="feed-about">
            <span>{label(STAGES, row.stage, view.language)}</span>
            <span class="mono">{row.messageId === "" ? say("no message id", "sans identifiant") : row.messageId}</span>
            {row.replayedAt !== null && (
              <span>
                {say("replayed", "rejoué")} <Ago view={view} at={row.replayedAt} />
              </span>
            )}
          </p>
          <details>
            <summary>{say("The event as it came", "L’événement tel qu’il est arrivé")}</summary>
            <pre tabindex={0}>{pretty(row.body)}</pre>
          </details>
          {row.replayedAt === null && (
            <form method="post" action={`/admin/rejected/${row.id}/replay`}>
              <FormToken view={view} />
              <button type="submit">{say("Replay", "Rejouer")}</button>
            </form>
          )}
        </li>
      ))}
    </ol>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
