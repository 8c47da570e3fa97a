import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { FATES, OUTCOMES } from "../../../src/console/words/labels";
import { REASONS, reasonWords } from "../../../src/reports/reasons";
import { children, type Node, readSource } from "../../support/source";

/** What the code can answer, found in its source: a new code without words must fail here, not in the console. */
interface Codes {
  readonly reasons: Set<string>;
  readonly outcomes: Set<string>;
}

function codesOf(path: string): Codes {
  const text = readFileSync(path, "utf8");
  const codes: Codes = { reasons: new Set(), outcomes: new Set() };
  collect(readSource(path, text, { [path]: text }).program, codes, null);
  return codes;
}

/** Literals that are returned, or stand as somebody's `reason` or `outcome`; what is compared or passed on is none. */
function collect(node: Node, codes: Codes, into: Set<string> | null): void {
  const passes = new Set(["ConditionalExpression", "ReturnStatement", "BlockStatement", "LogicalExpression"]);
  if (node.type === "Literal" && typeof node["value"] === "string") into?.add(node["value"]);
  if (node.type === "Property") {
    const key = node["key"].name as string;
    const target = key === "reason" ? codes.reasons : key === "outcome" ? codes.outcomes : null;
    collect(node["value"], codes, target);
    return;
  }
  for (const child of children(node)) {
    if (node.type === "ConditionalExpression" && child === node["test"]) collect(child, codes, null);
    else if (node.type === "ReturnStatement") collect(child, codes, codes.reasons);
    else collect(child, codes, passes.has(node.type) ? into : null);
  }
}

const SOURCES = [
  "src/decisions/gate.ts",
  "src/decisions/points.ts",
  "src/scenarios/entry.ts",
  "src/scenarios/stop.ts",
  "src/scenarios/advance.ts",
  "src/scenarios/blocks/wait-window.ts",
  "src/sends/deliver.ts",
  "src/sends/calls.ts",
  "src/sends/channels/inbox.ts",
];

/** Literals that a function of these files returns, and that are no reasons. */
const NO_REASONS = new Set(["phone", "email", "sms", "none", "never", "busy"]);

describe.each(SOURCES)("%s", (path) => {
  const { reasons, outcomes } = codesOf(path);
  const named = [...reasons].filter((code) => !NO_REASONS.has(code));

  test("says something that can be put into words", () => expect(named.length + outcomes.size).toBeGreaterThan(0));

  test("has words for each of its reasons", () => {
    expect(named.filter((code) => !Object.hasOwn(REASONS, code) && !Object.hasOwn(FATES, code))).toEqual([]);
  });

  test("has words for each of its outcomes", () => {
    const known = { ...OUTCOMES, ...FATES, send: true };
    expect([...outcomes].filter((code) => !Object.hasOwn(known, code))).toEqual([]);
  });
});

test.each([
  ["the permit", "src/decisions/permit.ts", /THEN '([a-z_]+)'/g],
  ["the permit, of what a message is about,", "src/decisions/permit-subject.ts", /THEN '([a-z_]+)'/g],
  ["the permit, of campaigns,", "src/decisions/campaign.ts", /THEN '([a-z_]+)'/g],
  ["a content", "src/sends/content.ts", /^ {2}\| "([a-z_]+)"/gm],
  ["a bundle", "src/scenarios/bundle.ts", /\? "([a-z_]+)" : decision\.reason/g],
  ["a reaction", "src/scenarios/react.ts", /"failed", "([a-z_]+)"/g],
  ["an exit without a reason of its own", "src/scenarios/blocks/exit.ts", /reason: z.*default\("([a-z_]+)"\)/g],
  ["the end of a scenario", "src/scenarios/admin-store.ts", /reason = '([a-z_]+)'/g],
  ["a replay", "src/admin/send-store.ts", /reason = '([a-z_]+)'/g],
])("%s has words for each of its reasons", (_name, path, pattern) => {
  const codes = [...readFileSync(path, "utf8").matchAll(pattern)].map(([, code]) => code ?? "");
  expect(codes.length).toBeGreaterThan(0);
  // A send that must wait is left as it is, and so has no reason.
  const known = { ...REASONS, ...FATES, wait: true };
  expect(codes.filter((code) => !Object.hasOwn(known, code))).toEqual([]);
});

describe("a reason in words", () => {
  test.each([
    ["no_consent", "No consent for this channel", "Pas de consentement pour ce canal"],
    [
      "filter:orders.count",
      "Is not among those the scenario is for: the number of orders",
      /: le nombre de commandes$/,
    ],
    ["filter:some.new_condition", /: some\.new_condition$/, /: some\.new_condition$/],
    ["gave_up: network", "Gave up after a day of trying: The provider could not be reached", /injoignable$/],
    ["validation_error_422", "The provider refuses the message (422)", /refuse le message \(422\)$/],
    ["content_cannot_be_personalised: cart_empty", /: the cart is empty$/, /: le panier est vide$/],
  ])("%s", (code, english, french) => {
    expect(reasonWords(code, "en")).toMatch(english);
    expect(reasonWords(code, "fr")).toMatch(french);
  });

  test("a code that nobody knows is shown as it is", () => {
    expect(reasonWords("brand_new", "fr")).toBe("brand_new");
    expect(reasonWords("constructor", "en")).toBe("constructor");
    expect(reasonWords("toString: valueOf", "en")).toBe("toString: valueOf");
  });

  test("no reason has no words", () => expect(reasonWords(null, "en")).toBe(""));

  test("French has no space at which its punctuation could fall onto the next line", () => {
    const texts = Object.keys(REASONS).map((code) => reasonWords(code, "fr"));
    expect(texts.filter((text) => / [:;!?»]/.test(text))).toEqual([]);
  });
});
