import { raw } from "hono/html";
import type { Child } from "hono/jsx";
import type { View } from "../view";
import { here } from "../view";
import { FormToken } from "./form";
import { Menu } from "./menu";
import { LocalRibbon } from "./ribbon";

/** The mark: a message that turns round and comes back. */
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <circle cx="16" cy="16" r="15" fill="#e2a94c" />
      <path
        d="M9 11.5h10.2a5.3 5.3 0 0 1 0 10.6H11m3.6-4.1-4.2 4.1 4.2 4.1"
        fill="none"
        stroke="#1d2942"
        stroke-width="2.6"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}

interface DocumentProps {
  readonly view: View;
  readonly title: string;
  /** Another style sheet after the console's own. */
  readonly sheet?: string;
  /** Seconds after which the page loads itself again. */
  readonly refresh?: number | null;
  /** Address of a script of the console's own, which the page's policy must name. */
  readonly script?: string | undefined;
  readonly children?: Child;
}

/** The document around every page, with style sheets of its own origin and, but for one form, not a single script. */
export function Document({ view, title, sheet, refresh = null, script, children }: DocumentProps) {
  return (
    <>
      {raw("<!doctype html>")}
      <html lang={view.language}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="robots" content="noindex, nofollow" />
          <meta name="color-scheme" content="light dark" />
          {refresh !== null && <meta http-equiv="refresh" content={String(refresh)} />}
          <title>{`${title} · Relance`}</title>
          <link rel="icon" href="/admin/assets/icon.svg" type="image/svg+xml" />
          <link rel="stylesheet" href="/admin/assets/console.css" />
          {sheet !== undefined && <link rel="stylesheet" href={sheet} />}
          {script !== undefined && <script src={script} defer />}
        </head>
        <body>{children}</body>
      </html>
    </>
  );
}

/** English or French: the same page again. */
export function Languages({ view }: { view: View }) {
  const current = (language: string) => (view.language === language ? "true" : undefined);
  return (
    <nav class="languages" aria-label={view.say("Language", "Langue")}>
      <a
        href={here(view, { lang: "en" })}
        lang="en"
        hreflang="en"
        aria-label="EN, English"
        aria-current={current("en")}
      >
        EN
      </a>
      <a
        href={here(view, { lang: "fr" })}
        lang="fr"
        hreflang="fr"
        aria-label="FR, français"
        aria-current={current("fr")}
      >
        FR
      </a>
    </nav>
  );
}

function TopBar({ view }: { view: View }) {
  const { say, path } = view;
  return (
    <header class="top">
      <div class="wide top-row">
        <a class="brand" href="/admin">
          <Mark />
          Relance <small>{view.shopName}</small>
        </a>
        <Menu view={view} />
        <search class="seek">
          <form class="find" action="/admin/contacts" method="get">
            <input
              type="search"
              name="q"
              value={path === "/admin/contacts" ? view.query["q"] : undefined}
              required
              aria-label={say("Find a contact by email or customer number", "Chercher un contact")}
              placeholder={say("Find a contact: email…", "Chercher un contact…")}
              autocomplete="off"
            />
          </form>
        </search>
        <div class="top-end">
          <Languages view={view} />
          {view.hasSession && (
            <form method="post" action="/admin/logout">
              <FormToken view={view} />
              <button type="submit">{say("Sign out", "Se déconnecter")}</button>
            </form>
          )}
        </div>
      </div>
    </header>
  );
}

interface PageProps {
  readonly view: View;
  readonly title: string;
  /** Seconds after which the page loads itself again. */
  readonly refresh?: number | null;
  /** A script that it runs. */
  readonly script?: string;
  readonly children?: Child;
}

/** A page of the console for somebody who is signed in. */
export function Page({ view, title, refresh = null, script, children }: PageProps) {
  const { say } = view;
  return (
    <Document view={view} title={title} refresh={refresh} script={script}>
      <a class="skip" href="#main">
        {say("Skip to the content", "Aller au contenu")}
      </a>
      <TopBar view={view} />
      {__LOCAL__ && <LocalRibbon view={view} action="/admin/clock" />}
      <main id="main" tabindex={-1} class="wide">
        {children}
      </main>
    </Document>
  );
}
