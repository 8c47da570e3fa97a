import type { RejectedRow } from "../../admin/rejected-store";
import type { DecisionRow, ShownSend } from "../store";
import { here, type View } from "../view";
import { FATES, label } from "../words/labels";
import type { ScenarioNames } from "../words/scenarios";
import { ExportButton } from "./exports";
import { DecisionFeed, RejectedFeed, SendFeed } from "./feeds";
import { Page } from "./layout";
import type { NextPage } from "./parts";
import { Card, Empty, Head, More, Tabs } from "./parts";

interface ListProps<Row> {
  readonly view: View;
  readonly rows: readonly Row[];
  /** Parameters of the next page; null on the last. */
  readonly next: NextPage;
}

const OUTCOMES = ["send", "suppressed", "held"] as const;

/** Every decision, and why it was made so. */
export function DecisionsPage({ view, rows, next, names }: ListProps<DecisionRow> & { names: ScenarioNames }) {
  const { say } = view;
  const words = {
    send: say("Permitted", "Autorisés"),
    suppressed: say("Not permitted", "Non autorisés"),
    held: say("Held", "Retenus"),
  };
  const first = { after: null };
  const choices = [
    { href: here(view, { ...first, outcome: null }), text: say("All", "Toutes"), current: !view.query["outcome"] },
    ...OUTCOMES.map((outcome) => ({
      href: here(view, { ...first, outcome }),
      text: words[outcome],
      current: view.query["outcome"] === outcome,
    })),
  ];
  const title = say("Decisions", "Décisions");
  return (
    <Page view={view} title={title}>
      <Head
        title={title}
        about={say(
          "Before every message somebody asks whether it may leave. This is each answer and its reason.",
          "Avant chaque message, on vérifie s’il peut partir. Voici chaque réponse et sa raison.",
        )}
      >
        <Tabs name={say("Which decisions", "Quelles décisions")} choices={choices} />
        <ExportButton view={view} name="decisions" />
      </Head>
      <Card id="list" title={say("Newest first", "Les plus récentes d’abord")}>
        {rows.length === 0 ? (
          <Empty
            view={view}
            title={say("No decision here", "Aucune décision ici")}
            text={say("They come with the first run.", "Elles viennent avec le premier parcours.")}
          />
        ) : (
          <DecisionFeed view={view} names={names} rows={rows} />
        )}
        <More view={view} next={next} />
      </Card>
    </Page>
  );
}

/** The choices of the list of messages: those that need a look, or one state. */
export const SEND_CHOICES = ["attention", "sent", "suppressed"] as const;

/** Messages by state; at first those that need a look. */
export function MessagesPage({
  view,
  rows,
  names,
  choice,
}: Omit<ListProps<ShownSend>, "next"> & {
  names: ScenarioNames;
  choice: (typeof SEND_CHOICES)[number];
}) {
  const { say, language } = view;
  const title = say("Messages", "Messages");
  const text = (key: string): string =>
    key === "attention" ? say("To look at", "À surveiller") : label(FATES, key, language);
  const choices = SEND_CHOICES.map((key) => ({
    href: here(view, { state: key === "attention" ? null : key }),
    text: text(key),
    current: key === choice,
  }));
  return (
    <Page view={view} title={title}>
      <Head
        title={title}
        about={say(
          "Permitted messages. To look at: what waits, what failed, and what may or may not have arrived.",
          "Les messages autorisés. À surveiller : ce qui attend, a échoué, ou est peut-être arrivé.",
        )}
      >
        <Tabs name={say("Which messages", "Quels messages")} choices={choices} />
        <ExportButton view={view} name="sends" />
      </Head>
      <Card id="list" title={text(choice)}>
        {rows.length === 0 ? (
          <Empty
            view={view}
            title={say("No message here", "Aucun message ici")}
            text={say(
              "That is how it should be, or nothing was sent yet.",
              "C’est bon signe, ou rien n’est encore parti.",
            )}
          />
        ) : (
          <SendFeed view={view} names={names} rows={rows} />
        )}
      </Card>
    </Page>
  );
}

/** Events that could not be taken, as they came. */
export function RejectedPage({ view, rows, next }: ListProps<RejectedRow>) {
  const { say } = view;
  const title = say("Rejected events", "Événements rejetés");
  return (
    <Page view={view} title={title}>
      <Head
        title={title}
        about={say(
          "Each was kept with its reason. Nothing else of its request was held up by it.",
          "Chacun est conservé avec sa raison. Le reste de sa requête n’en a pas souffert.",
        )}
      />
      <Card id="list" title={say("Newest first", "Les plus récents d’abord")}>
        {rows.length === 0 ? (
          <Empty
            view={view}
            title={say("Every event was understood", "Tous les événements ont été compris")}
            text={say("What cannot be read is listed here.", "Ce qui ne peut être lu apparaîtra ici.")}
          />
        ) : (
          <RejectedFeed view={view} rows={rows} />
        )}
        <More view={view} next={next} />
      </Card>
    </Page>
  );
}
