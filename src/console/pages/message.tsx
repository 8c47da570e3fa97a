import type { View } from "../view";
import { Document, Mark, Page } from "./layout";

/** A page that says one thing: not found, refused, went wrong. */
export function MessagePage({ view, title, text }: { view: View; title: string; text: string }) {
  const back = (
    <a class="button" href="/admin">
      {view.say("To the overview", "Vers la vue d’ensemble")}
    </a>
  );
  if (view.formToken === null && !view.hasSession) {
    return (
      <Document view={view} title={title}>
        <div class="gate">
          <main id="main" class="gate-card">
            <p class="brand">
              <Mark />
              Relance
            </p>
            <h1>{title}</h1>
            <p class="soft">{text}</p>
            {back}
          </main>
        </div>
      </Document>
    );
  }
  return (
    <Page view={view} title={title}>
      <div class="head">
        <div>
          <h1>{title}</h1>
          <p>{text}</p>
        </div>
      </div>
      {back}
    </Page>
  );
}
