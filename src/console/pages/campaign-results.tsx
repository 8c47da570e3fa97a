import type { Campaign } from "../../sends/campaigns/campaign-store";
import type { CampaignReport } from "../../services/campaigns/report";
import { moneyText, numberText, type View } from "../view";
import { Tile } from "./figures";
import { Card } from "./parts";
import { ReasonBar } from "./reason-bar";

interface ResultsProps {
  readonly view: View;
  readonly campaign: Campaign;
  readonly report: CampaignReport;
  readonly currency: string;
}

/** What came of a campaign until now. */
export function CampaignResults({ view, campaign, report, currency }: ResultsProps) {
  const { say } = view;
  const against = { ...report.withheld };
  for (const [reason, count] of Object.entries(report.stopped)) against[reason] = (against[reason] ?? 0) + count;
  const reasons = Object.entries(against).toSorted(([, left], [, right]) => right - left);
  return (
    <>
      <Tiles view={view} campaign={campaign} report={report} />
      <div class="columns columns-even">
        <Card id="arms" title={say("By content", "Par contenu")} about={winnerWords(view, campaign)}>
          <div class="card-body scroll">
            <Arms view={view} report={report} currency={currency} winner={campaign.winner?.arm} />
          </div>
        </Card>
        <Card id="against" title={say("Not sent, and why", "Non envoyés, et pourquoi")}>
          {reasons.length === 0 ? (
            <p class="card-body soft">{say("Nothing was held back.", "Rien n’a été retenu.")}</p>
          ) : (
            <ul class="reasons card-body">
              {reasons.map(([reason, count]) => (
                <ReasonBar view={view} reason={reason} count={count} most={reasons[0]?.[1] ?? 1} />
              ))}
            </ul>
          )}
        </Card>
      </div>
      {report.lift && <LiftCard view={view} report={report} />}
    </>
  );
}

function Tiles({ view, campaign, report }: Omit<ResultsProps, "currency">) {
  const { say } = view;
  const { messages, results } = report;
  const percent = new Intl.NumberFormat(view.language, { style: "percent", maximumFractionDigits: 1 });
  const ofSent = (count: number) => (results.sent > 0 ? percent.format(count / results.sent) : undefined);
  const left = campaign.frozenAt === null ? (campaign.audience ?? 0) : report.undecided;
  return (
    <dl class="tiles">
      <Tile view={view} name={say("Sent", "Envoyés")} value={results.sent} />
      <Tile view={view} name={say("Still to come", "À venir")} value={left + messages.queued + messages.claimed} />
      <Tile
        view={view}
        name={say("Delivered", "Délivrés")}
        value={results.delivered}
        note={ofSent(results.delivered)}
      />
      <Tile
        view={view}
        name={say("Clicked by people", "Clics humains")}
        value={results.clicked}
        note={ofSent(results.clicked)}
      />
      <Tile
        view={view}
        name={say("Ordered within five days", "Ont commandé sous cinq jours")}
        value={results.ordered}
        note={ofSent(results.ordered)}
      />
    </dl>
  );
}

function winnerWords({ say, language }: View, { winner, definition }: Campaign): string | undefined {
  if (!definition.test) return undefined;
  if (!winner) return say("The test is open.", "Le test est en cours.");
  const runs = new Intl.NumberFormat(language).format(winner.counts.reduce((sum, count) => sum + count.runs, 0));
  return winner.cause === "figures"
    ? say(`Decided by clear figures of ${runs} messages.`, `Décidé sur des chiffres nets, ${runs} messages.`)
    : say(
        `The time was over: the better one of ${runs} test messages.`,
        `Le délai est écoulé : le meilleur sur ${runs} messages de test.`,
      );
}

interface ArmsProps {
  readonly view: View;
  readonly report: CampaignReport;
  readonly currency: string;
  readonly winner: string | undefined;
}

function Arms({ view, report, currency, winner }: ArmsProps) {
  const { say } = view;
  return (
    <table class="lines">
      <thead>
        <tr>
          <th scope="col">{say("Content", "Contenu")}</th>
          <th scope="col" class="number">
            {say("Sent", "Envoyés")}
          </th>
          <th scope="col" class="number">
            {say("Clicked", "Clics")}
          </th>
          <th scope="col" class="number">
            {say("Ordered", "Commandes")}
          </th>
          <th scope="col" class="number">
            {say("Revenue", "Revenu")}
          </th>
        </tr>
      </thead>
      <tbody>
        {report.arms.map(({ arm, content, sent, clicked, ordered, revenue }) => (
          <tr>
            <th scope="row">
              {content} {arm === winner && <span class="pill pill-good">{say("won", "gagnant")}</span>}
            </th>
            <td class="number">{numberText(view, sent)}</td>
            <td class="number">{numberText(view, clicked)}</td>
            <td class="number">{numberText(view, ordered)}</td>
            <td class="number">{moneyText(view, revenue, currency)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function LiftCard({ view, report: { lift, control } }: { view: View; report: CampaignReport }) {
  const { say } = view;
  if (!lift) return null;
  const points = new Intl.NumberFormat(view.language, { maximumFractionDigits: 2, signDisplay: "exceptZero" });
  const [middle, low, high] = [lift.points, lift.low, lift.high].map((share) => points.format(share * 100));
  return (
    <Card id="lift" title={say("Against the control group", "Face au groupe témoin")}>
      <p class="card-body">
        {lift.isEnough
          ? say(
              `${middle} points more of them ordered (between ${low} and ${high}) than of the ${numberText(view, control.contacts)} who got nothing.`,
              `${middle} point de commandes en plus (entre ${low} et ${high}) que chez les ${numberText(view, control.contacts)} qui n’ont rien reçu.`,
            )
          : say(
              "Not enough contacts or orders yet to say what the campaign itself did.",
              "Pas encore assez de contacts ou de commandes pour dire ce que la campagne a changé.",
            )}
      </p>
    </Card>
  );
}
