import type { Child } from "hono/jsx";
import type { Words } from "../../shared/language";
import { agoText, here, timeText, type View } from "../view";
import { label, type Tone, toneOf } from "../words/labels";

type Catalog = Readonly<Record<string, Words & { readonly tone?: Tone }>>;

/** A state as a coloured word; its dot differs in shape too, for whoever sees no colours. */
export function Pill({ tone, children }: { tone: Tone; children?: Child }) {
  return <span class={`pill pill-${tone}`}>{children}</span>;
}

/** The pill of a code of a catalog. */
export function CodePill({ view, catalog, code }: { view: View; catalog: Catalog; code: string }) {
  return <Pill tone={toneOf(catalog, code)}>{label(catalog, code, view.language)}</Pill>;
}

/** A moment, with its full form for a pointer that rests on it. */
export function Time({ view, at }: { view: View; at: number }) {
  return (
    <time datetime={new Date(at).toISOString()} title={`${timeText(view, at, "full")} (${view.zone})`} class="nowrap">
      {timeText(view, at)}
    </time>
  );
}

/** How far away a moment is. */
export function Ago({ view, at }: { view: View; at: number }) {
  return (
    <time datetime={new Date(at).toISOString()} title={`${timeText(view, at, "full")} (${view.zone})`}>
      {agoText(view, at)}
    </time>
  );
}

/** What a page is called and is about; what stands beside it comes as children. */
export function Head({ title, about, children }: { title: string; about: string; children?: Child }) {
  return (
    <div class="head">
      <div>
        <h1>{title}</h1>
        <p>{about}</p>
      </div>
      {children}
    </div>
  );
}

/** The way to a list's next page. `next`: its parameters, null on the last. */
export function More({ view, next, text }: { view: View; next: NextPage; text?: string }) {
  return next === null ? null : (
    <p class="more">
      <a href={here(view, next)} rel="next">
        {text ?? view.say("Older", "Plus anciens")}
      </a>
    </p>
  );
}

/** Parameters of the next page; null on the last. */
export type NextPage = Readonly<Record<string, string>> | null;

interface CardProps {
  readonly id: string;
  readonly title: string;
  readonly about?: string | undefined;
  readonly aside?: Child;
  readonly children?: Child;
}

/** A section of a page. */
export function Card({ id, title, about, aside, children }: CardProps) {
  return (
    <section class="card" aria-labelledby={id}>
      <div class="card-head">
        <h2 id={id}>{title}</h2>
        {aside}
        {about !== undefined && <p>{about}</p>}
      </div>
      {children}
    </section>
  );
}

/** What stands where there is nothing yet, and what to do next. In the demo that is a walk through its shop. */
export function Empty({ view, title, text }: { view: View; title: string; text: string }) {
  return (
    <div class="empty">
      <strong>{title}</strong>
      <p>{text}</p>
      {__LOCAL__ && view.isLocal && (
        <a class="button" href="/demo">
          {view.say("Open the demo shop", "Ouvrir la boutique de démonstration")}
        </a>
      )}
    </div>
  );
}

/** Choices of which one is made, as links. */
export function Tabs({
  name,
  choices,
}: {
  name: string;
  choices: readonly { readonly href: string; readonly text: string; readonly current: boolean }[];
}) {
  return (
    <nav class="tabs" aria-label={name}>
      {choices.map(({ href, text, current }) => (
        <a href={href} aria-current={current ? "true" : undefined}>
          {text}
        </a>
      ))}
    </nav>
  );
}
