const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

function plain(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_all, name: string) => ENTITIES[name] ?? "");
}

function attribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`\\s${name}(?:="([^"]*)")?(?=[\\s/>])`).exec(tag);
  return found ? plain(found[1] ?? "") : undefined;
}

/** What a browser would send of the fields within some HTML, without a button. */
export function formFields(html: string): URLSearchParams {
  const fields = new URLSearchParams();
  const pattern = /<input\b[^>]*>|<select\b([^>]*)>([\s\S]*?)<\/select>|<textarea\b([^>]*)>([\s\S]*?)<\/textarea>/g;
  for (const [tag, , options, , text] of html.matchAll(pattern)) {
    const name = attribute(tag.slice(0, tag.indexOf(">") + 1), "name");
    if (name === undefined) continue;
    if (text !== undefined) fields.append(name, plain(text));
    else if (options !== undefined) fields.append(name, chosenOf(options));
    else if (attribute(tag, "type") !== "checkbox" || attribute(tag, "checked") !== undefined) {
      fields.append(name, attribute(tag, "value") ?? "on");
    }
  }
  return fields;
}

/** The chosen option, or the first one as browsers do. */
function chosenOf(options: string): string {
  const tags = [...options.matchAll(/<option\b[^>]*>/g)].map(([tag]) => tag);
  const chosen = tags.findLast((tag) => attribute(tag, "selected") !== undefined) ?? tags[0];
  return chosen === undefined ? "" : (attribute(chosen, "value") ?? "");
}
