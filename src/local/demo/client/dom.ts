/** The element with this id. @throws when the page lacks it */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element as T;
}

export function within<T extends HTMLElement = HTMLElement>(parent: ParentNode, selector: string): T {
  const element = parent.querySelector<T>(selector);
  if (!element) throw new Error(`there is no ${selector}`);
  return element;
}

/** A copy of what the template with this id holds. */
export function copyOf(id: string): HTMLElement {
  const { content } = byId<HTMLTemplateElement>(id) as HTMLTemplateElement;
  return document.importNode(content, true).firstElementChild as HTMLElement;
}

export function fieldsOf(form: HTMLFormElement): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [name, value] of new FormData(form)) if (typeof value === "string") fields[name] = value.trim();
  return fields;
}

let hiding = 0;

/** Says something in passing, aloud to a screen reader, with a way on. */
export function toast(text: string, link?: { readonly href: string; readonly text: string }): void {
  const place = byId("toast");
  place.replaceChildren(text);
  if (link) {
    const anchor = document.createElement("a");
    anchor.href = link.href;
    anchor.textContent = link.text;
    place.append(" ", anchor);
  }
  place.classList.add("shown");
  clearTimeout(hiding);
  hiding = window.setTimeout(() => place.classList.remove("shown"), 6000);
}

/** Runs `work` once at a time: the buttons are off meanwhile. Of an error, `failed` tells the visitor. */
export async function whileBusy(
  buttons: readonly HTMLButtonElement[],
  work: () => Promise<void>,
  failed: () => void,
): Promise<void> {
  const focused = document.activeElement;
  for (const button of buttons) button.disabled = true;
  try {
    await work();
  } catch (error) {
    console.error(error);
    failed();
  } finally {
    for (const button of buttons) button.disabled = false;
    // A button that is switched off loses the focus; it gets it back unless the visitor has gone elsewhere.
    if (document.activeElement === document.body && focused instanceof HTMLElement) focused.focus();
  }
}
