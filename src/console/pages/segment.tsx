import { FAILURES } from "../../segments/failure";
import { RFM_FAMILY } from "../../segments/rfm/run";
import { contactId } from "../../shared/ids";
import { cutPage } from "../paging";
import { draftOfSegment } from "../segment-draft";
import type { SegmentFile } from "../segment-file";
import { MEMBERS_ON_PAGE } from "../segment-file";
import type { View } from "../view";
import { here, numberText } from "../view";
import { FAMILY_STATES } from "../words/segments";
import { FormToken } from "./form";
import { Page } from "./layout";
import { Ago, Card, CodePill, Head, More, Tabs } from "./parts";
import { FlowTable, MoveList } from "./segment-moves";
import { wordsOf } from "./segment-preview";
import { colourOf, SizeChart } from "./segment-size";
import { WhyCard } from "./segment-why";
import { stateOf, Uses } from "./segments";

interface Props {
  readonly view: View;
  readonly file: SegmentFile;
}

/** One family: what it means, who is in it, how large it was, who moved and why. */
export function SegmentPage({ view, file, days, periods }: Props & { days: number; periods: readonly number[] }) {
  const { say } = view;
  const { family, counts } = file;
  const total = [...counts.values()].reduce((sum, one) => sum + one, 0);
  const people = total === 1 ? "contact" : "contacts";
  const shown = numberText(view, total);
  return (
    <Page view={view} title={family.name} refresh={family.state.pass === null ? null : 5}>
      <p class="crumb">
        <a href="/admin/segments">{say("Segments", "Segments")}</a>
      </p>
      <Head title={family.name} about={say(`${shown} ${people} now.`, `${shown} ${people} en ce moment.`)}>
        <div class="actions">
          <CodePill view={view} catalog={FAMILY_STATES} code={stateOf(family)} />
          {family.definition && (
            <a class="button" href={`/admin/segments/${encodeURIComponent(family.key)}/edit`}>
              {say("Change", "Modifier")}
            </a>
          )}
        </div>
      </Head>
      {family.state.failure && <p class="note note-bad">{FAILURES[family.state.failure][view.language]}</p>}
      <div class="columns">
        <div class="stack">
          <Card id="sizes" title={say("Size over time", "Taille dans le temps")}>
            <div class="card-body">
              <SizeChart view={view} parts={family.parts} days={file.days} />
            </div>
          </Card>
          <Members view={view} file={file} />
        </div>
        <div class="narrow stack">
          <Meaning view={view} file={file} />
          <WhyCard view={view} file={file} />
        </div>
      </div>
      <div class="columns columns-even">
        <Card id="flow" title={say("Who moved", "Qui a bougé")} aside={<Periods {...{ view, days, periods }} />}>
          <div class="card-body">
            <FlowTable view={view} family={family} flows={file.flows} />
          </div>
        </Card>
        <Card id="moves" title={say("Latest moves", "Derniers mouvements")}>
          <MoveList view={view} family={family} moves={file.moves} />
        </Card>
      </div>
      {family.definition && <Remove view={view} file={file} />}
    </Page>
  );
}

function Periods({ view, days, periods }: { view: View; days: number; periods: readonly number[] }) {
  const choices = periods.map((one) => ({
    href: here(view, { days: String(one) }),
    text: view.say(`${one} days`, `${one} jours`),
    current: one === days,
  }));
  return <Tabs name={view.say("Period", "Période")} choices={choices} />;
}

