import type { View } from "../view";
import { Document, Languages, Mark } from "./layout";

interface Props {
  readonly view: View;
  /** Where to go afterwards: a path of the console. */
  readonly next: string;
  readonly problem: "wrong" | "limited" | null;
}

/** The door: the admin key is typed once, and the same words answer every wrong one. */
export function LoginPage({ view, next, problem }: Props) {
  const { say } = view;
  const title = say("Sign in", "Connexion");
  return (
    <Document view={view} title={title}>
      <div class="gate">
        <main id="main" class="gate-card">
          <p class="brand">
            <Mark />
            Relance
          </p>
          <div>
            <h1>{title}</h1>
            <p class="soft">
              {say(`The console of ${view.shopName}.`, `La console de ${view.shopName}.`)}{" "}
              {say("You stay signed in for 12 hours.", "Vous restez connecté pendant 12 heures.")}
            </p>
          </div>
          {problem !== null && (
            <p class="note note-bad" role="alert" id="problem">
              {problem === "wrong"
                ? say(
                    "That is not an admin key of this shop.",
                    "Ce n’est pas une clé d’administration de cette boutique.",
                  )
                : say("Too many wrong keys. Try again in a minute.", "Trop d’essais. Réessayez dans une minute.")}
            </p>
          )}
          <KeyForm view={view} next={next} problem={problem} />
          {__LOCAL__ && view.isLocal && (
            <p class="small soft">
              {say("On this machine the key is ", "Sur cette machine, la clé est ")}
              <code>ak_local</code>.
            </p>
          )}
          <Languages view={view} />
        </main>
      </div>
    </Document>
  );
}

function KeyForm({ view, next, problem }: Props) {
  const { say } = view;
  return (
    <form method="post" action="/admin/login">
      <input type="hidden" name="next" value={next} />
      <div class="field">
        <label for="key">{say("Admin key", "Clé d’administration")}</label>
        <input
          type="password"
          id="key"
          name="key"
          required
          autofocus
          autocomplete="current-password"
          spellcheck={false}
          aria-describedby={problem === null ? undefined : "problem"}
          aria-invalid={problem === "wrong" ? "true" : undefined}
        />
      </div>
      <button class="button-main" type="submit">
        {say("Open the console", "Ouvrir la console")}
      </button>
    </form>
  );
}
