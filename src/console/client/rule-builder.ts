/**
 * Makes the form of a segment answer while somebody types. The server draws everything: this sends the form as it is
 * and puts what comes back in its place. Without it each button loads the page anew.
 */
import { fieldOf, firstAt, focused, restoreTyped, showLive, touchedIn, typedIn } from "./redraw";

const PAUSE = 250;
/** Draws the form anew and changes nothing of what it says. */
const REDRAW = "redraw";
/** Behind these the names that fields had are those of others. */
const SHIFTS = /^(drop|up|down):|^remove:.*\/\d+$/;

class Builder {
  private timer = 0;
  /** The question of which the answer is wanted; an older one is broken off. */
  private counting: AbortController | null = null;
  /** What is being done to the form; while it is, nobody counts. */
  private doing: { readonly act: string; readonly done: Promise<void> } | null = null;

  constructor(private readonly form: HTMLFormElement) {}

  start(): void {
    this.form.addEventListener("input", () => this.countSoon());
    this.form.addEventListener("change", ({ target }) => {
      if (target instanceof HTMLElement && target.dataset["redraw"] !== undefined) void this.act(REDRAW);
    });
    this.form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
      event.preventDefault();
      void this.count();
    });
    this.form.addEventListener("submit", (event) => {
      const pressed = event.submitter instanceof HTMLButtonElement ? event.submitter.value : REDRAW;
      if (pressed === "save") return;
      event.preventDefault();
      void this.act(pressed);
    });
    this.answerEarly();
  }

  /** Answers to what was typed before anybody listened. */
  private answerEarly(): void {
    const touched = touchedIn(this.form);
    if (touched.some(({ dataset }) => dataset["redraw"] !== undefined)) void this.act(REDRAW);
    else if (touched.length > 0) this.countSoon();
  }

  private countSoon(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.count(), PAUSE);
  }

  private async count(): Promise<void> {
    clearTimeout(this.timer);
    if (this.doing) return;
    this.counting?.abort();
    const own = new AbortController();
    this.counting = own;
    const page = await this.ask("preview", own.signal);
    if (!page || this.counting !== own) return;
    this.form.removeAttribute("aria-busy");
    showLive(this.form, page);
  }

  /** Presses a button. A second one is only waited for behind a mere redrawing: what it meant may be gone else. */
  private async act(pressed: string): Promise<void> {
    if (this.doing && this.doing.act !== REDRAW) return;
    await this.doing?.done;
    clearTimeout(this.timer);
    this.counting?.abort();
    this.counting = null;
    const done = this.draw(pressed);
    this.doing = { act: pressed, done };
    await done;
    this.doing = null;
  }

  /** Puts another form in this one's place, with what was typed meanwhile, and the focus where the server says. */
  private async draw(pressed: string): Promise<void> {
    const { form } = this;
    const sent = typedIn(form);
    const page = await this.ask(pressed, null);
    const next = page?.querySelector<HTMLFormElement>("#builder");
    if (!next) return;
    const typed = typedIn(form);
    const before = focused();
    form.replaceChildren(...next.childNodes);
    form.removeAttribute("aria-busy");
    if (!SHIFTS.test(pressed) && restoreTyped(form, sent, typed)) this.countSoon();
    const wanted = next.dataset["focus"];
    (wanted === undefined ? fieldOf(form, before) : firstAt(form, wanted))?.focus();
  }

  /** Sends the form. Null where a newer question took this one's place, or nobody answers. */
  private async ask(pressed: string, signal: AbortSignal | null): Promise<Document | null> {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) if (typeof value === "string") body.append(name, value);
    body.set("do", pressed);
    this.form.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(location.pathname, { method: "POST", body, signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (page.querySelector("#builder")) return page;
      // A session that has ended is answered with the login.
      if (answer.status === 401) location.reload();
    } catch {
      if (signal?.aborted) return null;
    }
    this.form.removeAttribute("aria-busy");
    document.getElementById("count")?.replaceChildren(this.form.dataset["failed"] ?? "");
    return null;
  }
}

const found = document.querySelector<HTMLFormElement>("#builder");
if (found) new Builder(found).start();
