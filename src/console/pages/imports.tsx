import type { ImportRow, LineNote } from "../../admin/import/store";
import type { Words } from "../../shared/language";
import { numberText, type View } from "../view";
import { IMPORT_STATES, IMPORT_STEPS, reasonIn } from "../words/imports";
import type { ImportChoices } from "./import-form";
import { ImportForm } from "./import-form";
import { Page } from "./layout";
import type { NextPage } from "./parts";
import { Ago, Card, CodePill, Head, More, Time } from "./parts";

/** Names of kinds by their keys. */
export type KindNames = ReadonlyMap<string, Words>;

function kindText(view: View, names: KindNames, kind: string): string {
  return names.get(kind)?.[view.language] ?? kind;
}

interface ListProps {
  readonly view: View;
  readonly names: KindNames;
  readonly choices: ImportChoices;
  readonly rows: readonly ImportRow[];
  /** Parameters of the next page; null on the last. */
  readonly next: NextPage;
}

/** Files that were loaded, and the form for another one. */
export function ImportsPage({ view, names, choices, rows, next }: ListProps) {
  const { say } = view;
  const title = say("Imports", "Imports");
  return (
    <Page view={view} title={title}>
      <Head
        title={title}
        about={say(
          "Customers, orders and products out of files: what your shop knew before.",
          "Clients, commandes et produits tirés de fichiers : ce que votre boutique savait avant.",
        )}
      />
      <ImportForm view={view} choices={choices} />
      <Card id="list" title={say("Latest first", "Les plus récents d’abord")}>
        {rows.length === 0 ? (
          <div class="empty">
            <strong>{say("No file yet", "Aucun fichier")}</strong>
            <p>{say("What you load is listed here.", "Ce que vous chargez apparaîtra ici.")}</p>
          </div>
        ) : (
          <ol class="feed">
            {rows.map((row) => (
              <ImportLine view={view} names={names} row={row} />
            ))}
          </ol>
        )}
        <More view={view} next={next} />
      </Card>
    </Page>
  );
}

function ImportLine({ view, names, row }: { view: View; names: KindNames; row: ImportRow }) {
  const { say } = view;
  const count = (value: number): string => numberText(view, value);
  return (
    <li>
      <Time view={view} at={row.createdAt} />
      <p class="feed-line">
        <CodePill view={view} catalog={IMPORT_STATES} code={row.status} />
        <strong>
          <a href={`/admin/imports/${encodeURIComponent(row.id)}`}>{kindText(view, names, row.kind)}</a>
        </strong>
      </p>
      <p class="feed-about">
        <span>{say(`lines: ${count(row.rows)}`, `lignes : ${count(row.rows)}`)}</span>
        <span>{say(`taken: ${count(row.accepted)}`, `prises : ${count(row.accepted)}`)}</span>
        {row.rejectedCount > 0 && (
          <span>{say(`not taken: ${count(row.rejectedCount)}`, `non prises : ${count(row.rejectedCount)}`)}</span>
        )}
      </p>
    </li>
  );
}

/** One file: how far it is, and which of its lines were not taken and why. */
export function ImportPage({ view, names, row }: { view: View; names: KindNames; row: ImportRow }) {
  const { say } = view;
  const title = kindText(view, names, row.kind);
  const isRunning = row.status === "running";
  return (
    <Page view={view} title={title} refresh={isRunning ? 3 : null}>
      <div class="head">
        <div>
          <p class="crumb">
            <a href="/admin/imports">{say("Imports", "Imports")}</a>
          </p>
          <h1>{title}</h1>
          <p>
            <CodePill view={view} catalog={IMPORT_STATES} code={row.status} />{" "}
            <Ago view={view} at={row.finishedAt ?? row.touchedAt} />
          </p>
        </div>
      </div>
      {row.reason !== null && (
        <p class="note note-bad" role="status">
          <Reason view={view} reason={row.reason} />
        </p>
      )}
      {isRunning && <Progress view={view} row={row} />}
      <Tiles view={view} row={row} />
      <Notes
        view={view}
        id="rejected"
        title={say("Lines that were not taken", "Lignes qui n’ont pas été prises")}
        notes={row.rejected}
        count={row.rejectedCount}
      />
      <Notes
        view={view}
        id="untied"
        title={say("Refunds of which nobody can say what they cancel", "Avoirs dont on ignore ce qu’ils annulent")}
        notes={row.untied}
        count={row.untiedCount}
      />
      <Notes
        view={view}
        id="warnings"
        title={say("What was left out of lines that were taken", "Ce qui a été écarté de lignes prises")}
        notes={row.warnings}
        count={row.warnings.length}
      />
    </Page>
  );
}

function Progress({ view, row }: { view: View; row: ImportRow }) {
  const text = IMPORT_STEPS[row.step?.phase ?? "clean"][view.language];
  const percent = row.total === null || row.total === 0 ? null : Math.min(100, (100 * row.rows) / row.total);
  return (
    <div class="progress" role="status">
      <p id="progress-text">{view.say(text, text)}</p>
      {percent === null ? (
        <progress aria-labelledby="progress-text" />
      ) : (
        <progress aria-labelledby="progress-text" max={100} value={Math.floor(percent)} />
      )}
    </div>
  );
}

function Tiles({ view, row }: { view: View; row: ImportRow }) {
  const { say } = view;
  const tiles = [
    { name: say("Lines read", "Lignes lues"), count: row.rows, always: true },
    { name: say("Taken", "Prises"), count: row.accepted, always: true },
    { name: say("Known before", "Déjà connues"), count: row.duplicates, always: false },
    { name: say("Not taken", "Non prises"), count: row.rejectedCount, always: true },
    { name: say("Left out as told", "Écartées comme prévu"), count: row.ignored, always: false },
    { name: say("Had said no", "Avaient refusé"), count: row.suppressed, always: false },
    { name: say("Refunds tied to orders", "Avoirs rattachés"), count: row.tied, always: false },
  ].filter(({ count, always }) => always || count > 0);
  return (
    <dl class="tiles">
      {tiles.map(({ name, count }) => (
        <div class="tile">
          <dt>{name}</dt>
          <dd>{numberText(view, count)}</dd>
        </div>
      ))}
    </dl>
  );
}

interface NotesProps {
  readonly view: View;
  readonly id: string;
  readonly title: string;
  readonly notes: readonly LineNote[];
  /** How many there are in all. */
  readonly count: number;
}

const SHOWN = 200;

function Notes({ view, id, title, notes, count }: NotesProps) {
  const { say } = view;
  if (count === 0) return null;
  const shown = notes.slice(0, SHOWN);
  const more = count - shown.length;
  return (
    <Card id={id} title={title}>
      <div class="card-body">
        <table class="lines">
          <thead>
            <tr>
              <th class="end">{say("Line", "Ligne")}</th>
              <th>{say("Why", "Pourquoi")}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ line, reason }) => (
              <tr>
                <td class="end">{numberText(view, line)}</td>
                <td>
                  <Reason view={view} reason={reason} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {more > 0 && (
        <p class="more">
          {say(
            `${numberText(view, more)} more; GET /api/imports lists the first thousand`,
            `${numberText(view, more)} de plus ; GET /api/imports liste les mille premières`,
          )}
        </p>
      )}
    </Card>
  );
}

function Reason({ view, reason }: { view: View; reason: string }) {
  const { text, language } = reasonIn(reason, view.language);
  return <span lang={language === view.language ? undefined : language}>{view.say(text, text)}</span>;
}
