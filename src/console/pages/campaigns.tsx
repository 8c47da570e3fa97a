import type { Campaign } from "../../sends/campaigns/campaign-store";
import { numberText, type View } from "../view";
import { scheduleWords } from "../words/campaigns";
import { CAMPAIGN_STATES } from "../words/labels";
import { Page } from "./layout";
import type { NextPage } from "./parts";
import { Card, CodePill, Empty, Head, More, Time } from "./parts";

interface Props {
  readonly view: View;
  readonly rows: readonly Campaign[];
  readonly next: NextPage;
}

/** Every campaign, the newest first. */
export function CampaignsPage({ view, rows, next }: Props) {
  const { say } = view;
  const title = say("Campaigns", "Campagnes");
  return (
    <Page view={view} title={title}>
      <Head
        title={title}
        about={say(
          "One message to many, at a time that you choose. Nothing leaves before you have typed how many it is for, and ten minutes have passed.",
          "Un message à beaucoup de monde, au moment que vous choisissez. Rien ne part avant que vous ayez saisi le nombre de destinataires et que dix minutes se soient écoulées.",
        )}
      >
        <a class="button button-main" href="/admin/campaigns/new">
          {say("New campaign", "Nouvelle campagne")}
        </a>
      </Head>
      <Card id="list" title={say("Newest first", "Les plus récentes d’abord")}>
        {rows.length === 0 ? (
          <Empty
            view={view}
            title={say("No campaign yet", "Aucune campagne")}
            text={say("The first one begins as a draft.", "La première commence par un brouillon.")}
          />
        ) : (
          <ol class="feed">
            {rows.map((row) => (
              <Line view={view} row={row} />
            ))}
          </ol>
        )}
        <More view={view} next={next} />
      </Card>
    </Page>
  );
}

function Line({ view, row }: { view: View; row: Campaign }) {
  const count = row.frozenAt === null ? row.audience : row.frozen;
  return (
    <li>
      <Time view={view} at={row.createdAt} />
      <p class="feed-line">
        <CodePill view={view} catalog={CAMPAIGN_STATES} code={row.state} />
        <strong>
          <a href={`/admin/campaigns/${encodeURIComponent(row.id)}`}>{row.name}</a>
        </strong>
      </p>
      <p class="feed-about">
        <span>{scheduleWords(view, row.definition)}</span>
        {count !== null && (
          <span>{view.say(`contacts: ${numberText(view, count)}`, `contacts : ${numberText(view, count)}`)}</span>
        )}
      </p>
    </li>
  );
}
