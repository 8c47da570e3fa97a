import type { View } from "../view";
import { INTERVALS } from "../words/catalogue";
import { FormToken } from "./form";

/** What somebody typed into the form, and what is wrong with it. */
export interface FeedDraft {
  readonly key: string;
  readonly url: string;
  readonly every: string;
  readonly problems: readonly string[];
}

interface TextField {
  readonly name: "key" | "url";
  readonly label: string;
  readonly most: number;
  readonly placeholder: string;
  readonly value: string;
}

/** The form that adds a feed; with what somebody typed where it did not fit. */
export function FeedForm({ view, draft }: { view: View; draft: FeedDraft | null }) {
  const { say } = view;
  const chosen = draft?.every ?? "PT6H";
  const url = say("Address of the feed", "Adresse du flux");
  return (
    <form class="card-body feed-form" method="post" action="/admin/catalogue/feeds">
      <FormToken view={view} />
      {draft && draft.problems.length > 0 && (
        <p class="note note-bad" role="alert">
          {draft.problems.join(" ")}
        </p>
      )}
      <Field
        field={{ name: "key", label: say("Name", "Nom"), most: 60, placeholder: "main", value: draft?.key ?? "" }}
      />
      <Field field={{ name: "url", label: url, most: 2_000, placeholder: "https://", value: draft?.url ?? "" }} />
      <p class="field">
        <label for="feed-every">{say("Fetched", "Lecture")}</label>
        <select id="feed-every" name="every">
          {Object.entries(INTERVALS).map(([value, words]) => (
            <option value={value} selected={value === chosen}>
              {words[view.language]}
            </option>
          ))}
        </select>
      </p>
      <p class="soft small">
        {say(
          "Google Merchant XML, or CSV with Google’s columns. Columns of other names are told by the API (columns).",
          "XML Google Merchant, ou CSV avec les colonnes de Google. D’autres noms de colonnes se déclarent par l’API (columns).",
        )}
      </p>
      <p>
        <button type="submit" class="button-main">
          {say("Add and fetch", "Ajouter et lire")}
        </button>
      </p>
    </form>
  );
}

function Field({ field: { name, label, most, placeholder, value } }: { field: TextField }) {
  const id = `feed-${name}`;
  return (
    <p class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="text"
        name={name}
        required
        maxlength={most}
        value={value}
        placeholder={placeholder}
        autocomplete="off"
      />
    </p>
  );
}
