import { raw } from "hono/html";
import type { Child } from "hono/jsx";
import { CATEGORIES } from "../products";
import { link, shopForScript, type View } from "./view";

/** Which part of the page's script runs, and what it needs to know. */
interface Page {
  readonly name: "list" | "product" | "cart" | "checkout" | "order" | "plain";
  readonly title: string;
  readonly listed?: readonly string[];
}

const STEPS = [
  { duration: "PT30M", label: "+ 30 min" },
  { duration: "PT4H", label: "+ 4 h" },
  { duration: "PT24H", label: "+ 24 h" },
];

/** The controls of whoever looks at the demo; not a part of the shop. */
function Ribbon({ view: { texts } }: { view: View }) {
  const [before, after] = texts.ribbonText.split("{inbox}");
  return (
    <aside class="ribbon" id="ribbon" aria-label={texts.ribbonLabel}>
      <div class="ribbon-inner">
        <p>
          {before}
          <a href="/dev/inbox">/dev/inbox</a>
          {after}
        </p>
        <div class="ribbon-steps">
          {STEPS.map(({ duration, label }) => (
            <button type="button" data-advance={duration}>
              {label}
            </button>
          ))}
        </div>
        <output id="clock-status" aria-live="polite"></output>
        <button type="button" class="ribbon-close" id="ribbon-close" aria-label={texts.ribbonDismiss}>
          ×
        </button>
      </div>
    </aside>
  );
}

function Languages({ view }: { view: View }) {
  const to = (language: string) => {
    const category = view.category ? `category=${view.category}&` : "";
    return `${view.path}?${category}lang=${language}`;
  };
  return (
    <nav class="languages" aria-label={view.texts.languageMenu}>
      <a href={to("en")} lang="en" hreflang="en" aria-current={view.language === "en" ? "true" : undefined}>
        <abbr title="English">EN</abbr>
      </a>
      <a href={to("fr")} lang="fr" hreflang="fr" aria-current={view.language === "fr" ? "true" : undefined}>
        <abbr title="Français">FR</abbr>
      </a>
    </nav>
  );
}

function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
      <circle cx="16" cy="19" r="9.5" fill="#e2a94c" />
      <path d="M16 1v7M12.5 8.5h7l1.5 4h-10z" stroke="currentColor" stroke-width="1.6" fill="none" />
    </svg>
  );
}

function Header({ view }: { view: View }) {
  const { texts, category, shopName } = view;
  const onList = view.path === "/demo";
  const current = (here: boolean) => (onList && here ? "page" : undefined);
  return (
    <header class="header">
      <a class="brand" href={link(view, "/demo")}>
        <Mark />
        {shopName}
      </a>
      <nav class="menu" aria-label={texts.shopMenu}>
        <a href={link(view, "/demo")} aria-current={current(category === null)}>
          {texts.everything}
        </a>
        {CATEGORIES.map((key) => (
          <a href={link(view, `/demo?category=${key}`)} aria-current={current(category === key)}>
            {texts.categories[key]}
          </a>
        ))}
      </nav>
      <Languages view={view} />
      <a class="cart-link" id="cart-link" href={link(view, "/demo/cart")}>
        {texts.cart} <span class="count" id="cart-count"></span>
      </a>
    </header>
  );
}

function Footer({ view: { texts, shopName } }: { view: View }) {
  return (
    <footer class="footer">
      <p class="footer-brand">
        <Mark />
        {shopName}
      </p>
      <p>{texts.footer}</p>
      <p>
        <span id="privacy-state">{texts.privacyOff}</span>{" "}
        <button type="button" class="quiet" id="privacy-toggle">
          {texts.privacyAllow}
        </button>
      </p>
      <p class="footer-actions">
        <button type="button" class="quiet" id="new-visitor">
          {texts.newVisitor}
        </button>
        <button type="button" class="quiet" id="ribbon-open" hidden>
          {texts.showRibbon}
        </button>
      </p>
    </footer>
  );
}

/** A whole document. The scripts are files of this origin: the policy of the page allows nothing else. */
export function Layout({ view, page, children }: { view: View; page: Page; children?: Child }) {
  const { texts, shopName, language } = view;
  return (
    <>
      {raw("<!doctype html>")}
      <html lang={language}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="theme-color" content="#1d2942" />
          <meta name="robots" content="noindex" />
          <title>{page.title === shopName ? `${shopName} · ${texts.title}` : `${page.title} · ${shopName}`}</title>
          <link rel="icon" href="/demo/img/icon.svg" type="image/svg+xml" />
          <link rel="stylesheet" href="/demo/style.css" />
          <script src="/demo/shop.js" defer></script>
          <script src="/r.js" async data-write-key={view.writeKey} data-debug="true"></script>
        </head>
        <body data-page={page.name} data-shop={JSON.stringify(shopForScript(view, page.listed))}>
          <a class="skip" href="#main">
            {texts.skip}
          </a>
          <Ribbon view={view} />
          <Header view={view} />
          <main id="main" tabindex={-1}>
            <noscript>
              <p class="note">{texts.noScript}</p>
            </noscript>
            {children}
          </main>
          <p class="toast" id="toast" role="status"></p>
          <Footer view={view} />
        </body>
      </html>
    </>
  );
}
