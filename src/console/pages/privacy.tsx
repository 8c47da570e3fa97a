import type { PrivacyRequest, ProviderDeletion } from "../../admin/privacy-store";
import { numberText, type View } from "../view";
import { CHANNEL_NAMES, label, REQUEST_KINDS, REQUEST_STATES, type RequestState } from "../words/labels";
import { ContactLink } from "./feeds";
import { FormToken } from "./form";
import { Page } from "./layout";
import type { NextPage } from "./parts";
import { Ago, Card, CodePill, Empty, Head, More, Time } from "./parts";

interface Props {
  readonly view: View;
  readonly rows: readonly PrivacyRequest[];
  readonly deletions: readonly ProviderDeletion[];
  /** Parameters of the next page; null on the last. */
  readonly next: NextPage;
}

/** What people asked for under data protection law, by when it must be done, and what is to do. */
export function PrivacyPage({ view, rows, deletions, next }: Props) {
  const { say } = view;
  const title = say("Privacy", "Vie privée");
  return (
    <Page view={view} title={title}>
      <Head
        title={title}
        about={say(
          "Requests for access and erasure. The law gives a month for each.",
          "Demandes d’accès et d’effacement. La loi donne un mois pour chacune.",
        )}
      />
      <Card id="list" title={say("What is due first, first", "Les plus urgentes d’abord")}>
        {rows.length === 0 ? (
          <Empty
            view={view}
            title={say("Nobody has asked for anything", "Personne n’a rien demandé")}
            text={say(
              "People ask in the preference centre, which every message links to. You note a request on the contact’s page.",
              "On demande depuis le centre de préférences, lié dans chaque message. Vous notez une demande sur la fiche du contact.",
            )}
          />
        ) : (
          <ol class="feed">
            {rows.map((row) => (
              <Request view={view} row={row} deletions={deletions.filter(({ request }) => request === row.id)} />
            ))}
          </ol>
        )}
        <More view={view} next={next} text={say("More", "La suite")} />
      </Card>
    </Page>
  );
}

function stateOf({ doneAt, confirmedAt, dueAt, kind }: PrivacyRequest, now: number): RequestState {
  if (doneAt !== null) return "done";
  if (dueAt < now) return "overdue";
  if (kind === "erasure") return confirmedAt === null ? "unconfirmed" : "running";
  return "open";
}

interface RequestProps {
  readonly view: View;
  readonly row: PrivacyRequest;
  readonly deletions: readonly ProviderDeletion[];
}

function Request({ view, row, deletions }: RequestProps) {
  const { say, language } = view;
  const byLink = row.askedBy !== "admin";
  return (
    <li>
      <Time view={view} at={row.askedAt} />
      <p class="feed-line">
        <CodePill view={view} catalog={REQUEST_STATES} code={stateOf(row, view.now)} />
        <strong>{label(REQUEST_KINDS, row.kind, language)}</strong>
      </p>
      <p class="feed-about">
        {row.contact !== 0 && <ContactLink contact={row.contact} />}
        <span>
          {byLink ? say("asked for by a link in a message", "demandé par un lien") : say("noted here", "noté ici")}
        </span>
        <span>
          {row.doneAt === null ? say("due", "échéance") : say("done", "fait")}{" "}
          <Ago view={view} at={row.doneAt ?? row.dueAt} />
        </span>
      </p>
      {row.doneAt === null && <ToDo view={view} row={row} />}
      {deletions.map((deletion) => (
        <Deletion view={view} deletion={deletion} />
      ))}
    </li>
  );
}

function ToDo({ view, row }: { view: View; row: PrivacyRequest }) {
  const { say } = view;
  const path = `/admin/privacy/${encodeURIComponent(row.id)}`;
  if (row.kind !== "erasure") {
    return (
      <div class="actions">
        {row.kind === "access" && (
          <a class="button" href={`${path}/file`} download>
            {say("Download everything", "Tout télécharger")}
          </a>
        )}
        <Act view={view} action={`${path}/done`} text={say("Mark as answered", "Marquer comme répondue")} />
      </div>
    );
  }
  if (row.confirmedAt !== null) {
    return <p class="soft">{say("It is being carried out, step by step.", "En cours, étape par étape.")}</p>;
  }
  return (
    <details>
      <summary>{say("Erase this person…", "Effacer cette personne…")}</summary>
      <p class="soft">
        {say(
          "A message can be forwarded: ask the person first, at their own address. What is erased does not come back.",
          "Un message peut être transféré : demandez d’abord à la personne, à son adresse. Ce qui est effacé ne revient pas.",
        )}
      </p>
      <Act
        view={view}
        action={`${path}/confirm`}
        text={say("The person confirmed it: erase", "La personne confirme : effacer")}
      />
    </details>
  );
}

function Deletion({ view, deletion }: { view: View; deletion: ProviderDeletion }) {
  const { say, language } = view;
  const count = (JSON.parse(deletion.messages) as unknown[]).length;
  const channel = label(CHANNEL_NAMES, deletion.channel, language);
  const path = `/admin/privacy/${encodeURIComponent(deletion.request)}/deleted/${encodeURIComponent(deletion.channel)}`;
  return (
    <div class="feed-about">
      <span>
        {say(
          `${channel}: the provider is to delete ${numberText(view, count)} messages`,
          `${channel} : le prestataire doit supprimer ${numberText(view, count)} messages`,
        )}
      </span>
      {deletion.doneAt === null ? (
        <Act view={view} action={path} text={say("It has done so", "C’est fait")} />
      ) : (
        <span>
          {say("done", "fait")} <Ago view={view} at={deletion.doneAt} />
        </span>
      )}
    </div>
  );
}

function Act({ view, action, text }: { view: View; action: string; text: string }) {
  return (
    <form method="post" action={action}>
      <FormToken view={view} />
      <button type="submit">{text}</button>
    </form>
  );
}

/** What can be asked for in the name of a contact, on their page. */
export function PrivacyCard({ view, contact }: { view: View; contact: string }) {
  const { say } = view;
  const path = `/admin/contacts/${contact}`;
  return (
    <Card id="privacy" title={say("Access and erasure", "Accès et effacement")}>
      <div class="card-body">
        <p class="soft">
          {say(
            "When this person writes to you and asks for their data, or to be forgotten, note it here: it gets a date by which it is due.",
            "Quand cette personne vous écrit et demande ses données, ou l’oubli, notez-le ici : la demande reçoit une échéance.",
          )}
        </p>
        <Act
          view={view}
          action={`${path}/access`}
          text={say("Note a request for access", "Noter une demande d’accès")}
        />
        <details>
          <summary>{say("Erase this person…", "Effacer cette personne…")}</summary>
          <p class="soft">
            {say(
              "Profile, events, messages and points go, here and in the archive. It cannot be undone.",
              "Profil, événements, messages et points disparaissent, ici et dans l’archive. C’est sans retour.",
            )}
          </p>
          <Act view={view} action={`${path}/erase`} text={say("Erase for good", "Effacer définitivement")} />
        </details>
      </div>
    </Card>
  );
}
