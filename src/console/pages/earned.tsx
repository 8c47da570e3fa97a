import type { EarnedLine } from "../../reports/earned";
import { totalOf } from "../../reports/earned";
import { moneyText, numberText, type View } from "../view";
import { CHANNEL_NAMES, label } from "../words/labels";
import { Card } from "./parts";

interface Props {
  readonly view: View;
  readonly lines: readonly EarnedLine[];
}

/** What a scenario's messages came to, block by block: who read them, and the orders that count to them. */
export function EarnedCard({ view, lines }: Props) {
  const { say, terms } = view;
  if (lines.length === 0) return null;
  const total = totalOf(lines);
  const names = namesOf(view);
  const about = say(
    "An order counts to the last message that its customer clicked, or whose code it used. What came back is taken off; what machines open and click counts nowhere.",
    "Une commande compte pour le dernier message dont le client a suivi un lien, ou dont elle utilise le code. Les remboursements sont déduits ; les ouvertures et clics de machines ne comptent pas.",
  );
  return (
    <Card id="earned" title={say("What the messages came to", "Ce que les messages ont rapporté")} about={about}>
      <div class="card-body">
        <table class="sources positions">
          <thead>
            <tr>
              <th scope="col">{say("Message", "Message")}</th>
              {Object.values(names).map((name) => (
                <th scope="col">{name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <Row view={view} line={line} name={line.block} about={aboutOf(view, line)} />
            ))}
            {lines.length > 1 && <Row view={view} line={total} name={say("All of them", "Au total")} about="" />}
          </tbody>
        </table>
      </div>
      {total.unpriced > 0 && (
        <p class="card-body soft">
          {say(
            `${numberText(view, total.unpriced)} orders are in a currency without a rate: they are counted, their money in ${terms.shop.currency} is not known.`,
            `${numberText(view, total.unpriced)} commandes sont dans une devise sans taux : elles sont comptées, leur montant en ${terms.shop.currency} n’est pas connu.`,
          )}
        </p>
      )}
    </Card>
  );
}

function namesOf({ say }: View) {
  return {
    sent: say("Sent", "Envoyés"),
    delivered: say("Delivered", "Délivrés"),
    opened: say("Opened", "Ouverts"),
    clicked: say("Clicked", "Cliqués"),
    machines: say("Machines", "Machines"),
    orders: say("Orders", "Commandes"),
    revenue: say("Revenue", "Chiffre d’affaires"),
  };
}

function aboutOf(view: View, { channel, content }: EarnedLine): string {
  return `${label(CHANNEL_NAMES, channel, view.language)} · ${content}`;
}

interface RowProps {
  readonly view: View;
  readonly line: Omit<EarnedLine, "block" | "channel" | "content">;
  readonly name: string;
  readonly about: string;
}

function Row({ view, line, name, about }: RowProps) {
  const names = namesOf(view);
  const numbers = {
    sent: line.sent,
    delivered: line.delivered,
    opened: line.opened,
    clicked: line.clicked,
    machines: line.machine_opened + line.machine_clicked,
    orders: line.orders,
  };
  // Nobody has told: that is not the same as none.
  const isUntold = line.delivered === 0 && line.sent > 0;
  return (
    <tr>
      <th scope="row">
        <span>{name}</span> <span class="soft">{about}</span>
      </th>
      {(Object.keys(numbers) as (keyof typeof numbers)[]).map((key) => (
        <td data-name={names[key]} class="number">
          {key === "delivered" && isUntold ? "–" : numberText(view, numbers[key])}
        </td>
      ))}
      <td data-name={names.revenue} class="number">
        {moneyText(view, line.revenue, view.terms.shop.currency)}
      </td>
    </tr>
  );
}
