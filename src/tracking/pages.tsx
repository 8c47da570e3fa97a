import type { Child } from "hono/jsx";
import type { Language } from "../shared/language";

interface Shop {
  readonly name: string;
  readonly url: string;
}

interface Props {
  readonly language: Language;
  readonly shop: Shop;
}

const STYLE = `
:root { color-scheme: light dark; --ink: #24211d; --paper: #faf7f2; --card: #fff; --soft: #6d655b; --accent: #24211d; }
@media (prefers-color-scheme: dark) { :root { --ink: #f2ede6; --paper: #191714; --card: #23201c; --soft: #b3a99c; --accent: #f2ede6; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 17px/1.6 ui-serif, Georgia, serif; }
main { max-width: 34rem; margin: 12vh auto; padding: 2.5rem; background: var(--card); border-radius: 14px; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 1rem; font-weight: 500; }
p { margin: 0 0 1.2rem; color: var(--soft); }
button { font: inherit; padding: .7rem 1.4rem; border: 0; border-radius: 99px; background: var(--accent); color: var(--card); cursor: pointer; }
a { color: inherit; } :focus-visible { outline: 3px solid #b7791f; outline-offset: 3px; }
@media (max-width: 40rem) { main { margin: 0; min-height: 100vh; border-radius: 0; padding: 2rem 1.3rem; box-sizing: border-box; } }
`;

function Page({ language, shop, title, children }: Props & { title: string; children: Child }) {
  return (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{`${title} – ${shop.name}`}</title>
        <style>{STYLE}</style>
      </head>
      <body>
        <main>
          <h1>{title}</h1>
          {children}
          <a href={shop.url}>{shop.name}</a>
        </main>
      </body>
    </html>
  );
}

const CHANNELS: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  email: { en: "our emails", fr: "nos e-mails" },
  sms: { en: "our text messages", fr: "nos SMS" },
};

function channelWords(channel: string, language: Language): string {
  return CHANNELS[channel]?.[language] ?? (language === "fr" ? "nos messages" : "our messages");
}

/** Asks before anything changes: link scanners follow every link of a mail. */
export function UnsubscribePage({ language, shop, channel }: Props & { channel: string }) {
  const words = channelWords(channel, language);
  const fr = language === "fr";
  return (
    <Page language={language} shop={shop} title={fr ? `Ne plus recevoir ${words} ?` : `Stop receiving ${words}?`}>
      <p>{fr ? "Un clic suffit, l’effet est immédiat." : "One click is enough, and it takes effect at once."}</p>
      <form method="post">
        <input type="hidden" name="List-Unsubscribe" value="Page" />
        <p>
          <button type="submit">{fr ? "Me désinscrire" : "Unsubscribe"}</button>
        </p>
      </form>
    </Page>
  );
}

export function UnsubscribedPage({ language, shop, channel }: Props & { channel: string }) {
  const words = channelWords(channel, language);
  const fr = language === "fr";
  return (
    <Page language={language} shop={shop} title={fr ? "C’est fait." : "Done."}>
      <p>{fr ? `Vous ne recevrez plus ${words}.` : `You will not receive ${words} any more.`}</p>
    </Page>
  );
}

/** Says nothing of why: a wrong, cut or foreign link all look the same. */
export function UnknownLinkPage({ language, shop }: Props) {
  const fr = language === "fr";
  return (
    <Page
      language={language}
      shop={shop}
      title={fr ? "Ce lien ne mène plus nulle part." : "This link leads nowhere any more."}
    >
      <p>{fr ? "Il est peut-être incomplet." : "It may be incomplete."}</p>
    </Page>
  );
}
