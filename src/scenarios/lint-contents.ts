import { blockDefinition } from "./blocks";
import type { BlockNode, ScenarioDefinition } from "./definition";
import { nextBlocks } from "./graph";
import { triggerOf } from "./live";

/** A content as far as lint looks into it. */
export interface KnownContent {
  readonly key: string;
  readonly channel: string;
  readonly class?: string;
  /** What it cannot be sent without. */
  readonly needs?: readonly string[];
  /** The variables that it names, those that it asks about, and names of no variable. */
  readonly names?: readonly string[];
  readonly asked?: readonly string[];
  /** Those of the names that it asks about itself. */
  readonly askedNames?: readonly string[];
  readonly unknown?: readonly string[];
}

interface Sending {
  readonly block: string;
  readonly content: KnownContent;
  /** The shortest way to the block. */
  readonly path: readonly string[];
}

/** What only some contacts have when a message is made, by the name that templates give it. */
const CARRIED = ["cart", "order"] as const;
type Carried = (typeof CARRIED)[number];

const EVENTS: Readonly<Record<Carried, RegExp>> = {
  cart: /^(carts?|checkout|product (added|removed)|coupon)\b/i,
  order: /^orders?\b/i,
};

/** Whether whoever comes in has such a thing: what begins the scenario is about it, or a rule on the way asks for it. */
export function gives(definition: ScenarioDefinition, what: Carried): boolean {
  const trigger = triggerOf(definition);
  if (trigger?.kind === "abandoned_cart" && what === "cart") return true;
  if (trigger?.kind === "catalogue" && trigger.audience === what) return true;
  if (trigger?.kind === "event" && EVENTS[what].test(trigger.event)) return true;
  const isOfOrder = trigger?.kind === "date" && ["first_order", "last_order"].includes(trigger.date.field);
  if (isOfOrder && what === "order") return true;
  return JSON.stringify([definition.filter, definition.blocks]).includes(`"type":"${what}`);
}

/** Variables that the templates name and nobody gives a value to: the message would have a hole, or could not be made. */
export function variablesOfContents(
  definition: ScenarioDefinition,
  { contents }: { readonly contents: readonly KnownContent[] },
) {
  const missing = CARRIED.filter((what) => !gives(definition, what));
  return sendingsOf(definition, contents).flatMap(({ block, content, path }) => [
    ...(content.unknown ?? []).map((name) =>
      error(
        "variable_unknown",
        path,
        `“${content.key}”, which “${block}” sends, names “${name}”, which is no variable.`,
        `« ${content.key} », envoyé par « ${block} », nomme « ${name} », qui n’est pas une variable.`,
      ),
    ),
    ...missing
      .filter((what) => isNeeded(content, what))
      .map((what) => {
        const en = `“${content.key}”, which “${block}” sends, speaks of the ${what}, but what begins this scenario gives none: only who happens to have one gets it whole.`;
        const fr = `« ${content.key} », envoyé par « ${block} », parle ${OF[what]}, que le déclencheur ne fournit pas : seul qui en a par ailleurs le recevra en entier.`;
        // By chance there may be one: a name that is none is another matter.
        return { ...error("variable_not_given", path, en, fr), level: "warning" as const };
      }),
  ]);
}

const OF: Readonly<Record<Carried, string>> = { cart: "du panier", order: "de la commande" };

/** A coupon's code, printed where some way leads to the message on which no coupon was issued. */
export function couponsOfContents(
  definition: ScenarioDefinition,
  { contents }: { readonly contents: readonly KnownContent[] },
) {
  return sendingsOf(definition, contents).flatMap(({ block, content }) => {
    const way = isNeeded(content, "coupon") ? wayWithoutCoupon(definition, block) : null;
    if (!way) return [];
    const en = `“${content.key}”, which “${block}” sends, prints a coupon, and this way leads to it without one: ${way.join(" → ")}.`;
    const fr = `« ${content.key} », envoyé par « ${block} », imprime un bon, et ce chemin y mène sans bon : ${way.join(" → ")}.`;
    return [error("coupon_not_issued", way, en, fr)];
  });
}

function isNeeded(content: KnownContent, what: string): boolean {
  return content.needs?.includes(what) === true || isNamed(content, what);
}

/** Named, without asking whether it is there. */
export function isNamed({ names = [], asked = [] }: KnownContent, what: string): boolean {
  return names.some((name) => name === what || name.startsWith(`${what}.`)) && !asked.includes(what);
}

/** Every message of a scenario that some way leads to, with the content that it is made of. */
export function sendingsOf(definition: ScenarioDefinition, contents: readonly KnownContent[]): readonly Sending[] {
  return Object.entries(definition.blocks).flatMap(([block, { type, params }]) => {
    const path = wayTo(definition, block, () => false);
    return (blockDefinition(type)?.traits(params).sends ?? []).flatMap((sends) => {
      const content = contents.find(({ key }) => key === sends.content);
      return content && path ? [{ block, content, path }] : [];
    });
  });
}

function wayWithoutCoupon(definition: ScenarioDefinition, target: string): readonly string[] | null {
  const issues = ({ type, params }: BlockNode): boolean => blockDefinition(type)?.traits(params).offer !== undefined;
  return wayTo(
    definition,
    target,
    (node, next) => issues(node) && next === node.next["issued"] && next !== node.next["none"],
  );
}

/** The shortest way from the start to a block on which no step is left out; null where there is none. */
function wayTo(
  { start, blocks }: ScenarioDefinition,
  target: string,
  isLeftOut: (node: BlockNode, next: string) => boolean,
): readonly string[] | null {
  const seen = new Set([start]);
  const line: (readonly string[])[] = [[start]];
  for (const way of line) {
    const last = way.at(-1) ?? "";
    if (last === target) return way;
    const node = blocks[last];
    for (const next of nextBlocks(node)) {
      if (!node || seen.has(next) || isLeftOut(node, next)) continue;
      seen.add(next);
      line.push([...way, next]);
    }
  }
  return null;
}

function error(code: string, path: readonly string[], en: string, fr: string) {
  return { level: "error" as const, code, message: { en, fr }, path };
}