function Meaning({ view, file: { family, counts, uses } }: Props) {
  const { say } = view;
  const { definition } = family;
  const draft = definition && draftOfSegment(family.key, family.name, definition);
  return (
    <Card id="meaning" title={say("What it means", "Ce qu’il signifie")}>
      <div class="card-body stack-small">
        {!draft && <p>{say("Relance keeps it by itself.", "Relance le tient lui-même.")}</p>}
        {family.key === RFM_FAMILY && (
          <p>
            <a href="/admin/rfm">{say("Its matrix and its settings", "Sa matrice et ses réglages")}</a>
          </p>
        )}
        {draft?.isSimple && draft.parts[0] && <p>{wordsOf(view, draft.parts[0].rule)}</p>}
        {family.parts.length > 1 && (
          <ol class="meanings">
            {family.parts.map(({ key, name }, index) => {
              const part = draft?.parts[index];
              return (
                <li>
                  <p>
                    <i class={`swatch ${colourOf(index)}`} aria-hidden="true" />
                    <strong>{name}</strong> <span class="soft number">{numberText(view, counts.get(key) ?? 0)}</span>
                  </p>
                  {draft && (
                    <p class="soft small">
                      {part ? wordsOf(view, part.rule) : say("Everybody else", "Tous les autres")}
                    </p>
                  )}
                </li>
              );
            })}
          </ol>
        )}
        {draft && !draft.everybody && (
          <p class="soft small">{say("Among active profiles.", "Parmi les profils actifs.")}</p>
        )}
        <dl class="facts">
          <dt>{say("Key", "Clé")}</dt>
          <dd class="mono">{family.key}</dd>
          <dt>{say("Used by", "Utilisé par")}</dt>
          <dd>
            <Uses view={view} uses={uses} />
          </dd>
        </dl>
      </div>
    </Card>
  );
}

function Members({ view, file }: Props) {
  const { say } = view;
  const { family, part } = file;
  const { shown, next } = cutPage(file.members, MEMBERS_ON_PAGE, ({ contact }) => ({ after: String(contact) }));
  const names = new Map(family.parts.map(({ key, name }) => [key, name]));
  const choices = [{ key: null, name: say("All", "Tous") }, ...family.parts].map(({ key, name }) => ({
    href: here(view, { part: key, after: null }),
    text: name,
    current: key === part,
  }));
  return (
    <Card id="members" title={say("Who is in it", "Qui en fait partie")}>
      <div class="card-body stack-small">
        {family.parts.length > 1 && <Tabs name={say("Segment", "Segment")} choices={choices} />}
        {shown.length === 0 ? (
          <p class="soft">{say("Nobody right now.", "Personne en ce moment.")}</p>
        ) : (
          <div class="scroll">
            <table class="lines">
              <thead>
                <tr>
                  <th scope="col">{say("Contact", "Contact")}</th>
                  {family.parts.length > 1 && <th scope="col">{say("Segment", "Segment")}</th>}
                  <th scope="col" class="end">
                    {say("In it since", "Depuis")}
                  </th>
                </tr>
              </thead>
              <tbody>
                {shown.map(({ contact, email, external_id, segment, since }) => (
                  <tr>
                    <td>
                      <a href={`/admin/contacts/${contactId(contact)}`}>{email ?? external_id ?? contactId(contact)}</a>
                    </td>
                    {family.parts.length > 1 && <td>{names.get(segment) ?? segment}</td>}
                    <td class="end">
                      <Ago view={view} at={since} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </div>
      <More view={view} next={next} text={say("More", "Suite")} />
    </Card>
  );
}

function Remove({ view, file: { family, uses } }: Props) {
  const { say } = view;
  const { key, name } = family;
  return (
    <Card id="remove" title={say("Delete it", "Le supprimer")}>
      <div class="card-body">
        {uses.length > 0 ? (
          <p class="soft">
            {say(
              "It is in use: take it out of what uses it first.",
              "Il est utilisé : retirez-le d’abord de ce qui l’utilise.",
            )}
          </p>
        ) : (
          <details>
            <summary>{say("Delete…", "Supprimer…")}</summary>
            <form method="post" action={`/admin/segments/${encodeURIComponent(key)}/remove`}>
              <FormToken view={view} />
              <p class="soft">
                {say(
                  "Its members, its sizes and its history go with it. Contacts stay as they are.",
                  "Ses membres, ses tailles et son historique disparaissent. Les contacts restent tels quels.",
                )}
              </p>
              <p class="actions">
                <button type="submit" class="button-stop">
                  {say(`Delete “${name}” for good`, `Supprimer « ${name} » définitivement`)}
                </button>
              </p>
            </form>
          </details>
        )}
      </div>
    </Card>
  );
}
