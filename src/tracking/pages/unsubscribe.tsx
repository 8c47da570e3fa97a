import type { Language, Words } from "../../shared/language";
import { Form, Page, type PageProps, say } from "./page";

const CHANNELS: Readonly<Record<string, Words>> = {
  email: { en: "our emails", fr: "nos e-mails" },
  sms: { en: "our text messages", fr: "nos SMS" },
};

function channelWords(channel: string, language: Language): string {
  return CHANNELS[channel]?.[language] ?? (language === "fr" ? "nos messages" : "our messages");
}

interface ChannelProps extends PageProps {
  readonly channel: string;
}

/** Asks before anything changes: link scanners follow every link of a mail. */
export function UnsubscribePage({ channel, ...page }: ChannelProps) {
  const words = channelWords(channel, page.language);
  return (
    <Page {...page} title={say(page, `Stop receiving ${words}?`, `Ne plus recevoir ${words} ?`)}>
      <p class="soft">
        {say(page, "One click is enough, and it takes effect at once.", "Un clic suffit, l’effet est immédiat.")}
      </p>
      <Form language={page.language}>
        <input type="hidden" name="List-Unsubscribe" value="Page" />
        <p>
          <button type="submit">{say(page, "Unsubscribe", "Me désinscrire")}</button>
        </p>
      </Form>
    </Page>
  );
}

export function UnsubscribedPage({ channel, ...page }: ChannelProps) {
  const words = channelWords(channel, page.language);
  return (
    <Page {...page} title={say(page, "Done.", "C’est fait.")}>
      <p role="status">{say(page, `You will not receive ${words} any more.`, `Vous ne recevrez plus ${words}.`)}</p>
    </Page>
  );
}

/** Says nothing of why: a wrong, cut or foreign link all look the same. */
export function UnknownLinkPage(page: PageProps) {
  return (
    <Page {...page} title={say(page, "This link leads nowhere any more.", "Ce lien ne mène plus nulle part.")}>
      <p class="soft">{say(page, "It may be incomplete.", "Il est peut-être incomplet.")}</p>
      <p>
        <a href={page.shop.url}>{say(page, "To the shop", "Aller à la boutique")}</a>
      </p>
    </Page>
  );
}

/** Something that will pass: too many at once, or nothing could be stored. */
export function LaterPage(page: PageProps) {
  return (
    <Page {...page} title={say(page, "One moment, please.", "Un instant, s’il vous plaît.")}>
      <p role="alert">
        {say(
          page,
          "This could not be done right now. Please go back and try again in a minute.",
          "Cela n’a pas pu se faire à l’instant. Revenez en arrière et réessayez dans une minute.",
        )}
      </p>
    </Page>
  );
}
