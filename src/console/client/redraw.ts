type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

const FIELDS = "input:not([type=hidden]), select, textarea";

function filledIn(field: Field): string {
  return field instanceof HTMLInputElement && field.type === "checkbox" ? String(field.checked) : field.value;
}

/** What stands in the fields of a form that have an id. */
export function typedIn(form: HTMLFormElement): ReadonlyMap<string, string> {
  const fields = [...form.querySelectorAll<Field>(FIELDS)];
  return new Map(fields.filter(({ id }) => id !== "").map((field) => [field.id, filledIn(field)]));
}

/** Puts back what was typed since a form was sent; true where anything was. */
export function restoreTyped(
  form: HTMLFormElement,
  sent: ReadonlyMap<string, string>,
  typed: ReadonlyMap<string, string>,
): boolean {
  let isAny = false;
  for (const field of form.querySelectorAll<Field>(FIELDS)) {
    const value = typed.get(field.id);
    if (value === undefined || value === sent.get(field.id)) continue;
    if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = value === "true";
    else field.value = value;
    isAny = true;
  }
  return isAny;
}

/** Shows what follows from what is typed, and leaves the fields alone. */
export function showLive(form: HTMLFormElement, page: Document): void {
  for (const place of form.querySelectorAll<HTMLElement>("[data-live]")) {
    const next = page.getElementById(place.id);
    if (next && next.innerHTML !== place.innerHTML) place.replaceChildren(...next.childNodes);
  }
  for (const input of form.querySelectorAll<HTMLElement>("[aria-describedby]")) {
    if (page.getElementById(input.id)?.getAttribute("aria-invalid")) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
}

/** The first field whose name begins so; where nothing is left there, the one around it. */
export function firstAt(form: HTMLFormElement, name: string): HTMLElement | null {
  for (let at = name; at !== ""; at = at.slice(0, Math.max(0, at.lastIndexOf("/")))) {
    for (const field of form.querySelectorAll<Field>(FIELDS)) {
      if (field.name === at || field.name.startsWith(`${at}/`) || field.name.startsWith(`${at}#`)) return field;
    }
  }
  return null;
}
