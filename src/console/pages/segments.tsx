import type { LiveFamily } from "../../services/segments/families";
import type { ListedFamily } from "../segment-file";
import { STARTS } from "../segment-starts";
import type { View } from "../view";
import { numberText } from "../view";
import { FAMILY_STATES } from "../words/segments";
import { Page } from "./layout";
import { Card, CodePill, Head } from "./parts";
import { SizeSpark } from "./segment-size";

/** Every family of segments: how large it is, how it stands and what looks at it. */
export function SegmentsPage({ view, families }: { view: View; families: readonly ListedFamily[] }) {
  const { say } = view;
  const title = say("Segments", "Segments");
  const isEmpty = !families.some(({ family }) => family.definition);
  return (
    <Page view={view} title={title}>
      <Head
        title={title}
        about={say(
          "Groups of contacts that keep themselves current, for scenarios to speak to.",
          "Des groupes de contacts qui se tiennent à jour, auxquels vos scénarios s’adressent.",
        )}
      >
        <div class="actions">
          <a class="button button-main" href="/admin/segments/new">
            {say("New segment", "Nouveau segment")}
          </a>
          <a class="button" href="/admin/segments/new?kind=exclusive">
            {say("New family", "Nouvelle famille")}
          </a>
        </div>
      </Head>
      {isEmpty && <Starts view={view} />}
      {families.length > 0 && (
        <Card id="all" title={say("All segments", "Tous les segments")}>
          <div class="card-body">
            <FamilyTable view={view} families={families} />
          </div>
        </Card>
      )}
    </Page>
  );
}

function Starts({ view }: { view: View }) {
  const { say } = view;
  return (
    <Card
      id="starts"
      title={say("Write your first segment", "Écrivez votre premier segment")}
      about={say(
        "Begin with one of these, or with an empty rule.",
        "Commencez par l’un de ceux-ci, ou par une règle vide.",
      )}
    >
      <ul class="starts card-body">
        {Object.entries(STARTS).map(([key, { name, about }]) => (
          <li>
            <a href={`/admin/segments/new?start=${key}`}>{say(name.en, name.fr)}</a>
            <p class="soft small">{say(about.en, about.fr)}</p>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** How a family stands, as a code of `FAMILY_STATES`. */
export function stateOf({ state }: LiveFamily): keyof typeof FAMILY_STATES {
  if (state.failure !== null) return "failed";
  if (state.pass === null) return "current";
  return state.computedAt === null ? "first" : "again";
}

function FamilyTable({ view, families }: { view: View; families: readonly ListedFamily[] }) {
  const { say } = view;
  const names = {
    size: say("Contacts", "Contacts"),
    time: say("30 days", "30 jours"),
    uses: say("Used by", "Utilisé par"),
  };
  return (
    <table class="sources segments">
      <thead>
        <tr>
          <th scope="col">{say("Segment", "Segment")}</th>
          <th scope="col">{names.size}</th>
          <th scope="col">{names.time}</th>
          <th scope="col">{names.uses}</th>
        </tr>
      </thead>
      <tbody>
        {families.map((one) => (
          <tr>
            <th scope="row">
              <FamilyName view={view} family={one.family} />
            </th>
            <td data-name={names.size}>
              <p>
                <strong>{numberText(view, totalNow(one))}</strong>
              </p>
              {one.family.parts.length > 1 && <p class="soft">{partsText(view, one)}</p>}
            </td>
            <td data-name={names.time}>
              <SizeSpark view={view} days={one.days} />
            </td>
            <td data-name={names.uses}>
              <Uses view={view} uses={one.uses} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function FamilyName({ view, family }: { view: View; family: LiveFamily }) {
  return (
    <div>
      <strong>
        <a href={`/admin/segments/${encodeURIComponent(family.key)}`}>{family.name}</a>
      </strong>
      <span class="soft">{family.definition ? family.key : view.say("made by Relance", "tenu par Relance")}</span>{" "}
      <CodePill view={view} catalog={FAMILY_STATES} code={stateOf(family)} />
    </div>
  );
}

function totalNow({ counts }: ListedFamily): number {
  return [...counts.values()].reduce((sum, one) => sum + one, 0);
}

/** The largest parts of a family. */
function partsText(view: View, { family, counts }: ListedFamily): string {
  const sized = family.parts.map(({ key, name }) => ({ name, size: counts.get(key) ?? 0 }));
  const largest = sized.toSorted((one, other) => other.size - one.size).slice(0, 3);
  const words = largest.map(({ name, size }) => `${name} ${numberText(view, size)}`);
  return sized.length > 3 ? `${words.join(", ")}…` : words.join(", ");
}

/** What looks at a segment, as links. */
export function Uses({ view, uses }: { view: View; uses: ListedFamily["uses"] }) {
  if (uses.length === 0) return <span class="soft">{view.say("nothing", "rien")}</span>;
  return (
    <ul>
      {uses.map(({ kind, id, name }) => (
        <li>
          <a href={`/admin/${kind}s/${encodeURIComponent(id)}`}>{name}</a>
        </li>
      ))}
    </ul>
  );
}
