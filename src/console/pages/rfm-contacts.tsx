import type { Profile } from "../../contacts/profile";
import type { ScoreRow } from "../../segments/rfm/read-store";
import { contactId } from "../../shared/ids";
import { here, moneyText, numberText, timeText, type View } from "../view";
import { label } from "../words/labels";
import { segmentName, segmentWords } from "../words/rfm";
import { CAUSE_NAMES } from "../words/segments";
import type { NextPage } from "./parts";
import { Card, More, Tabs } from "./parts";
import { RfmFrame } from "./rfm-frame";
import type { RfmNames } from "./rfm-parts";
import { customersText } from "./rfm-parts";

/** A page of scored contacts: of a segment, or of a square of the matrix. */
export interface ContactsShown extends RfmNames {
  readonly rows: readonly (ScoreRow & { readonly days: number })[];
  readonly profiles: ReadonlyMap<number, Profile>;
  readonly next: NextPage;
  readonly search: { readonly segment: string | null; readonly r: number | null; readonly f: number | null };
  /** How many of a square have each M, 1 first; empty for a segment. */
  readonly byM: readonly number[];
  /** How many there are. */
  readonly contacts: number;
}

interface Props {
  readonly view: View;
  readonly shown: ContactsShown;
}

/** What says something of the contact: not that everybody was computed, loaded or sorted anew. */
const TOLD: ReadonlySet<string | null> = new Set(["act", "decay", "population_shift"]);

/** Who is in a segment or a square. */
export function RfmContactsPage({ view, shown }: Props) {
  const { say, language } = view;
  const { search, names, contacts, byM, rows } = shown;
  const { segment, r, f } = search;
  const words = segment === null ? null : segmentWords(segment, language);
  const title =
    segment === null ? say(`R ${r}, F ${f}`, `R ${r}, F ${f}`) : segmentName(segment, names.get(segment), language);
  const count = customersText(view, contacts);
  return (
    <RfmFrame view={view}>
      <p class="crumb">
        <a href={view.query["run"] === "past" ? "/admin/rfm?run=past" : "/admin/rfm"}>
          {say("Back to the matrix", "Retour à la matrice")}
        </a>
      </p>
      <Card
        id="contacts"
        title={say(`${title}: ${count}`, `${title} : ${count}`)}
        about={words ? `${words.who} ${words.what}` : undefined}
      >
        {byM.length > 0 && (
          <div class="card-body">
            <MoneyTabs view={view} byM={byM} />
          </div>
        )}
        {rows.length === 0 ? (
          <p class="card-body soft">{say("Nobody is here.", "Personne ici.")}</p>
        ) : (
          <ScoreTable view={view} shown={shown} />
        )}
        <More view={view} next={shown.next} text={say("More", "Suite")} />
      </Card>
    </RfmFrame>
  );
}

function MoneyTabs({ view, byM }: { view: View; byM: readonly number[] }) {
  const current = view.query["m"];
  const all = {
    href: here(view, { m: null, after: null }),
    text: view.say("Every M", "Tous les M"),
    current: !current,
  };
  const choices = byM.map((count, index) => {
    const m = String(index + 1);
    return { href: here(view, { m, after: null }), text: `M${m} · ${numberText(view, count)}`, current: current === m };
  });
  return <Tabs name={view.say("By money", "Par montant")} choices={[all, ...choices]} />;
}

function ScoreTable({ view, shown }: Props) {
  const { say } = view;
  const heads = {
    last: say("Last order", "Dernière commande"),
    orders: say("Orders", "Commandes"),
    money: say("Money", "Montant"),
    segment: say("Segment", "Segment"),
  };
  return (
    <div class="card-body">
      <table class="sources rfm-contacts" aria-labelledby="contacts">
        <thead>
          <tr>
            <th scope="col">{say("Contact", "Contact")}</th>
            <th scope="col">R F M</th>
            {Object.values(heads).map((head) => (
              <th scope="col">{head}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.rows.map((row) => (
            <Row view={view} shown={shown} row={row} heads={heads} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps extends Props {
  readonly row: ContactsShown["rows"][number];
  readonly heads: Readonly<Record<"last" | "orders" | "money" | "segment", string>>;
}

function Row({ view, shown, row, heads }: RowProps) {
  const { say, language } = view;
  const profile = shown.profiles.get(row.contact);
  const name = [profile?.firstName, profile?.lastName].filter((part) => part).join(" ");
  const id = contactId(row.contact);
  return (
    <tr>
      <th scope="row">
        <a href={`/admin/contacts/${id}`}>{name || (profile?.email ?? row.externalId ?? id)}</a>
        {name !== "" && profile?.email && <small class="soft rfm-address">{profile.email}</small>}
      </th>
      <td data-name="R F M" class="number">
        {row.r} {row.f} {row.m}
      </td>
      <td data-name={heads.last}>{daysText(view, row.days)}</td>
      <td data-name={heads.orders} class="number">
        {numberText(view, row.orders)}
      </td>
      <td data-name={heads.money} class="number nowrap">
        {moneyText(view, row.monetary, shown.currency)}
      </td>
      <td data-name={heads.segment}>
        {segmentName(row.segment, row.name, language)}
        {TOLD.has(row.cause) && row.changedAt !== null && (
          <small class="soft rfm-address">
            {say(
              `since ${timeText(view, row.changedAt, "day")}: ${label(CAUSE_NAMES, row.cause ?? "", language)}`,
              `depuis le ${timeText(view, row.changedAt, "day")} : ${label(CAUSE_NAMES, row.cause ?? "", language)}`,
            )}
          </small>
        )}
      </td>
    </tr>
  );
}

/** How many days ago by the shop's calendar. */
export function daysText({ say }: View, days: number): string {
  if (days <= 0) return say("today", "aujourd’hui");
  if (days === 1) return say("yesterday", "hier");
  return say(`${days} days ago`, `il y a ${days} jours`);
}
