import { CHANNEL_KEYS } from "../../decisions/channel";
import type { CapLine, HoursLine, SendingDraft } from "../sending-draft";
import type { View } from "../view";
import { CHANNEL_NAMES, label } from "../words/labels";
import { DAY_CHOICES, daysName, levelChoices } from "../words/sending";
import { FormNotes, FormToken } from "./form";
import { Page } from "./layout";
import { Card, Head } from "./parts";
import { Field, LimitsCard } from "./sending-limits";

export interface SendingShown {
  readonly draft: SendingDraft;
  readonly problems: readonly string[];
}

interface Props {
  readonly view: View;
  readonly shown: SendingShown;
}

/** How often and when messages may leave. */
export function SendingPage({ view, shown: { draft, problems } }: Props) {
  const { say } = view;
  return (
    <Page view={view} title={say("Sending", "Envois")}>
      <Head
        title={say("How often and when", "À quelle fréquence et quand")}
        about={say(
          "Marketing that meets one of these waits and is asked about again; the most valuable goes first. Service messages are exempt and not counted.",
          "Un message marketing qui s’y heurte attend, puis est réexaminé ; le plus utile part en premier. Les messages de service ne sont ni limités ni comptés.",
        )}
      />
      <FormNotes
        view={view}
        problems={problems}
        saved={say("Saved. It holds from now on.", "Enregistré. C’est valable dès maintenant.")}
      />
      <form class="sending" method="post" action="/admin/sending">
        <FormToken view={view} />
        <CapsCard view={view} draft={draft} />
        <HoursCard view={view} draft={draft} />
        <LimitsCard view={view} draft={draft} />
        <p>
          <button type="submit" class="button-main">
            {say("Save", "Enregistrer")}
          </button>
        </p>
      </form>
    </Page>
  );
}

interface Part {
  readonly view: View;
  readonly draft: SendingDraft;
}

function CapsCard({ view, draft }: Part) {
  const { say } = view;
  return (
    <Card
      id="caps"
      title={say("Frequency caps", "Plafonds de fréquence")}
      about={say(
        "At most so many messages to one person within so long, counted back from each moment. A line without numbers is none.",
        "Au plus tant de messages à une personne en tant de temps, en remontant depuis chaque instant. Une ligne sans nombres ne compte pas.",
      )}
    >
      <div class="scroll">
        <table class="lines">
          <thead>
            <tr>
              <th scope="col">{say("Channel", "Canal")}</th>
              <th scope="col">{say("At most", "Au plus")}</th>
              <th scope="col">{say("Within", "En")}</th>
              <th scope="col">{say("For whom", "Pour qui")}</th>
            </tr>
          </thead>
          <tbody>
            {draft.caps.map((cap) => (
              <CapRow view={view} cap={cap} />
            ))}
          </tbody>
        </table>
      </div>
      <div class="card-body">
        <Field
          name="moment"
          value={draft.moment}
          label={say(
            "Hours between two messages on any channels: one occasion is one message",
            "Heures entre deux messages, tous canaux : une occasion, un message",
          )}
        />
      </div>
    </Card>
  );
}

function CapRow({ view, cap }: { view: View; cap: CapLine }) {
  const { say, language } = view;
  const units = { hours: say("hours", "heures"), days: say("days", "jours") };
  const channels = [...CHANNEL_KEYS, "all"].map((key) => [key, label(CHANNEL_NAMES, key, language)] as const);
  const levels = [["", say("Everybody", "Tout le monde")] as const, ...levelChoices(language)];
  return (
    <tr>
      <td>
        <Choice name="cap_channel" label={say("Channel", "Canal")} value={cap.channel} choices={channels} />
      </td>
      <td>
        <Small name="cap_count" label={say("At most", "Au plus")} value={cap.count} />
      </td>
      <td class="nowrap">
        <Small name="cap_length" label={say("Within", "En")} value={cap.length} />{" "}
        <Choice name="cap_unit" label={say("Unit", "Unité")} value={cap.unit} choices={Object.entries(units)} />
      </td>
      <td>
        <Choice name="cap_level" label={say("For whom", "Pour qui")} value={cap.level} choices={levels} />
      </td>
    </tr>
  );
}

