import type { Why } from "../../segments/describe";
import { contactId } from "../../shared/ids";
import type { Explained, SegmentFile } from "../segment-file";
import type { View } from "../view";
import { timeText } from "../view";
import { typeset } from "../words/typeset";
import { Card } from "./parts";
import { MoveList, partName } from "./segment-moves";

interface Props {
  readonly view: View;
  readonly file: SegmentFile;
}

/** A field for a contact, and why they are in or out. */
export function WhyCard({ view, file }: Props) {
  const { say } = view;
  const { asked, explained, family } = file;
  return (
    <Card id="why" title={say("Why is somebody in or out?", "Pourquoi quelqu’un en est-il ou non ?")}>
      <div class="card-body stack-small">
        <form class="ask" method="get" action={`/admin/segments/${encodeURIComponent(family.key)}`}>
          <label for="contact">{say("Email, customer number or id", "E-mail, numéro client ou identifiant")}</label>
          <div class="actions">
            <input type="text" id="contact" name="contact" value={asked ?? ""} required autocomplete="off" />
            <button type="submit">{say("Explain", "Expliquer")}</button>
          </div>
        </form>
        {asked !== null && explained === null && (
          <p class="note" role="status">
            {say("Nobody is known by this.", "Personne n’est connu sous ce nom.")}
          </p>
        )}
        {explained && <Answer view={view} file={file} explained={explained} />}
      </div>
      {explained && explained.moves.length > 0 && <MoveList view={view} family={family} moves={explained.moves} />}
    </Card>
  );
}

function Answer({ view, file, explained }: Props & { explained: Explained }) {
  const { say } = view;
  const { contact, membership, rules, isKnown, isActive } = explained;
  const name = contact.email ?? contact.external_id ?? contactId(contact.id);
  const first = isKnown && isActive ? rules?.find(({ why }) => why.holds) : undefined;
  return (
    <>
      <p role="status">
        <a href={`/admin/contacts/${contactId(contact.id)}`}>{name}</a>{" "}
        <strong>{standing(view, file, explained)}</strong>
      </p>
      {membership?.next_since !== null && membership !== null && (
        <p class="soft small">
          {say(
            "What was found last night says otherwise: it counts when another night agrees.",
            "La dernière nuit dit autre chose : cela compte si une autre nuit le confirme.",
          )}
        </p>
      )}
      {!isKnown && (
        <p>
          {say(
            "Nobody knows who this is, or another contact stands for them: they are in no segment.",
            "On ne sait pas qui c’est, ou un autre contact le représente : il n’est dans aucun segment.",
          )}
        </p>
      )}
      {isKnown && !isActive && (
        <p>
          {say(
            "No sign of life for three years: the filter of active profiles keeps them out.",
            "Aucun signe de vie depuis trois ans : le filtre des profils actifs l’écarte.",
          )}
        </p>
      )}
      {rules?.map(({ segment, why }) =>
        rules.length === 1 ? (
          <WhyTree view={view} why={why} />
        ) : (
          <details open={segment === first?.segment}>
            <summary>
              <Sign view={view} holds={why.holds} /> {partName(view, file.family, segment)}
            </summary>
            <WhyTree view={view} why={why} />
          </details>
        ),
      )}
    </>
  );
}

function standing(view: View, { family }: SegmentFile, { membership }: Explained): string {
  const { say } = view;
  if (!membership)
    return family.parts.length > 1
      ? say("is in none", "n’est dans aucun")
      : say("is not in it", "n’en fait pas partie");
  const since = timeText(view, membership.since, "year");
  const name = partName(view, family, membership.segment);
  return family.parts.length > 1
    ? say(`has been in ${name} since ${since}`, `est dans ${name} depuis le ${since}`)
    : say(`has been in it since ${since}`, `en fait partie depuis le ${since}`);
}

function Sign({ view, holds }: { view: View; holds: boolean }) {
  return (
    <>
      <span class={holds ? "sign-yes" : "sign-no"} aria-hidden="true">
        {holds ? "✓" : "✗"}
      </span>
      <span class="hidden">{holds ? view.say("Yes:", "Oui :") : view.say("No:", "Non :")}</span>
    </>
  );
}

/** A rule as a tree: what holds, and what was found. */
export function WhyTree({ view, why }: { view: View; why: Why }) {
  return (
    <ul class="why">
      <WhyLine view={view} why={why} />
    </ul>
  );
}

function groupText({ say }: View, group: NonNullable<Why["group"]>): string {
  const words = {
    all: say("all of these", "tout ceci"),
    any: say("any of these", "au moins un de ceux-ci"),
    not: say("this must not hold", "ceci ne doit pas être vrai"),
  };
  return words[group];
}

function WhyLine({ view, why }: { view: View; why: Why }) {
  const { holds, words, group, parts, found } = why;
  return (
    <li>
      <Sign view={view} holds={holds} /> {group ? groupText(view, group) : typeset(words, view.language)}
      {found !== undefined && (
        <span class="soft">
          {" "}
          – {view.say("found:", "trouvé :")} {typeset(found, view.language)}
        </span>
      )}
      {parts && parts.length > 0 && (
        <ul>
          {parts.map((part) => (
            <WhyLine view={view} why={part} />
          ))}
        </ul>
      )}
    </li>
  );
}
