/**
 * Makes the form of a segment answer while somebody types. The server draws everything: this sends the form as it is
 * and puts what comes back in its place. Without it each button loads the page anew.
 */
const PAUSE = 250;

const found = document.querySelector<HTMLFormElement>("#builder");
if (found) start(found);

function start(form: HTMLFormElement): void {
  let timer = 0;
  let asked = new AbortController();

  /** Sends the form; the answer of an older question is dropped. Null where another took its place or nobody answers. */
  async function ask(pressed: string): Promise<Response | null> {
    clearTimeout(timer);
    asked.abort();
    asked = new AbortController();
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
    body.set("do", pressed);
    form.setAttribute("aria-busy", "true");
    try {
      return await fetch(location.pathname, { method: "POST", body, signal: asked.signal });
    } catch {
      return null;
    }
  }

  async function send(pressed: string, draw: (page: Document) => void): Promise<void> {
    const answer = await ask(pressed);
    if (!answer) return;
    const current = asked;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (current !== asked) return;
    form.removeAttribute("aria-busy");
    // A session that has ended answers with the login: the browser goes there by itself.
    if (page.querySelector("#builder")) draw(page);
    else location.reload();
  }

  const preview = (): void => void send("preview", (page) => showLive(form, page));
  const redraw = (pressed: string): void => void send(pressed, (page) => replace(form, page));

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(preview, PAUSE);
  });
  form.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLElement && target.dataset["redraw"] !== undefined) redraw("redraw");
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    preview();
  });
  form.addEventListener("submit", (event) => {
    const pressed = event.submitter instanceof HTMLButtonElement ? event.submitter.value : "redraw";
    if (pressed === "save") return;
    event.preventDefault();
    redraw(pressed);
  });
}

/** Shows what follows from what is typed, and leaves the inputs alone. */
function showLive(form: HTMLFormElement, page: Document): void {
  for (const place of form.querySelectorAll<HTMLElement>("[data-live]")) {
    const next = page.getElementById(place.id);
    if (next && next.innerHTML !== place.innerHTML) place.replaceChildren(...next.childNodes);
  }
  for (const input of form.querySelectorAll<HTMLElement>("[aria-describedby]")) {
    const next = page.getElementById(input.id);
    if (next?.getAttribute("aria-invalid")) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
}

/** Puts another form in this one's place, and the focus where it was or where the server says. */
function replace(form: HTMLFormElement, page: Document): void {
  const next = page.querySelector<HTMLFormElement>("#builder");
  if (!next) return;
  const before = document.activeElement?.id ?? "";
  form.replaceChildren(...next.childNodes);
  const wanted = next.dataset["focus"];
  const place = wanted === undefined ? form.ownerDocument.getElementById(before) : firstAt(form, wanted);
  place?.focus();
}

/** The first input whose name begins so; where nothing is left there, the one around it. */
function firstAt(form: HTMLFormElement, name: string): HTMLElement | null {
  for (let at = name; at !== ""; at = at.slice(0, Math.max(0, at.lastIndexOf("/")))) {
    for (const input of form.querySelectorAll<HTMLInputElement>("input:not([type=hidden]), select, textarea")) {
      if (input.name === at || input.name.startsWith(`${at}/`) || input.name.startsWith(`${at}#`)) return input;
    }
  }
  return null;
}
