import type { Child } from "hono/jsx";
import { describeRule } from "../../segments/describe";
import type { Campaign } from "../../sends/campaigns/campaign-store";
import { audienceRule, rampOf } from "../../sends/campaigns/definition";
import type { CampaignReport } from "../../services/campaigns/report";
import { numberText, timeText, type View } from "../view";
import { pauseWords, scheduleWords, testWords } from "../words/campaigns";
import { CAMPAIGN_STATES } from "../words/labels";
import { CampaignResults } from "./campaign-results";
import { FormToken } from "./form";
import { Page } from "./layout";
import { Ago, Card, CodePill } from "./parts";

interface CampaignView {
  readonly campaign: Campaign;
  /** Only of a draft. */
  readonly audience: { readonly contacts: number; readonly reachable: number } | null;
  /** Only of what was confirmed. */
  readonly report: CampaignReport | null;
  readonly problem: string | null;
  readonly currency: string;
}

interface Props {
  readonly view: View;
  readonly data: CampaignView;
}

/** How soon the page of a campaign that is on its way loads itself again, seconds. */
const REFRESH = 10;

/** A campaign: a draft with how many it is for, or how far it is and what came of it. */
export function CampaignPage({ view, data }: Props) {
  const { say } = view;
  const { campaign, audience, report, problem } = data;
  const isMoving = campaign.state === "confirmed";
  return (
    <Page view={view} title={campaign.name} refresh={isMoving ? REFRESH : null}>
      <div class="head">
        <div>
          <p class="crumb">
            <a href="/admin/campaigns">{say("Campaigns", "Campagnes")}</a>
          </p>
          <h1>{campaign.name}</h1>
          <p>
            <CodePill view={view} catalog={CAMPAIGN_STATES} code={campaign.state} />{" "}
            <Standing view={view} campaign={campaign} />
          </p>
        </div>
        <Controls view={view} campaign={campaign} />
      </div>
      {problem !== null && <p class="note note-bad">{problem}</p>}
      {audience && <Confirm view={view} campaign={campaign} audience={audience} />}
      {report && <CampaignResults view={view} campaign={campaign} report={report} currency={data.currency} />}
      <About view={view} campaign={campaign} audience={audience?.contacts ?? campaign.audience ?? 0} />
    </Page>
  );
}

/** What comes next of a campaign, in words. */
function Standing({ view, campaign }: { view: View; campaign: Campaign }) {
  const { say } = view;
  const { state, startsAt, reason } = campaign;
  if (state === "confirmed" && startsAt !== null && startsAt > view.now) {
    return (
      <>
        {say("The first message leaves", "Le premier message part")} <Ago view={view} at={startsAt} /> (
        {timeText(view, startsAt)})
      </>
    );
  }
  return state === "paused" ? pauseWords(view, reason) : null;
}

function Controls({ view, campaign: { id, state } }: { view: View; campaign: Campaign }) {
  const { say } = view;
  const words = {
    pause: say("Pause", "Mettre en pause"),
    resume: say("Go on", "Reprendre"),
    cancel: say("Cancel for good", "Annuler définitivement"),
  };
  const offered = {
    draft: ["cancel"],
    confirmed: ["pause", "cancel"],
    paused: ["resume", "cancel"],
    cancelled: [],
    done: [],
  } as const;
  return (
    <div class="actions">
      {offered[state].map((name) => (
        <form method="post" action={`/admin/campaigns/${encodeURIComponent(id)}/${name}`}>
          <FormToken view={view} />
          <button type="submit">{words[name]}</button>
        </form>
      ))}
    </div>
  );
}

function Confirm({
  view,
  campaign,
  audience,
}: {
  view: View;
  campaign: Campaign;
  audience: NonNullable<CampaignView["audience"]>;
}) {
  const { say } = view;
  const contacts = numberText(view, audience.contacts);
  const reachable = numberText(view, audience.reachable);
  return (
    <Card id="confirm" title={say("Confirm", "Confirmer")}>
      <form
        class="card-body import-form"
        method="post"
        action={`/admin/campaigns/${encodeURIComponent(campaign.id)}/send`}
      >
        <FormToken view={view} />
        <p>
          {say("In the audience now:", "Dans l’audience à cet instant :")} <strong>{contacts}</strong>.{" "}
          {say(
            `Of these, ${reachable} have an address and agreed to this channel; the gate decides about each when the messages are made.`,
            `Parmi eux, ${reachable} ont une adresse et ont accepté ce canal ; la vérification décide pour chacun quand les messages sont préparés.`,
          )}
        </p>
        <div class="pairs">
          <label>
            {say("Type the number of contacts", "Saisissez le nombre de contacts")}{" "}
            <input type="text" inputmode="numeric" name="count" autocomplete="off" required />
          </label>
        </div>
        <button type="submit" class="button-main">
          {say("Confirm and send in ten minutes or later", "Confirmer : envoi dans dix minutes au plus tôt")}
        </button>
      </form>
    </Card>
  );
}

/** A key that a narrow page may break between its words, and nowhere else. */
function Key({ text }: { text: string }) {
  const words = text.split(/(?<=_)/);
  return <>{words.flatMap((word, place) => (place === 0 ? [word] : [<wbr />, word]))}</>;
}

function About({ view, campaign, audience }: { view: View; campaign: Campaign; audience: number }) {
  const { say } = view;
  const { definition } = campaign;
  const ramp = rampOf(definition, audience);
  const percent = new Intl.NumberFormat(view.language, { style: "percent", maximumFractionDigits: 1 });
  const test = testWords(view, definition);
  const who = describeRule(audienceRule(definition), view.language, view.terms);
  const contents = [definition.content, ...(definition.test?.contents ?? [])].map((key) => <Key text={key} />);
  const lines: (readonly [string, Child])[] = [
    [say("To", "À"), say(`whoever ${who}`, `quiconque ${who}`)],
    [say("Content", "Contenu"), contents.length === 1 ? contents : contents.map((one) => <p>{one}</p>)],
    [say("Leaves", "Départ"), scheduleWords(view, definition)],
    ...(test === null ? [] : [[say("Test", "Test"), test] as const]),
    [
      say("Grows by", "Montée"),
      ramp === null
        ? say("all at once", "tout d’un coup")
        : [...ramp.steps, 1].map((step) => percent.format(step)).join(" → "),
    ],
    [say("Control group", "Groupe témoin"), percent.format(definition.holdout)],
  ];
  return (
    <Card
      id="about"
      title={campaign.state === "draft" ? say("The plan", "Le plan") : say("As it was planned", "Ce qui était prévu")}
    >
      <dl class="facts card-body">
        {lines.map(([name, text]) => (
          <>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </>
        ))}
      </dl>
    </Card>
  );
}
