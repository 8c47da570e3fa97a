import type { Words } from "../../shared/language";
import type { View } from "../view";
import { FormToken } from "./form";
import { Card } from "./parts";

/** Something to choose in the form. */
export interface Choice {
  readonly value: string;
  readonly text: Words;
}

/** What a file can be, and how its columns can be named. */
export interface ImportChoices {
  readonly kinds: readonly Choice[];
  /** Rows of tables, ours and the shop's own. */
  readonly tables: readonly Choice[];
  readonly ready: readonly Choice[];
  readonly own: readonly Choice[];
}

function Options({ view, choices }: { view: View; choices: readonly Choice[] }) {
  return choices.map(({ value, text }) => <option value={value}>{text[view.language]}</option>);
}

function Group({ view, name, choices }: { view: View; name: string; choices: readonly Choice[] }) {
  return choices.length === 0 ? null : (
    <optgroup label={name}>
      <Options view={view} choices={choices} />
    </optgroup>
  );
}

/** Sends a file in: what it holds, how its columns are named, and where its consents come from. */
export function ImportForm({ view, choices }: { view: View; choices: ImportChoices }) {
  const { say } = view;
  return (
    <Card
      id="new"
      title={say("Load a file", "Charger un fichier")}
      about={say(
        "CSV with a header, or one JSON object a line; gzip is fine. Up to 95 MB. What it tells is history: no message leaves because of it. The same file again changes nothing.",
        "CSV avec en-tête, ou un objet JSON par ligne ; gzip convient. Jusqu’à 95 Mo. Ces données du passé ne déclenchent aucun message. Le même fichier une seconde fois ne change rien.",
      )}
    >
      <form class="card-body import-form" method="post" action="/admin/imports" enctype="multipart/form-data">
        <FormToken view={view} />
        <div class="pairs">
          <MappingField view={view} choices={choices} />
          <KindField view={view} choices={choices} />
        </div>
        <Attestation view={view} />
        <div class="field">
          <label for="file">{say("File", "Fichier")}</label>
          <input type="file" id="file" name="file" required accept=".csv,.txt,.ndjson,.jsonl,.json,.gz,text/csv" />
        </div>
        <button class="button-main" type="submit">
          {say("Load it", "Charger")}
        </button>
      </form>
    </Card>
  );
}

function MappingField({ view, choices }: { view: View; choices: ImportChoices }) {
  const { say } = view;
  return (
    <div class="field">
      <label for="mapping">{say("Where it comes from", "D’où il vient")}</label>
      <select id="mapping" name="mapping" aria-describedby="mapping-hint">
        <option value="">{say("Its columns have our names", "Ses colonnes portent nos noms")}</option>
        <Group view={view} name={say("Shop systems", "Logiciels de boutique")} choices={choices.ready} />
        <Group view={view} name={say("Your own mappings", "Vos correspondances")} choices={choices.own} />
      </select>
      <p class="hint" id="mapping-hint">
        {say("Your own are stored by the API: ", "Les vôtres s’enregistrent par l’API : ")}
        <a href="/docs#tag-Imports">PUT /api/mappings</a>
      </p>
    </div>
  );
}

function KindField({ view, choices }: { view: View; choices: ImportChoices }) {
  const { say } = view;
  return (
    <div class="field">
      <label for="kind">{say("What it holds", "Ce qu’il contient")}</label>
      <select id="kind" name="kind" aria-describedby="kind-hint">
        <option value="">{say("Choose…", "Choisir…")}</option>
        <Options view={view} choices={choices.kinds} />
        <Group view={view} name={say("Rows of a table", "Lignes d’une table")} choices={choices.tables} />
      </select>
      <p class="hint" id="kind-hint">
        {say("Files of shop systems say it themselves.", "Les fichiers des logiciels de boutique le disent eux-mêmes.")}
      </p>
    </div>
  );
}

function Attestation({ view }: { view: View }) {
  const { say } = view;
  return (
    <details>
      <summary>{say("Everybody in it agreed to be written to", "Tous y ont consenti à être contactés")}</summary>
      <fieldset>
        <legend class="hint">
          {say(
            "A consent counts with its proof only. Where the lines bring none, you attest for all of them, and it is kept with each. Who has said no since stays out.",
            "Un consentement ne compte qu’avec sa preuve. Si les lignes n’en portent pas, vous attestez pour toutes, et c’est conservé avec chacune. Qui a refusé reste exclu.",
          )}
        </legend>
        <div class="pairs">
          <div class="field">
            <label for="attest_source">{say("Where they agreed", "Où ils ont consenti")}</label>
            <input type="text" id="attest_source" name="attest_source" maxlength={200} autocomplete="off" />
          </div>
          <div class="field">
            <label for="attest_at">{say("On which day", "Quel jour")}</label>
            <input type="date" id="attest_at" name="attest_at" />
          </div>
        </div>
      </fieldset>
    </details>
  );
}