function HoursCard({ view, draft }: Part) {
  const { say, language } = view;
  return (
    <Card
      id="hours"
      title={say("Sending windows", "Plages d’envoi")}
      about={say(
        "By the recipient’s clock: their own zone, else every zone of the country of their number, else the shop’s. What comes at another time waits for the next window, or is dropped if that is too late.",
        "À l’heure du destinataire : son fuseau, sinon tous ceux du pays de son numéro, sinon celui de la boutique. Hors plage, le message attend la suivante, ou est abandonné s’il est alors trop tard.",
      )}
    >
      <div class="card-body">
        <p>
          <label>
            <input type="checkbox" name="on" checked={draft.on} />{" "}
            {say("Keep to the sending windows", "Respecter les plages d’envoi")}
          </label>
        </p>
        <fieldset class="checks">
          <legend>{say("Channels that keep to them", "Canaux concernés")}</legend>
          {CHANNEL_KEYS.map((key) => (
            <label class="nowrap">
              <input type="checkbox" name="ringing" value={key} checked={draft.channels.includes(key)} />{" "}
              {label(CHANNEL_NAMES, key, language)}{" "}
            </label>
          ))}
        </fieldset>
      </div>
      <div class="scroll">
        <table class="lines">
          <thead>
            <tr>
              <th scope="col">{say("Country", "Pays")}</th>
              <th scope="col">{say("Days", "Jours")}</th>
              <th scope="col">{say("From", "De")}</th>
              <th scope="col">{say("To", "À")}</th>
              <th scope="col">{say("Public holidays", "Jours fériés")}</th>
            </tr>
          </thead>
          <tbody>
            {[draft.rest, ...draft.hours].map((line, place) => (
              <HoursRow view={view} line={line} isRest={place === 0} />
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function HoursRow({ view, line, isRest }: { view: View; line: HoursLine; isRest: boolean }) {
  const { say, language } = view;
  const days = [...new Set([...DAY_CHOICES, line.days])].filter((one) => one !== "");
  const holidays = { skip: say("closed", "fermé"), include: say("open", "ouvert") };
  return (
    <tr>
      <td>
        {isRest ? (
          <>
            <input type="hidden" name="hours_country" value="" /> {say("Everywhere else", "Partout ailleurs")}
          </>
        ) : (
          <Small name="hours_country" label={say("Country", "Pays")} value={line.country} most={2} />
        )}
      </td>
      <td>
        <Choice
          name="hours_days"
          label={say("Days", "Jours")}
          value={line.days}
          choices={days.map((one) => [one, daysName(one, language)] as const)}
        />
      </td>
      <td>
        <Small name="hours_from" label={say("From", "De")} value={line.from} />
      </td>
      <td>
        <Small name="hours_to" label={say("To", "À")} value={line.to} />
      </td>
      <td>
        <Choice
          name="hours_holidays"
          label={say("Public holidays", "Jours fériés")}
          value={line.isHoliday ? "include" : "skip"}
          choices={Object.entries(holidays)}
        />
      </td>
    </tr>
  );
}

function Small({ name, label: text, value, most = 5 }: { name: string; label: string; value: string; most?: number }) {
  return (
    <input
      type="text"
      class="input-small"
      name={name}
      aria-label={text}
      value={value}
      maxlength={most}
      size={most + 1}
    />
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly choices: readonly (readonly [string, string])[];
}

function Choice({ name, label: text, value, choices }: ChoiceProps) {
  return (
    <select name={name} aria-label={text}>
      {choices.map(([key, words]) => (
        <option value={key} selected={key === value}>
          {words}
        </option>
      ))}
    </select>
  );
}
