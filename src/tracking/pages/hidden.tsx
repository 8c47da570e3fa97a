import type { PersonFile, Thing } from "../file";
import { Form, type PageProps, say } from "./page";

/** What not to show again: things that were in messages and baskets, and what was hidden before. */
export function HiddenThings({ page, file }: { page: PageProps; file: PersonFile }) {
  const { products, categories } = file.preferences.hidden;
  const isHidden = ({ kind, key }: Thing) => (kind === "product" ? products : categories).includes(key);
  const known = new Set(file.things.map(({ kind, key }) => `${kind}:${key}`));
  const before: Thing[] = [
    ...products.map((key): Thing => ({ kind: "product", key, name: key })),
    ...categories.map((key): Thing => ({ kind: "category", key, name: key })),
  ].filter(({ kind, key }) => !known.has(`${kind}:${key}`));
  const things = [...file.things, ...before];
  if (things.length === 0) return null;
  return (
    <section>
      <h2>{say(page, "Stop showing me this", "Ne plus me montrer ceci")}</h2>
      <p class="soft">
        {say(
          page,
          "A gift for somebody else, or simply not for you? We leave it out of what we write.",
          "Un cadeau pour quelqu’un d’autre, ou pas à votre goût ? Nous n’en parlerons plus.",
        )}
      </p>
      <ul class="plain">
        {things.map((thing) => (
          <li class="split">
            <span>
              {thing.name}
              {thing.kind === "category" && (
                <span class="soft small">{say(page, " (all of this kind)", " (tout ce rayon)")}</span>
              )}
            </span>
            <Form language={page.language}>
              <input type="hidden" name={thing.kind} value={thing.key} />
              <HideButton page={page} thing={thing} hidden={isHidden(thing)} />
            </Form>
          </li>
        ))}
      </ul>
    </section>
  );
}

function HideButton({ page, thing, hidden }: { page: PageProps; thing: Thing; hidden: boolean }) {
  const label = hidden ? say(page, "Show again", "Montrer de nouveau") : say(page, "Do not show", "Ne plus montrer");
  return (
    <button
      type="submit"
      name="do"
      value={hidden ? "show" : "hide"}
      class="quiet"
      aria-label={`${label}: ${thing.name}`}
    >
      {label}
    </button>
  );
}
