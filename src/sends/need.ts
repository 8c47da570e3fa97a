import type { Context, Emitter, Liquid, Parser, TagToken, Template, TopLevelToken } from "liquidjs";
import { Tag, Value } from "liquidjs";
import { ContentFault } from "./content";

/** What a block of a message does where something that it needs is not there. */
type Missing = "hide" | "drop" | "instead";

const CLAUSE = /^([^|]+?)(?:\s+else\s+(hide|drop))?$/;

/** An empty text and an empty list are as good as nothing. */
function isThere(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === "") return false;
  return !Array.isArray(value) || value.length > 0;
}

/**
 * `{% need coupon.code, store.nearest else hide %}…{% endneed %}`: the block stands only where all of it is there.
 * `else drop` gives the whole message up; `{% instead %}` within it begins what stands in its place.
 */
export class NeedTag extends Tag {
  private readonly values: readonly Value[];
  private readonly missing: Missing;
  private readonly body: Template[] = [];
  private readonly other: Template[] = [];

  constructor(token: TagToken, rest: TopLevelToken[], liquid: Liquid, parser: Parser) {
    super(token, rest, liquid);
    const [, names = "", clause] = CLAUSE.exec(token.args.trim()) ?? [];
    const paths = names.split(",").map((name) => name.trim());
    if (paths.some((path) => !/^[a-z_][\w.-]*$/i.test(path))) {
      throw new ContentFault("template_invalid", "{% need %} names variables, as in {% need coupon.code else hide %}");
    }
    this.values = paths.map((path) => new Value(path, liquid));
    let target = this.body;
    let ended = false;
    let hasOther = false;
    while (rest.length > 0 && !ended) {
      const next = rest.shift() as TopLevelToken & { readonly name?: string };
      if (next.name === "endneed") ended = true;
      else if (next.name === "instead" && !hasOther) {
        hasOther = true;
        target = this.other;
      } else target.push(parser.parseToken(next, rest));
    }
    if (!ended) throw new ContentFault("template_invalid", "{% need %} has no {% endneed %}");
    this.missing = hasOther ? "instead" : ((clause as "hide" | "drop" | undefined) ?? "hide");
  }

  *render(context: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    for (const value of this.values) {
      if (isThere(yield value.value(context, true))) continue;
      if (this.missing === "drop") throw new ContentFault("data_missing");
      yield this.liquid.renderer.renderTemplates(this.other, context, emitter);
      return;
    }
    yield this.liquid.renderer.renderTemplates(this.body, context, emitter);
  }

  *arguments(): Generator<Value, void, unknown> {
    yield* this.values;
  }

  *children(): Generator<unknown, Template[]> {
    // liquidjs hands back what is yielded and is no generator itself.
    return (yield [...this.body, ...this.other]) as Template[];
  }
}
