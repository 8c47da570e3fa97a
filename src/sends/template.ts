import { Context, type Emitter, Liquid, LiquidError, type Template, toValueSync } from "liquidjs";
import { ContentFault } from "./content";
import { formatDate, formatMoney } from "./format";
import { NeedTag } from "./need";
import { QuickParser } from "./quick";
import type { Scope } from "./scope";

/** A parsed template, to be rendered as often as wanted. */
export type Parsed = readonly Template[];

/** `html` escapes every output; `text` prints it as it is, for subjects, text parts and SMS. */
export type Syntax = "html" | "text";

// liquidjs measures time, which stands still inside workerd and differs from run to run. Steps, bytes of
// working memory and bytes of output are the same everywhere.
const MAX_STEPS = 20_000;
const MAX_MEMORY = 500_000;
const MAX_OUTPUT = 400_000;
/** Characters of one template. */
export const MAX_TEMPLATE = 200_000;

// Everything else of liquidjs is taken out: files, counters kept between renders, chance, the clock, hashes,
// and what lets text through unescaped.
const TAGS = ["assign", "break", "case", "comment", "continue", "cycle", "echo", "for", "if", "liquid", "unless", "#"];
const FILTERS = (
  "abs at_least at_most ceil divided_by floor minus modulo plus round times append capitalize downcase lstrip " +
  "prepend remove replace rstrip slice split strip strip_html truncate truncatewords upcase url_encode compact concat first " +
  "join last map reverse size sort sum uniq where find find_index has reject sort_natural strip_newlines " +
  "remove_first remove_last replace_first replace_last"
).split(" ");

/** Counts what one render takes, and holds what it writes. */
class Budget implements Emitter {
  buffer = "";
  private steps = 0;

  /** Called by liquidjs before each node: its measure of time is replaced by a count. */
  check(): void {
    this.steps += 1;
    if (this.steps > MAX_STEPS) throw new ContentFault("template_too_heavy", "steps");
  }

  write(value: unknown): void {
    this.buffer += asText(value);
    if (this.buffer.length > MAX_OUTPUT) throw new ContentFault("template_too_heavy", "output");
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** What is missing prints nothing, and a list or an object is not a text that a message may show. */
function asText(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

/** Safe as text and inside a quoted attribute. */
export function escapeHtml(value: unknown): string {
  const text = asText(value);
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? "") : text;
}

function scopeIn(context: Context): Scope {
  return context.environments as unknown as Scope;
}

interface Called {
  readonly context: Context;
}

function money(this: Called, minor: unknown, currency?: unknown): string {
  const scope = scopeIn(this.context);
  return formatMoney(minor, currency ?? scope.cart?.currency, scope.language);
}

function date(this: Called, at: unknown, style: unknown = "long", zone?: unknown): string {
  const scope = scopeIn(this.context);
  return formatDate(at, String(style), typeof zone === "string" ? zone : scope.shop.timezone, scope.language);
}

function fallback(value: unknown, instead: unknown): unknown {
  return value === null || value === undefined || value === false || value === "" ? instead : value;
}

/** A count with its noun: `{{ n | plural: "piece", "pieces" }}`. French counts 0 as one, English as many. */
function plural(this: Called, count: unknown, one: unknown, many: unknown): string {
  const n = Number(count);
  const single = scopeIn(this.context).language === "fr" ? n < 2 : n === 1;
  return `${n}\u00a0${String(single ? one : many)}`;
}

/** What of a context the renderer goes by; liquidjs keeps its measure and the marks of loops to itself. */
interface Rendering {
  readonly renderLimit: Budget;
  readonly breakCalled: boolean;
  readonly continueCalled: boolean;
}

/**
 * Renders templates one after the other, as liquidjs does, whose generator and clock cost more than a letter's templates
 * themselves: nothing here is waited for.
 */
function renderAll(templates: Parsed, context: Context, emitter: Emitter): void {
  const { renderLimit } = context as unknown as Rendering;
  renderLimit.check();
  for (const template of templates) {
    renderLimit.check();
    const printed: unknown = toValueSync(template.render(context, emitter) as never);
    if (printed) emitter.write(printed);
    const { breakCalled, continueCalled } = context as unknown as Rendering;
    if (breakCalled || continueCalled) return;
  }
}

function engineOf(syntax: Syntax): Liquid {
  const engine = new Liquid({
    outputEscape: syntax === "html" ? escapeHtml : asText,
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: false,
    locale: "en",
    parseLimit: MAX_TEMPLATE,
    memoryLimit: MAX_MEMORY,
    templates: {},
  });
  // Tags that hold others render them by it.
  Object.assign(engine.renderer, { renderTemplates: renderAll });
  for (const name of Object.keys(engine.tags)) if (!TAGS.includes(name)) delete engine.tags[name];
  for (const name of Object.keys(engine.filters)) if (!FILTERS.includes(name)) delete engine.filters[name];
  engine.registerTag("need", NeedTag);
  engine.registerFilter("money", money);
  engine.registerFilter("date", date);
  engine.registerFilter("default", fallback);
  engine.registerFilter("plural", plural);
  // In HTML, `outputEscape` has already done it; in text there is nothing to escape.
  engine.registerFilter("escape", (value: unknown) => value);
  return engine;
}

const ENGINES: Readonly<Record<Syntax, Liquid>> = { html: engineOf("html"), text: engineOf("text") };

function asFault(error: unknown, reason: "template_invalid" | "template_failed"): ContentFault {
  if (error instanceof ContentFault) return error;
  const cause = LiquidError.is(error) ? (error as { originalError?: unknown }).originalError : undefined;
  if (cause instanceof ContentFault) return cause;
  const message = error instanceof Error ? (error.message.split("\n")[0] ?? "") : "";
  if (message.includes("limit exceeded")) return new ContentFault("template_too_heavy", "memory");
  // A parse error quotes the template; a render error might quote a value.
  return new ContentFault(reason, reason === "template_invalid" ? message : "");
}

/**
 * Parses Liquid of the subset above.
 * @throws ContentFault `template_invalid` (unknown tag or filter, bad syntax) or `template_too_heavy`
 */
export function parseTemplate(source: string, syntax: Syntax): Parsed {
  try {
    return new QuickParser(ENGINES[syntax]).parse(source);
  } catch (error) {
    throw asFault(error, "template_invalid");
  }
}

/** The variables that a parsed template reads of its scope, each by two names at most: `cart.total`. */
export function namesIn(parsed: Parsed, syntax: Syntax): readonly string[] {
  const found = ENGINES[syntax].globalVariableSegmentsSync(parsed as Template[]);
  return found.map(([root, part]) => (typeof part === "string" ? `${String(root)}.${part}` : String(root)));
}

/**
 * Renders a parsed template. The same template and scope give the same bytes on every machine.
 * @throws ContentFault `template_failed`, `template_too_heavy`, `money_invalid` or `date_invalid`
 */
export function renderTemplate(parsed: Parsed, scope: Scope, syntax: Syntax): string {
  const engine = ENGINES[syntax];
  const budget = new Budget();
  try {
    const limits = { renderLimit: budget as never, liquid: engine };
    const context = new Context(scope as object, engine.options, { sync: true }, limits);
    renderAll(parsed, context, budget);
  } catch (error) {
    throw asFault(error, "template_failed");
  }
  return budget.buffer;
}
