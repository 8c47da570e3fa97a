type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

const FIELDS = "input:not([type=hidden]), select, textarea";

/** What a field or a button is known by, in whichever form it stands: boxes to tick and buttons share their names. */
function knownAs(field: Field | HTMLButtonElement): string {
  return /^(checkbox|submit)$/.test(field.type) ? `${field.name}=${field.value}` : field.name;
}

function isBox(field: Field): field is HTMLInputElement {
  return field.type === "checkbox";
}

/** What stands in the fields of a form. */
export function typedIn(form: HTMLFormElement): ReadonlyMap<string, string> {
  const fields = [...form.querySelectorAll<Field>(FIELDS)];
  return new Map(fields.map((field) => [knownAs(field), isBox(field) ? String(field.checked) : field.value]));
}

/** The fields that no longer say what the server drew: somebody was faster than the script, or the browser put back
 * what they had typed. */
export function touchedIn(form: HTMLFormElement): Field[] {
  return [...form.querySelectorAll<Field>(FIELDS)].filter((field) => {
    if (field instanceof HTMLSelectElement) return field.value !== drawnIn(field);
    return isBox(field) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
  });
}

/** What a list was drawn with: its marked option, or its first one. */
function drawnIn({ options }: HTMLSelectElement): string | undefined {
  return ([...options].find(({ defaultSelected }) => defaultSelected) ?? options[0])?.value;
}

/** Puts back what was typed since a form was sent; true where anything was. */
export function restoreTyped(
  form: HTMLFormElement,
  sent: ReadonlyMap<string, string>,
  typed: ReadonlyMap<string, string>,
): boolean {
  let isAny = false;
  for (const field of form.querySelectorAll<Field>(FIELDS)) {
    const value = typed.get(knownAs(field));
    if (value === undefined || value === sent.get(knownAs(field))) continue;
    if (isBox(field)) field.checked = value === "true";
    else field.value = value;
    isAny = true;
  }
  return isAny;
}

/** The name in whichever form of what has the focus; null where nothing of a form has. */
export function focused(): string | null {
  const { activeElement: at } = document;
  return at?.matches(`${FIELDS}, button`) ? knownAs(at as Field | HTMLButtonElement) : null;
}

/** The field or button that is known so. */
export function fieldOf(form: HTMLFormElement, known: string | null): HTMLElement | undefined {
  return [...form.querySelectorAll<Field | HTMLButtonElement>(`${FIELDS}, button`)].find(
    (one) => knownAs(one) === known,
  );
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
