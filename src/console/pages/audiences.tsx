import type { AudienceMember, AudienceSize } from "../../admin/audience-store";
import { numberText, type View } from "../view";
import { ActHead } from "./acts";
import { ContactLink } from "./feeds";
import { Page } from "./layout";
import type { NextPage } from "./parts";
import { Card, Empty, More, Time } from "./parts";

/** The audiences that scenarios fill, with how many are in each now. */
export function AudiencesPage({ view, sizes }: { view: View; sizes: readonly AudienceSize[] }) {
  const { say } = view;
  const most = Math.max(1, ...sizes.map(({ members }) => members));
  return (
    <Page view={view} title="Audiences">
      <ActHead
        view={view}
        place="audiences"
        about={say(
          "Groups for ads and the site, into which scenarios put contacts and out of which they take them.",
          "Des groupes pour la publicité et le site, où les scénarios ajoutent et retirent des contacts.",
        )}
      />
      <Card id="list" title={say("By name", "Par nom")}>
        {sizes.length === 0 ? (
          <Empty
            view={view}
            title={say("Nobody is in an audience", "Personne n’est dans une audience")}
            text={say("A block “Add to an audience” begins one.", "Un bloc « Ajouter à une audience » en crée une.")}
          />
        ) : (
          <ul class="reasons card-body">
            {sizes.map(({ audience, members }) => (
              <li>
                <a href={`/admin/acts/audiences/${encodeURIComponent(audience)}`}>{audience}</a>
                <span class="number">{numberText(view, members)}</span>
                <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                  <rect class="track" width="100" height="4" />
                  <rect class="bar-sent" width={Math.max(1, (100 * members) / most).toFixed(1)} height="4" />
                </svg>
              </li>
            ))}
          </ul>
        )}
      </Card>
    </Page>
  );
}

interface MembersProps {
  readonly view: View;
  readonly audience: string;
  readonly members: number;
  readonly rows: readonly AudienceMember[];
  readonly next: NextPage;
}

/** Who is in one audience now, and since when. */
export function AudiencePage({ view, audience, members, rows, next }: MembersProps) {
  const { say } = view;
  const count = numberText(view, members);
  const names = { since: say("In it since", "Depuis le") };
  return (
    <Page view={view} title={audience}>
      <div class="head">
        <div>
          <p class="crumb">
            <a href="/admin/acts/audiences">Audiences</a>
          </p>
          <h1>{audience}</h1>
          <p>{members === 1 ? say("1 contact", "1 contact") : say(`${count} contacts`, `${count} contacts`)}</p>
        </div>
      </div>
      <Card id="list" title={say("Who is in it", "Qui en fait partie")}>
        <div class="card-body scroll">
          <table class="lines">
            <thead>
              <tr>
                <th scope="col">{say("Contact", "Contact")}</th>
                <th scope="col" class="end">
                  {names.since}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ head, since }) => (
                <tr>
                  <th scope="row">
                    <ContactLink contact={head} />
                  </th>
                  <td class="end">
                    <Time view={view} at={since} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <More view={view} next={next} text={say("More", "Suite")} />
      </Card>
    </Page>
  );
}
