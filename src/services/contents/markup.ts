import { Fault } from "../../shared/fault";

// Liquid is put out of sight as private-use characters: neither library may read its quotes and angle brackets.
const LIQUID = /\{%[\s\S]*?%\}|\{\{[\s\S]*?\}\}/g;
const HIDDEN = /\ue002(\d+)\ue003/g;

function around(source: string, work: (text: string) => string): string {
  const kept: string[] = [];
  const made = work(source.replace(LIQUID, (tag) => `\ue002${kept.push(tag) - 1}\ue003`));
  return made.replace(HIDDEN, (_, index: string) => kept[Number(index)] ?? "");
}

type Mjml = (
  source: string,
  options: Readonly<Record<string, unknown>>,
) => Promise<{
  readonly html: string;
  readonly errors: readonly { readonly line: number; readonly message: string }[];
}>;

/** The compiler is half of the bundle and used by editors alone: it is read when it is first asked for. */
async function loadMjml(): Promise<Mjml> {
  const world = globalThis as { window?: unknown };
  const before = world.window;
  // Its bundler asks for the global object by `new Function`, which Workers have not, and then by this name.
  world.window ??= globalThis;
  try {
    const loaded = (await import("mjml-browser")) as unknown as { default: Mjml | { default: Mjml } };
    return typeof loaded.default === "function" ? loaded.default : loaded.default.default;
  } finally {
    if (before === undefined) delete world.window;
  }
}

const MOST_FAULTS = 10;

/** Compiles MJML (with its Liquid) to HTML. Throws invalid-input with the lines of whatever is no MJML. */
export async function compileMjml(source: string, pointer: string): Promise<string> {
  // The compiler would leave it out without a word.
  if (/<mj-include\b/i.test(source))
    throw new Fault("invalid-input", "The MJML is not valid.", [
      { pointer, detail: "mj-include has no files to include" },
    ]);
  const mjml = await loadMjml();
  const kept: string[] = [];
  // Tags and filters keep their line breaks, so that the lines of faults are those of the source.
  const hidden = source.replace(
    LIQUID,
    (tag) => `\ue002${kept.push(tag) - 1}\ue003${"\n".repeat(tag.split("\n").length - 1)}`,
  );
  let made: Awaited<ReturnType<Mjml>>;
  try {
    made = await mjml(hidden, {
      validationLevel: "soft",
      keepComments: false,
      fonts: {},
      minify: false,
      ignoreIncludes: true,
    });
  } catch (error) {
    const detail = error instanceof Error ? (error.message.split("\n")[0] ?? "") : "is no MJML";
    throw new Fault("invalid-input", "The MJML cannot be read.", [{ pointer, detail: detail.slice(0, 300) }]);
  }
  if (made.errors.length > 0) {
    const errors = made.errors
      .slice(0, MOST_FAULTS)
      .map(({ line, message }) => ({ pointer, detail: `line ${line}: ${message}` }));
    throw new Fault("invalid-input", "The MJML is not valid.", errors);
  }
  const html = made.html.replace(HIDDEN, (_, index: string) => kept[Number(index)] ?? "");
  return html
    .replace(/[ \t]*\n\s*/g, "\n")
    .replace(/<meta http-equiv="Content-Type"[^>]*>/i, '<meta charset="utf-8">')
    .trim();
}

/** Puts the rules of `<style>` onto the elements that they hold for; media queries stay. Throws invalid-input. */
export async function inlineCss(html: string, pointer: string): Promise<string> {
  if (!/<style\b/i.test(html)) return html;
  const { default: juice } = await import("juice");
  try {
    return around(html, (text) =>
      juice(text, { preserveMediaQueries: true, preserveFontFaces: false, preservePseudos: true }),
    );
  } catch {
    throw new Fault("invalid-input", "The CSS of the HTML cannot be read.", [
      { pointer, detail: "cannot be read as CSS" },
    ]);
  }
}
