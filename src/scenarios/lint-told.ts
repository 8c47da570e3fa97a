import type { Terms } from "../segments/compile";
import type { Words } from "../shared/language";
import type { Trigger } from "./block";
import { blockDefinition } from "./blocks";
import type { ScenarioDefinition } from "./definition";
import type { KnownContent } from "./lint-contents";
import { couponsOfContents, gives, isNamed, sendingsOf, variablesOfContents } from "./lint-contents";
import { triggerOf } from "./live";

interface Known {
  readonly contents: readonly KnownContent[];
  readonly terms?: Terms;
}

/** Every rule of lint about what messages are made of. */
export const RULES_OF_CONTENTS = [variablesOfContents, couponsOfContents, toldOfContents, classesOfContents] as const;

/** What changes of the catalogue tell, of prices and of stock (`change-entry.ts`). */
const OF_CHANGES = ["product_id", "sku", "kind", "stock", "price", "price_before", "currency"];
/** What names a product in what a run was told: the message's product is looked up by it. */
const OF_PRODUCTS = ["product_id", "product"];
/** Events of a whole order, cart or account: a product stands in their lists, if anywhere. */
const OF_NO_PRODUCT = /^(orders?|carts?|checkout|account|signed|loyalty|points|coupon)\b/i;

/** The names that what begins a scenario tells its runs; null where it may tell anything. */
function toldBy(trigger: Trigger | null, terms: Terms | undefined): readonly string[] | null {
  if (trigger?.kind === "subscription") return ["subscription"];
  if (trigger?.kind === "catalogue") return OF_CHANGES;
  if (trigger?.kind === "row") {
    const table = terms?.table(trigger.table);
    return table ? ["row", ...Object.keys(table.columns)] : null;
  }
  const isOpen = trigger === null || ["event", "api", "called"].includes(trigger.kind);
  return isOpen ? null : [];
}

/** What blocks of a scenario tell its runs. */
function toldOnTheWay({ blocks }: ScenarioDefinition): readonly string[] {
  const issues = Object.values(blocks).some(
    ({ type, params }) => blockDefinition(type)?.traits(params).offer !== undefined,
  );
  return issues ? ["coupon", "coupon_until"] : [];
}

function givesProduct(definition: ScenarioDefinition, told: readonly string[] | null): boolean {
  if (gives(definition, "cart")) return true;
  const trigger = triggerOf(definition);
  if (trigger?.kind === "event") return !OF_NO_PRODUCT.test(trigger.event);
  return told === null || told.some((name) => OF_PRODUCTS.includes(name));
}

/** What a content prints without asking whether it is there, and nobody will ever have told the run of it. */
export function toldOfContents(definition: ScenarioDefinition, { contents, terms }: Known) {
  const told = toldBy(triggerOf(definition), terms);
  const known = told && [...told, ...toldOnTheWay(definition)];
  const hasProduct = givesProduct(definition, told);
  return sendingsOf(definition, contents).flatMap(({ block, content, path }) => {
    const { names = [], askedNames = [] } = content;
    const printed = names.filter((name) => !askedNames.includes(name));
    const missing = printed.filter((name) => name.startsWith("scenario.") && known?.includes(name.slice(9)) === false);
    const products = !hasProduct && isNamed(content, "product") ? ["product"] : [];
    const tables = printed.filter((name) => name.startsWith("tables.") && isNoTable(name.slice(7), terms));
    return [
      ...[...missing, ...products].map((name) => ({ name, why: NOT_TOLD })),
      ...tables.map((name) => ({ name, why: NO_TABLE })),
    ].map(({ name, why }) => ({
      level: "warning" as const,
      code: "variable_not_given",
      path,
      message: {
        en: `“${content.key}”, which “${block}” sends, prints “${name}”, ${why.en}: there it has a hole.`,
        fr: `« ${content.key} », envoyé par « ${block} », imprime « ${name} », ${why.fr} : il y aura un blanc.`,
      },
    }));
  });
}

const NOT_TOLD: Words = {
  en: "which nothing in this scenario gives",
  fr: "que rien dans ce scénario ne fournit",
};
const NO_TABLE: Words = {
  en: "and the shop has no such table of contacts",
  fr: "et la boutique n’a pas cette table de contacts",
};

function isNoTable(key: string, terms: Terms | undefined): boolean {
  const table = terms?.table(key);
  return terms !== undefined && (!table || table.contact === "none");
}

/** A scenario that is exempt from caps and consent sends what was written as such, and no marketing. */
export function classesOfContents(definition: ScenarioDefinition, { contents }: Known) {
  if (definition.class !== "transactional") return [];
  return sendingsOf(definition, contents).flatMap(({ block, content, path }) => {
    if (content.class !== "marketing") return [];
    const en = `“${content.key}”, which “${block}” sends, is marketing: a transactional scenario would send it past caps and consent.`;
    const fr = `« ${content.key} », envoyé par « ${block} », est du marketing : un scénario transactionnel l’enverrait sans plafond ni consentement.`;
    return [{ level: "error" as const, code: "content_of_other_class", path, message: { en, fr } }];
  });
}
