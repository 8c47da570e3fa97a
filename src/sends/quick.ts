import {
  type Context,
  type Emitter,
  type Filter,
  IfTag,
  type Liquid,
  Output,
  Parser,
  type Template,
  type Token,
  TypeGuards,
  toValueSync,
  UnlessTag,
  type Value,
} from "liquidjs";

/** Reads one operand without generators. */
type Read = (context: Context) => unknown;

interface Branches {
  readonly branches?: readonly { readonly value?: Value }[];
}

interface Callable {
  readonly handler: (this: object, ...args: unknown[]) => unknown;
  readonly token: unknown;
}

function firstScope(context: Context, name: string): object {
  // `findScope` is what `_get` itself asks; it is only its typing that hides it.
  return (context as unknown as { findScope(key: string): object }).findScope(name);
}

function readPath(path: readonly (string | number)[]): Read {
  const [root] = path;
  return (context) => {
    let value: unknown = firstScope(context, String(root));
    for (const name of path) value = context.readProperty(value as never, name);
    return value;
  };
}

/** A way to read a literal or a path of plain names, or null for anything else. */
function readOf(token: Token | undefined): Read | null {
  if (token === undefined) return null;
  if ("content" in token) {
    const { content } = token;
    return typeof content === "object" ? null : () => content;
  }
  if (!TypeGuards.isPropertyAccessToken(token) || token.variable !== undefined) return null;
  const path: (string | number)[] = [];
  for (const part of token.props) {
    const name: unknown = "content" in part ? part.content : undefined;
    if (typeof name !== "string" && typeof name !== "number") return null;
    path.push(name);
  }
  return readPath(path);
}

interface Step {
  readonly handler: Callable["handler"];
  readonly token: unknown;
  readonly args: readonly Read[];
}

function stepOf(filter: Filter): Step | null {
  const { handler, token: called } = filter as unknown as Callable;
  const args: Read[] = [];
  for (const token of filter.args) {
    const read = Array.isArray(token) ? null : readOf(token);
    if (read === null) return null;
    args.push(read);
  }
  return typeof handler === "function" ? { handler, token: called, args } : null;
}

/**
 * liquidjs evaluates by nested generators, which cost ten times the work itself. Most of a mail is
 * `{{ path | filter: literal }}` and `{% if path %}`: these get a plain function; anything else (null) stays.
 */
function quickly(value: Value, liquid: Liquid): Read | null {
  const { postfix } = value.initial;
  const initial = postfix.length === 1 ? readOf(postfix[0]) : null;
  const steps = value.filters.map(stepOf).filter((step) => step !== null);
  if (initial === null || steps.length < value.filters.length) return null;
  return (context) => {
    let result = initial(context);
    for (const { handler, token, args } of steps) {
      const given = args.map((read) => read(context));
      result = toValueSync(handler.apply({ context, token, liquid }, [result, ...given]) as never);
    }
    return result;
  };
}

function hastenLiteral(template: Template): void {
  // The text between two tags; liquidjs does not export its class.
  const { str } = template as unknown as { readonly str?: unknown };
  if (typeof str !== "string") return;
  const render = (_: Context, emitter: Emitter): void => emitter.write(str);
  template.render = render as unknown as Template["render"];
}

/** A parser whose templates evaluate simple outputs and conditions directly. */
export class QuickParser extends Parser {
  private readonly engine: Liquid;

  constructor(engine: Liquid) {
    super(engine);
    this.engine = engine;
  }

  override parseToken(...args: Parameters<Parser["parseToken"]>): ReturnType<Parser["parseToken"]> {
    const template = super.parseToken(...args);
    if (template instanceof Output) this.hastenOutput(template);
    else if (template instanceof IfTag || template instanceof UnlessTag) this.hastenBranches(template);
    else hastenLiteral(template);
    return template;
  }

  // liquidjs takes what is no generator as the result itself.
  private hastenOutput(output: Output): void {
    const read = quickly(output.value, this.engine);
    if (read === null) return;
    const render = (context: Context, emitter: Emitter): void => emitter.write(read(context));
    output.render = render as unknown as Output["render"];
  }

  private hastenBranches(tag: Template): void {
    for (const { value } of (tag as unknown as Branches).branches ?? []) {
      const read = value?.initial === undefined ? null : quickly(value, this.engine);
      if (value !== undefined && read !== null) value.value = read as unknown as Value["value"];
    }
  }
}
