import type { Standing } from "../store";
import { numberText, type View } from "../view";
import { CHANNEL_NAMES, label } from "../words/labels";
import { FormToken } from "./form";
import { Pill } from "./parts";

interface Props {
  readonly view: View;
  readonly standing: Standing;
  /** Channels that can send. */
  readonly ready: readonly string[];
}

/** Whether messages may leave, and whatever waits for an operator. */
export function StandingList({ view, standing, ready }: Props) {
  const { say } = view;
  const count = (value: number): string => numberText(view, value);
  return (
    <>
      <KillNote view={view} killed={standing.killed} />
      <ul class="standing">
        <li>
          {standing.killed.length === 0 ? (
            <Pill tone="good">
              {say("Kill switch off: messages leave", "Arrêt d’urgence inactif : les messages partent")}
            </Pill>
          ) : (
            <Pill tone="bad">{say("Kill switch on", "Arrêt d’urgence actif")}</Pill>
          )}
        </li>
        {["email", "sms"].map((channel) => (
          <li>
            <ChannelPill view={view} channel={channel} isReady={ready.includes(channel)} />
          </li>
        ))}
        {standing.parked > 0 && (
          <li>
            <Pill tone="bad">
              {say(
                `${count(standing.parked)} contacts set aside after an error`,
                `${count(standing.parked)} contacts mis de côté après une erreur`,
              )}
            </Pill>
          </li>
        )}
        {standing.sideJournal > 0 && (
          <li>
            <Pill tone="wait">
              {say(
                `${count(standing.sideJournal)} requests wait to be read`,
                `${count(standing.sideJournal)} requêtes attendent d’être lues`,
              )}
            </Pill>
          </li>
        )}
        <li class="soft">{say(`${count(standing.contacts)} contacts`, `${count(standing.contacts)} contacts`)}</li>
        {!view.isLocal && <li class="soft">{view.environment}</li>}
        <li>
          <KillForm view={view} killed={standing.killed} />
        </li>
      </ul>
    </>
  );
}

function ChannelPill({ view, channel, isReady }: { view: View; channel: string; isReady: boolean }) {
  const name = label(CHANNEL_NAMES, channel, view.language);
  return isReady ? (
    <Pill tone="good">{view.say(`${name} ready`, `${name} prêt`)}</Pill>
  ) : (
    <Pill tone="wait">{view.say(`${name} not set up`, `${name} non configuré`)}</Pill>
  );
}

/** The switch itself. Switching on asks twice: it stops the messages of every scenario. */
function KillForm({ view, killed }: { view: View; killed: readonly string[] }) {
  const { say } = view;
  if (killed.length > 0) {
    return (
      <form method="post" action="/admin/kill">
        <FormToken view={view} />
        <button type="submit" name="on" value="no" class="button-main">
          {say("Let messages leave again", "Laisser repartir les messages")}
        </button>
      </form>
    );
  }
  return (
    <details>
      <summary>{say("Stop all messages…", "Arrêter tous les messages…")}</summary>
      <form method="post" action="/admin/kill">
        <FormToken view={view} />
        <button type="submit" name="on" value="yes" class="button-stop">
          {say("Stop them now", "Les arrêter maintenant")}
        </button>
      </form>
    </details>
  );
}

/** Says loudly that nothing leaves: everything else on the page looks as usual meanwhile. */
function KillNote({ view, killed }: { view: View; killed: readonly string[] }) {
  if (killed.length === 0) return null;
  const channels = killed.map((channel) => label(CHANNEL_NAMES, channel, view.language)).join(", ");
  return (
    <p class="note note-bad" role="status">
      <strong>{view.say("The kill switch is on", "L’arrêt d’urgence est actif")}</strong>
      {view.say(
        ` (${channels}). Messages are held and leave when it is switched off, unless they are too late by then.`,
        ` (${channels}). Les messages sont retenus et partiront quand il sera désactivé, sauf s’il est alors trop tard.`,
      )}
    </p>
  );
}
