import { CHANNEL_KEYS } from "../../decisions/channel";
import type { TrackingDraft } from "../tracking-draft";
import { USUAL_UNITS } from "../tracking-draft";
import type { View } from "../view";
import { CHANNEL_NAMES, label } from "../words/labels";
import { UNIT_NAMES } from "../words/tracking";
import { FormNotes, FormToken } from "./form";
import { Page } from "./layout";
import { Card, Head } from "./parts";

interface Props {
  readonly view: View;
  readonly draft: TrackingDraft;
  readonly problems: readonly string[];
}

interface Part {
  readonly view: View;
  readonly draft: TrackingDraft;
}

/** What is measured of messages, with what the law asks for, and what a shop may set of it. */
export function TrackingPage({ view, draft, problems }: Props) {
  const { say } = view;
  return (
    <Page view={view} title={say("Tracking", "Suivi")}>
      <Head
        title={say("What is measured", "Ce qui est mesuré")}
        about={say(
          "Opens, clicks, and the orders that follow them.",
          "Les ouvertures, les clics, et les commandes qui les suivent.",
        )}
      />
      <FormNotes
        view={view}
        problems={problems}
        saved={say("Saved. It holds from now on.", "Enregistré. C’est valable dès maintenant.")}
      />
      <div class="columns">
        <form class="stack" method="post" action="/admin/tracking">
          <LinksCard view={view} draft={draft} />
          <WindowsCard view={view} draft={draft} />
          <p>
            <FormToken view={view} />
            <button type="submit" class="button-main">
              {say("Save", "Enregistrer")}
            </button>
          </p>
        </form>
        <LawCard view={view} />
      </div>
    </Page>
  );
}

function LinksCard({ view, draft }: Part) {
  const { say } = view;
  return (
    <Card id="links" title={say("Links to your shop", "Liens vers votre boutique")}>
      <div class="card-body stack">
        <p class="tick">
          <input id="tracking-utm" type="checkbox" name="utm" checked={draft.utm} aria-describedby="utm-hint" />
          <label for="tracking-utm">
            {say("Say where a visit comes from (UTM)", "Dire d’où vient une visite (UTM)")}
          </label>
          <span id="utm-hint" class="soft small">
            {say(
              "Adds utm_source, utm_medium, utm_campaign and utm_content to links to your own pages, so that your web statistics know the message. They name the message, never the person; what a link has already stays. Whether your statistics may be kept is a matter of the consent that your shop asks for.",
              "Ajoute utm_source, utm_medium, utm_campaign et utm_content aux liens vers vos pages, pour que vos statistiques web reconnaissent le message. Ils nomment le message, jamais la personne ; ce qu’un lien porte déjà reste. Vos statistiques elles-mêmes dépendent du consentement que votre boutique demande.",
            )}
          </span>
        </p>
        <p class="field">
          <label for="tracking-source">{say("Name of the source (utm_source)", "Nom de la source (utm_source)")}</label>
          <input
            id="tracking-source"
            type="text"
            name="source"
            value={draft.source}
            maxlength={60}
            autocomplete="off"
            aria-describedby="source-hint"
          />
          <span id="source-hint" class="soft small">
            {say(
              "The name under which your statistics list these visits.",
              "Le nom sous lequel vos statistiques rangent ces visites.",
            )}
          </span>
        </p>
        <MidSwitch view={view} draft={draft} />
      </div>
    </Card>
  );
}

function MidSwitch({ view: { say }, draft }: Part) {
  return (
    <p class="tick">
      <input id="tracking-mid" type="checkbox" name="mid" checked={draft.mid} aria-describedby="mid-hint" />
      <label for="tracking-mid">
        {say("Know an order by the link its buyer came by (mid)", "Reconnaître une commande au lien suivi (mid)")}
      </label>
      <span id="mid-hint" class="soft small">
        {say(
          "Adds a signed mid to links to your own pages, for people who agreed to tracking alone. An order that brings it back counts to its message, also where it is placed under another address.",
          "Ajoute un mid signé aux liens vers vos pages, uniquement pour qui a accepté le suivi. Une commande qui le rapporte est attribuée à son message, même passée avec une autre adresse.",
        )}
      </span>
    </p>
  );
}

function WindowsCard({ view, draft }: Part) {
  const { say, language } = view;
  return (
    <Card
      id="windows"
      title={say("How long a click counts", "Combien de temps un clic compte")}
      about={say(
        "An order within this time counts to the last message that the customer clicked. 0: a click counts for nothing, only the message’s coupon does. It holds for orders that come from now on; figures of before stay. A long window flatters messages: five days is usual for email.",
        "Une commande dans ce délai est attribuée au dernier message cliqué. 0 : un clic ne compte pas, seul le code promo du message compte. Cela vaut pour les commandes à venir ; les chiffres passés restent. Une longue fenêtre flatte les messages : cinq jours est l’usage pour l’e-mail.",
      )}
    >
      <div class="card-body windows">
        {CHANNEL_KEYS.map((channel) => {
          const { count, unit } = draft.windows[channel];
          const name = label(CHANNEL_NAMES, channel, language);
          return (
            <fieldset>
              <legend>{name}</legend>
              <input
                type="text"
                class="input-small"
                inputmode="numeric"
                name={`${channel}.count`}
                value={count}
                size={5}
                maxlength={6}
                autocomplete="off"
                aria-label={say("How long", "Durée")}
              />{" "}
              <select name={`${channel}.unit`} aria-label={say("Unit", "Unité")}>
                {[...new Set([...USUAL_UNITS, unit])].map((one) => (
                  <option value={one} selected={one === unit}>
                    {label(UNIT_NAMES, one, language)}
                  </option>
                ))}
              </select>
            </fieldset>
          );
        })}
      </div>
    </Card>
  );
}

function LawCard({ view: { say } }: { view: View }) {
  return (
    <Card id="law" title={say("What the law asks for", "Ce que demande la loi")}>
      <ul class="card-body dotted">
        <li>
          {say(
            "Opens and clicks of a person are measured only with their consent to tracking (GDPR, ePrivacy; in France the CNIL’s recommendation on tracking pixels). There is no switch here that does without it.",
            "Les ouvertures et les clics d’une personne ne sont mesurés qu’avec son consentement au suivi (RGPD, ePrivacy ; en France, la recommandation de la CNIL sur les pixels de suivi). Aucun réglage ne permet de s’en passer.",
          )}
        </li>
        <li>
          {say(
            "Who has not agreed gets the same message without the picture that tells of opening, and with links that lead straight to your shop.",
            "Qui n’a pas accepté reçoit le même message, sans l’image qui signale l’ouverture, et avec des liens directs vers votre boutique.",
          )}
        </li>
        <li>
          {say(
            "So figures of opens and clicks are of those who agreed: a share of all, not all. Orders of the others count only by the message’s coupon.",
            "Les ouvertures et les clics affichés sont donc ceux de qui a accepté : une partie, pas tous. Les commandes des autres ne comptent que par le code promo du message.",
          )}
        </li>
        <li>
          {say(
            "A consent that is withdrawn ends it for messages from then on, and for links of messages that are out.",
            "Un consentement retiré y met fin pour les messages suivants, et pour les liens de ceux déjà partis.",
          )}
        </li>
        <li>
          {say(
            "Opens by mail programs and clicks by scanners are told apart and count nowhere.",
            "Les ouvertures automatiques des messageries et les clics des antivirus sont reconnus et ne comptent nulle part.",
          )}
        </li>
      </ul>
    </Card>
  );
}
