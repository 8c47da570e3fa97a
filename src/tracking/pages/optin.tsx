import { Field, Form, Notice, Page, type PageProps, say } from "./page";

interface ConfirmProps extends PageProps {
  /** Masked. */
  readonly address: string;
  /** What is agreed to by the button, as it was worded. */
  readonly wordings: readonly string[];
  /** Says to the button which claims this page shows. */
  readonly shown: string;
}

/** Shows what is about to be confirmed. Only its button does: scanners open every link of a mail. */
export function ConfirmPage({ address, wordings, shown, ...page }: ConfirmProps) {
  return (
    <Page {...page} title={say(page, "Confirm your subscription", "Confirmez votre inscription")}>
      <p>
        {say(page, `You asked for this at the address ${address}:`, `Vous l’avez demandé à l’adresse ${address} :`)}
      </p>
      <ul>
        {wordings.map((wording) => (
          <li>{wording}</li>
        ))}
      </ul>
      <Form language={page.language}>
        <input type="hidden" name="shown" value={shown} />
        <p>
          <button type="submit" name="do" value="confirm" class="wide">
            {say(page, "Yes, that was me", "Oui, c’était moi")}
          </button>
        </p>
      </Form>
      <p class="soft small">
        {say(
          page,
          "If it was not you, close this page: nothing happens, and the request is erased after 30 days.",
          "Si ce n’était pas vous, fermez cette page : rien ne se passera, et la demande sera effacée au bout de 30 jours.",
        )}
      </p>
    </Page>
  );
}

/** The field for the digits that a text message brought. */
export function CodeForm({ page, phone, failed }: { page: PageProps; phone: string; failed: boolean }) {
  return (
    <section>
      <h2>{say(page, "Your phone number", "Votre numéro de téléphone")}</h2>
      <p class="soft">
        {say(
          page,
          `A text message with a code of eight digits is on its way to ${phone}. It works for seven days.`,
          `Un SMS avec un code à huit chiffres part vers le ${phone}. Il est valable sept jours.`,
        )}
      </p>
      <Form language={page.language}>
        <Field
          id="code"
          type="text"
          inputmode="numeric"
          autocomplete="one-time-code"
          class="code"
          label={say(page, "Code", "Code")}
          error={
            failed
              ? say(page, "This is not the code. Please look again.", "Ce n’est pas le bon code. Vérifiez-le.")
              : undefined
          }
          focus={failed}
        />
        <button type="submit" name="do" value="code">
          {say(page, "Confirm my number", "Confirmer mon numéro")}
        </button>
      </Form>
    </section>
  );
}

interface DoneProps extends PageProps {
  readonly preferences: string | null;
  /** Masked number whose code is awaited. */
  readonly phone: string | null;
  readonly code: "none" | "wrong" | "right";
}

/** After the button, however often it is pressed. */
export function ConfirmedPage({ preferences, phone, code, ...page }: DoneProps) {
  return (
    <Page {...page} title={say(page, "Welcome.", "Bienvenue.")}>
      {code === "right" && (
        <Notice>
          <p>{say(page, "Your phone number is confirmed.", "Votre numéro est confirmé.")}</p>
        </Notice>
      )}
      <p role="status">
        {say(
          page,
          "Your subscription is confirmed. Thank you for your trust.",
          "Votre inscription est confirmée. Merci de votre confiance.",
        )}
      </p>
      {preferences !== null && (
        <p>
          <a href={preferences}>
            {say(page, "Choose what you receive, and how often", "Choisir ce que je reçois, et à quel rythme")}
          </a>
        </p>
      )}
      {phone !== null && code !== "right" && <CodeForm page={page} phone={phone} failed={code === "wrong"} />}
    </Page>
  );
}

/** A link that is too old. The new mail goes to the address that the old one went to, and nowhere else. */
export function ExpiredPage({ sent, ...page }: PageProps & { sent: boolean }) {
  if (sent) {
    return (
      <Page {...page} title={say(page, "Please look into your inbox.", "Regardez votre boîte de réception.")}>
        <p role="status">
          {say(
            page,
            "A new email is on its way, unless one was sent within the last 24 hours.",
            "Un nouvel e-mail est en route, sauf si nous en avons envoyé un il y a moins de 24 heures.",
          )}
        </p>
      </Page>
    );
  }
  return (
    <Page {...page} title={say(page, "This link has run out.", "Ce lien a expiré.")}>
      <p>
        {say(
          page,
          "It worked for seven days. We can send you a new one, to the same address.",
          "Il était valable sept jours. Nous pouvons vous en envoyer un nouveau, à la même adresse.",
        )}
      </p>
      <Form language={page.language}>
        <p>
          <button type="submit" name="do" value="again" class="wide">
            {say(page, "Send me a new link", "M’envoyer un nouveau lien")}
          </button>
        </p>
      </Form>
    </Page>
  );
}
