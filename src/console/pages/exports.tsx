import type { ExportChoice } from "../../admin/export/lists";
import type { ExportRow } from "../../admin/export/store";
import type { Words } from "../../shared/language";
import { numberText, type View } from "../view";
import { EXPORT_STATES } from "../words/labels";
import { TABLE_NAMES } from "../words/tables";
import { FormToken } from "./form";
import { Page } from "./layout";
import type { NextPage } from "./parts";
import { Card, CodePill, Empty, Head, More, Time } from "./parts";

interface Props {
  readonly view: View;
  readonly choices: readonly ExportChoice[];
  readonly rows: readonly ExportRow[];
  /** Parameters of the next page; null on the last. */
  readonly next: NextPage;
}

/** Lists and tables as files, and who took what out. */
export function ExportsPage({ view, choices, rows, next }: Props) {
  const { say, language } = view;
  const title = say("Exports", "Exports");
  const names = new Map(choices.map((choice) => [choice.name, titleOf(choice)[language]]));
  return (
    <Page view={view} title={title}>
      <Head
        title={title}
        about={say(
          "Any list or table as a file. Each export is noted here, with the key that asked for it.",
          "Toute liste ou table en fichier. Chaque export est noté ici, avec la clé qui l’a demandé.",
        )}
      />
      <Card id="new" title={say("Take a file out", "Extraire un fichier")}>
        <ExportForm view={view} choices={choices} />
      </Card>
      <Card id="list" title={say("Who took what out", "Qui a extrait quoi")}>
        {rows.length === 0 ? (
          <Empty
            view={view}
            title={say("Nobody has taken anything out", "Personne n’a rien extrait")}
            text={say("Exports through the API are listed here too.", "Les exports par l’API apparaissent aussi ici.")}
          />
        ) : (
          <ol class="feed">
            {rows.map((row) => (
              <Exported view={view} row={row} title={names.get(row.name) ?? row.name} />
            ))}
          </ol>
        )}
        <More view={view} next={next} />
      </Card>
    </Page>
  );
}

function ExportForm({ view, choices }: Pick<Props, "view" | "choices">) {
  const { say, language } = view;
  const group = (isList: boolean) =>
    choices
      .filter((choice) => choice.isList === isList)
      .map((choice) => <option value={choice.name}>{titleOf(choice)[language]}</option>);
  return (
    <form method="post" action="/admin/exports" class="card-body choose">
      <FormToken view={view} />
      <label>
        {say("What", "Quoi")}
        <select name="name">
          <optgroup label={say("Lists, as they can be imported", "Listes, telles qu’elles s’importent")}>
            {group(true)}
          </optgroup>
          <optgroup label={say("Tables, as they are stored", "Tables, telles qu’elles sont stockées")}>
            {group(false)}
          </optgroup>
        </select>
      </label>
      <label>
        {say("Form", "Format")}
        <select name="form">
          <option value="spreadsheet">{say("CSV for a spreadsheet", "CSV pour un tableur")}</option>
          <option value="csv">{say("CSV for a program", "CSV pour un programme")}</option>
          <option value="ndjson">NDJSON</option>
        </select>
      </label>
      <button type="submit" class="button-main">
        {say("Export", "Exporter")}
      </button>
    </form>
  );
}

/** What people call it; a table that is for those who know it goes by its own name. */
function titleOf({ name, title }: ExportChoice): Words {
  return TABLE_NAMES[name] ?? title;
}

function stateOf({ openedAt, ended, expiresAt }: ExportRow, now: number): keyof typeof EXPORT_STATES {
  if (ended === "done" || ended === "cancelled" || ended === "failed") return ended;
  if (openedAt !== null) return "running";
  return expiresAt > now ? "waiting" : "expired";
}

function rowsText(view: View, rows: number): string {
  const count = numberText(view, rows);
  // French counts nought and one in the singular, English one alone.
  return view.say(`${count} ${rows === 1 ? "row" : "rows"}`, `${count} ${rows < 2 ? "ligne" : "lignes"}`);
}

function Exported({ view, row, title }: { view: View; row: ExportRow; title: string }) {
  return (
    <li>
      <Time view={view} at={row.createdAt} />
      <p class="feed-line">
        <CodePill view={view} catalog={EXPORT_STATES} code={stateOf(row, view.now)} />
        <strong>{title}</strong>
      </p>
      <p class="feed-about">
        <span>{row.format.toUpperCase()}</span>
        {row.rows !== null && <span>{rowsText(view, row.rows)}</span>}
        <code>{row.key}</code>
      </p>
    </li>
  );
}

/** The list that a page shows, as a file for a spreadsheet. */
export function ExportButton({ view, name }: { view: View; name: string }) {
  return (
    <form method="post" action="/admin/exports">
      <FormToken view={view} />
      <input type="hidden" name="name" value={name} />
      <button type="submit">{view.say("Export all as CSV", "Tout exporter en CSV")}</button>
    </form>
  );
}
