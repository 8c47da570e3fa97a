import { Page, type PageProps, say } from "./page";

/** A message that has only words, as a page. */
export function TextPage({ subject, text, ...page }: PageProps & { readonly subject: string; readonly text: string }) {
  return (
    <Page {...page} title={subject === "" ? say(page, "Your message", "Votre message") : subject}>
      {text.split(/\n{2,}/).map((part) => (
        <p>{part}</p>
      ))}
      <p>
        <a href={page.shop.url}>{say(page, "To the shop", "Aller à la boutique")}</a>
      </p>
    </Page>
  );
}
