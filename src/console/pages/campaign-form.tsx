import type { Child } from "hono/jsx";
import type { ListedContent } from "../../admin/content-store";
import type { Language } from "../../shared/language";
import type { View } from "../view";
import { CONTENT_CHANNELS, CONTENT_CLASSES } from "../words/contents";
import { label } from "../words/labels";
import { FormToken } from "./form";
import { Page } from "./layout";
import { Card, Head } from "./parts";

interface NewCampaignView {
  readonly segments: readonly { readonly family: string; readonly segment: string; readonly name: string }[];
  readonly contents: readonly ListedContent[];
  readonly problem: string | null;
  /** What was typed before the form was refused. */
  readonly given: URLSearchParams;
}

interface Props {
  readonly view: View;
  readonly data: NewCampaignView;
}

/** The form of a new campaign. It makes a draft, whose page counts whom it is for. */
export function NewCampaignPage({ view, data }: Props) {
  const { say } = view;
  const title = say("New campaign", "Nouvelle campagne");
  return (
    <Page view={view} title={title}>
      <Head
        title={title}
        about={say(
          "A draft first: the next page says how many it is for, and sends nothing before you confirm.",
          "D’abord un brouillon : la page suivante dit combien de contacts sont visés, et rien ne part sans confirmation.",
        )}
      />
      {data.problem !== null && <p class="note note-bad">{data.problem}</p>}
      <form class="import-form" method="post">
        <FormToken view={view} />
        <Card id="what" title={say("What, and to whom", "Quoi, et à qui")}>
          <What view={view} data={data} />
        </Card>
        <Card id="when" title={say("When", "Quand")}>
          <When view={view} given={data.given} />
        </Card>
        <Card id="care" title={say("Test and care", "Test et précautions")}>
          <Care view={view} data={data} />
        </Card>
        <p class="actions">
          <button type="submit" class="button-main">
            {say("Make the draft", "Créer le brouillon")}
          </button>
        </p>
      </form>
    </Page>
  );
}

interface Choice {
  readonly value: string;
  readonly text: string;
}

function Select({
  name,
  text,
  given,
  choices,
}: {
  name: string;
  text: string;
  given: URLSearchParams;
  choices: readonly Choice[];
}) {
  const chosen = given.get(name) ?? choices[0]?.value;
  return (
    <label>
      {text}{" "}
      <select name={name}>
        {choices.map((choice) => (
          <option value={choice.value} selected={choice.value === chosen}>
            {choice.text}
          </option>
        ))}
      </select>
    </label>
  );
}

function Row({ children }: { children: Child }) {
  return <div class="card-body pairs">{children}</div>;
}

function contentChoices(contents: readonly ListedContent[], language: Language): Choice[] {
  return contents.map(({ key, channel, class: kind }) => ({
    value: key,
    text: [
      key,
      label(CONTENT_CHANNELS, channel, language),
      ...(kind === "marketing" ? [] : [label(CONTENT_CLASSES, kind, language)]),
    ].join(" · "),
  }));
}

function What({ view: { say, language }, data: { segments, contents, given } }: Props) {
  const everybody = { value: "", text: say("Everybody who is active", "Tous les contacts actifs") };
  const named = segments.map(({ family, segment, name }) => ({ value: `${family}|${segment}`, text: name }));
  return (
    <Row>
      <label>
        {say("Name", "Nom")} <input type="text" name="name" maxlength={120} value={given.get("name") ?? ""} required />
      </label>
      <Select name="audience" text={say("To", "À")} given={given} choices={[...named, everybody]} />
      <Select
        name="content"
        text={say("Content", "Contenu")}
        given={given}
        choices={contentChoices(contents, language)}
      />
      <Select
        name="class"
        text={say("What it is for", "Nature")}
        given={given}
        choices={[
          { value: "marketing", text: say("News and offers", "Actualités et offres") },
          { value: "service", text: say("A notice to customers: sells nothing", "Avis aux clients : ne vend rien") },
        ]}
      />
    </Row>
  );
}

function When({ view: { say, zone }, given }: { view: View; given: URLSearchParams }) {
  return (
    <Row>
      <Select
        name="mode"
        text={say("Leaves", "Départ")}
        given={given}
        choices={[
          { value: "", text: say("Ten minutes after it is confirmed", "Dix minutes après confirmation") },
          { value: "at", text: say(`At a time of the shop (${zone})`, `À une heure de la boutique (${zone})`) },
          {
            value: "local",
            text: say("At an hour by each contact’s clock", "À une heure locale, chez chaque contact"),
          },
          { value: "peak", text: say("When each contact reads most", "À l’heure où chaque contact lit le plus") },
        ]}
      />
      <label>
        {say("Day", "Jour")} <input type="date" name="date" value={given.get("date") ?? ""} />
      </label>
      <label>
        {say("Time", "Heure")}{" "}
        <input type="text" pattern="([01][0-9]|2[0-3]):[0-5][0-9]" name="time" value={given.get("time") ?? "09:00"} />
      </label>
    </Row>
  );
}

function Care({ view: { say, language }, data: { contents, given } }: Props) {
  const none = { value: "", text: say("no other content", "aucun autre contenu") };
  const isNew = given.get("name") === null;
  return (
    <Row>
      <Select
        name="other"
        text={say("Try against", "Tester face à")}
        given={given}
        choices={[none, ...contentChoices(contents, language)]}
      />
      <label>
        {say("On, % of the audience", "Sur, % de l’audience")}{" "}
        <input type="text" inputmode="numeric" pattern="[0-9]{1,2}" name="share" value={given.get("share") ?? "20"} />
      </label>
      <Select
        name="metric"
        text={say("The better one has more", "Le meilleur obtient plus de")}
        given={given}
        choices={[
          { value: "clicks", text: say("clicks by people", "clics humains") },
          { value: "orders", text: say("orders", "commandes") },
        ]}
      />
      <label>
        {say("Decided after, hours", "Décision après, heures")}{" "}
        <input type="text" inputmode="numeric" pattern="[0-9]{1,2}" name="limit" value={given.get("limit") ?? "4"} />
      </label>
      <label>
        {say("Control group, %", "Groupe témoin, %")}{" "}
        <input
          type="text"
          inputmode="numeric"
          pattern="[0-9]{1,2}"
          name="holdout"
          value={given.get("holdout") ?? "0"}
        />
      </label>
      <label>
        <input type="checkbox" name="ramp" value="1" checked={isNew || given.get("ramp") !== null} />{" "}
        {say(
          "Begin with 1 %, and go on only while few bounce (from 1,000 contacts on)",
          "Commencer par 1 %, puis continuer tant que peu d’adresses rejettent (dès 1 000 contacts)",
        )}
      </label>
    </Row>
  );
}
