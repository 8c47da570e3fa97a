import type { SuppressionKind } from "../../contacts/delivery";
import type { Brake } from "../../decisions/brake";
import { sourceTitle } from "../../events/source";
import { reasonWords } from "../../reports/reasons";
import type { SuppressionRow } from "../../services/suppressions";
import { contactId } from "../../shared/ids";
import { numberText, type View } from "../view";
import { SUPPRESSION_NAMES } from "../words/delivery";
import { CHANNEL_NAMES, label } from "../words/labels";
import { ContactLink } from "./feeds";
import { FormToken } from "./form";
import { Page } from "./layout";
import type { NextPage } from "./parts";
import { Ago, Card, CodePill, Empty, Head, More, Pill, Time } from "./parts";

/** How one channel stands. */
export interface ChannelStanding {
  readonly channel: string;
  readonly isReady: boolean;
  /** Null where nothing holds it. */
  readonly brake: Brake | null;
  /** Messages that are to leave. */
  readonly waiting: number;
  /** Calls a second that its provider takes; 0 for as many as there are. */
  readonly callsPerSecond: number;
}

interface Count {
  readonly source: string;
  readonly kind: SuppressionKind;
  readonly n: number;
}

interface Props {
  readonly view: View;
  readonly channels: readonly ChannelStanding[];
  readonly counts: readonly Count[];
  readonly rows: readonly SuppressionRow[];
  readonly next: NextPage;
}

/** How channels stand with their providers, and who is not written to any more. */
export function DeliveryPage({ view, channels, counts, rows, next }: Props) {
  const { say } = view;
  return (
    <Page view={view} title={say("Delivery", "Délivrabilité")}>
      <Head
        title={say("Delivery", "Délivrabilité")}
        about={say(
          "How the channels stand with their providers, and whom nothing is sent to any more.",
          "L’état des canaux chez leurs prestataires, et à qui plus rien n’est envoyé.",
        )}
      />
      <Card id="channels" title={say("Channels", "Canaux")}>
        <ul class="feed">
          {channels.map((standing) => (
            <Channel view={view} standing={standing} />
          ))}
        </ul>
      </Card>
      <Counts view={view} counts={counts} />
      <Card id="list" title={say("Suppressions, newest first", "Suppressions, les plus récentes d’abord")}>
        {rows.length === 0 ? (
          <Empty
            view={view}
            title={say("Nobody is suppressed", "Personne n’est supprimé des envois")}
            text={say(
              "Whose messages come back, or who reports one as spam, is listed here.",
              "Les adresses dont les messages reviennent et les plaintes s’affichent ici.",
            )}
          />
        ) : (
          <ol class="feed">
            {rows.map((row) => (
              <Suppression view={view} row={row} />
            ))}
          </ol>
        )}
        <More view={view} next={next} />
      </Card>
    </Page>
  );
}

function Channel({ view, standing }: { view: View; standing: ChannelStanding }) {
  const { say, language } = view;
  const { channel, isReady, brake, waiting, callsPerSecond } = standing;
  const name = label(CHANNEL_NAMES, channel, language);
  const count = numberText(view, waiting);
  return (
    <li>
      <strong>{name}</strong>
      <p class="feed-line">
        {brake !== null ? (
          <Pill tone="bad">{say("Paused", "En pause")}</Pill>
        ) : isReady ? (
          <Pill tone="good">{say("Sending", "En service")}</Pill>
        ) : (
          <Pill tone="calm">{say("No provider yet", "Pas encore de prestataire")}</Pill>
        )}
      </p>
      <p class="feed-about">
        {brake !== null && (
          <span>
            {reasonWords(brake.reason, language)} · {say("goes on", "reprise")} <Ago view={view} at={brake.until} />
          </span>
        )}
        <span>
          {waiting === 0 ? say("nothing waits", "rien en attente") : say(`${count} to leave`, `${count} à envoyer`)}
        </span>
        {callsPerSecond > 0 && (
          <span>{say(`at most ${callsPerSecond} calls a second`, `${callsPerSecond} appels par seconde au plus`)}</span>
        )}
      </p>
      {brake !== null && (
        <form method="post" action={`/admin/delivery/${channel}/resume`}>
          <FormToken view={view} />
          <button type="submit" aria-label={say(`Resume now: ${name}`, `Reprendre maintenant : ${name}`)}>
            {say("Resume now", "Reprendre maintenant")}
          </button>
        </form>
      )}
    </li>
  );
}

function Counts({ view, counts }: { view: View; counts: readonly Count[] }) {
  const { say, language } = view;
  if (counts.length === 0) return null;
  return (
    <Card
      id="sources"
      title={say("By source", "Par source")}
      about={say(
        "What came by a secret that leaked is lifted here at once.",
        "Ce qui est arrivé par une clé compromise se lève ici d’un coup.",
      )}
    >
      <ul class="feed">
        {counts.map(({ source, kind, n }) => (
          <li>
            <strong>{numberText(view, n)}</strong>
            <p class="feed-line">
              <CodePill view={view} catalog={SUPPRESSION_NAMES} code={kind} />
              <span class="soft">{sourceTitle(source)[language]}</span>
            </p>
            <details>
              <summary>{say("Lift all of these…", "Tout lever…")}</summary>
              <p class="soft">
                {say(
                  "Messages go to these people again. Do so only where the provider’s word was false.",
                  "Ces personnes recevront de nouveau des messages. À réserver aux signalements erronés.",
                )}
              </p>
              <Lift
                view={view}
                fields={{ source, kind }}
                text={say(`Lift ${numberText(view, n)}`, `Lever ${numberText(view, n)}`)}
              />
            </details>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Suppression({ view, row }: { view: View; row: SuppressionRow }) {
  const { say, language } = view;
  const { contact, kind, source, channel, at } = row;
  return (
    <li>
      <Time view={view} at={at} />
      <p class="feed-line">
        <CodePill view={view} catalog={SUPPRESSION_NAMES} code={kind} />
        <span class="soft">{label(CHANNEL_NAMES, channel, language)}</span>
      </p>
      <p class="feed-about">
        {contact === null ? (
          <span>{say("of somebody who was erased", "d’une personne effacée")}</span>
        ) : (
          <ContactLink contact={contact} />
        )}
        <span>{sourceTitle(source)[language]}</span>
      </p>
      {contact !== null && (
        <details>
          <summary>{say("Lift…", "Lever…")}</summary>
          <p class="soft">
            {say(
              "Only where the address is right again, or the person asks for it.",
              "Uniquement si l’adresse est de nouveau valable ou si la personne le demande.",
            )}
          </p>
          <Lift view={view} fields={{ contact: contactId(contact), kind }} text={say("Lift it", "Lever")} />
        </details>
      )}
    </li>
  );
}

function Lift({ view, fields, text }: { view: View; fields: Readonly<Record<string, string>>; text: string }) {
  return (
    <form method="post" action="/admin/delivery/lift">
      <FormToken view={view} />
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <button type="submit">{text}</button>
    </form>
  );
}
