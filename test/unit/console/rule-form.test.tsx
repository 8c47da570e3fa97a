import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Answers } from "../../../src/console/rule/answers";
import { draftOf, ruleOf } from "../../../src/console/rule/draft";
import { edited } from "../../../src/console/rule/edit";
import { RuleTree } from "../../../src/console/rule/rule-tree";
import type { Sheet } from "../../../src/console/rule/sheet";
import { readNode } from "../../../src/console/rule/tree";
import type { View } from "../../../src/console/view";
import { segmentReason } from "../../../src/console/words/segments";
import { starTable } from "../../../src/contacts/star";
import type { StarTable } from "../../../src/contacts/star/table";
import { behaviour } from "../../../src/segments/collections/behaviour";
import { carts } from "../../../src/segments/collections/carts";
import { messages } from "../../../src/segments/collections/messages";
import { orders } from "../../../src/segments/collections/orders";
import { referrals } from "../../../src/segments/collections/referrals";
import { CONDITIONS } from "../../../src/segments/conditions";
import { formOf } from "../../../src/segments/form";
import { lengthFaults } from "../../../src/segments/length";
import { OPERATORS } from "../../../src/segments/operators";
import type { Rule } from "../../../src/segments/rule";
import { childrenOf, conditionOf, paramsOf, ruleFaults, ruleInput } from "../../../src/segments/rule";
import type { FieldError } from "../../../src/shared/fault";
import { pointersOf } from "../../../src/shared/pointer";
import { formFields } from "../../support/form-fields";
import { rules } from "../../support/targeting/rules";

const column = (type: string) => ({ type }) as StarTable["columns"][string];
const PETS = {
  name: "x_pets",
  title: { en: "Pets", fr: "Animaux" },
  description: "",
  family: "linked",
  contact: "required",
  unique: "shop",
  feeds: {},
  columns: {
    kind: column("text"),
    weight: column("number"),
    legs: column("integer"),
    chipped: column("boolean"),
    seen: column("time"),
    born: column("date"),
    price: column("money"),
  },
} as const satisfies StarTable;

const terms = {
  shop: { zone: "Europe/Paris", currency: "EUR" },
  table: (key: string) => (key === "pets" ? PETS : starTable(key)),
};
const views = { en: viewIn("en"), fr: viewIn("fr") };

function viewIn(language: "en" | "fr"): View {
  return { language, say: (en: string, fr: string) => (language === "fr" ? fr : en) } as View;
}

function drawn(rule: unknown, language: "en" | "fr" = "en", faults: readonly FieldError[] = []): string {
  const sheet: Sheet = { view: views[language], terms, faults, suggestions: {} };
  const place = { name: "rule", pointer: "/rule" };
  const tree = RuleTree({ sheet, node: draftOf(rule as Rule), place, isRoot: true });
  return (tree as { toString: () => string }).toString();
}

function readBack(rule: Rule, language: "en" | "fr" = "en"): Rule {
  return ruleOf(readNode("rule", new Answers(formFields(drawn(rule, language))), terms)) as Rule;
}

/** A rule with what counts where something is left out. */
function whole(rule: Rule): unknown {
  const group = childrenOf(rule);
  if (group) return { [group.key]: group.rules.map(whole) };
  const named = rule as { readonly type: string };
  const condition = conditionOf(named.type);
  return { type: named.type, ...(condition && (asSets(paramsOf(condition, named)) as object)) };
}

/** In a list of texts neither order nor repeats matter. */
function asSets(value: unknown): unknown {
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return [...new Set(value)].toSorted();
  if (Array.isArray(value)) return value.map(asSets);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asSets(inner)]));
}

describe("the form of a condition", () => {
  test.each(Object.entries(CONDITIONS))("%s reads back its example, in both languages", (type, { example }) => {
    const rule = { type, ...(example as object) };
    expect(readBack(rule)).toEqual(rule);
    expect(readBack(rule, "fr")).toEqual(rule);
  });

  test.each(Object.entries(CONDITIONS))("%s has words for all that it asks", (_type, condition) => {
    expect(condition.title.en).not.toBe(condition.title.fr);
    for (const { name, words } of formOf(condition).params) {
      expect(words, name).not.toEqual({ en: name, fr: name });
      expect(words.fr, name).not.toBe("");
    }
  });

  test("every operator is called something", () => {
    for (const operators of Object.values(OPERATORS)) {
      for (const { label } of Object.values(operators)) expect(label.en && label.fr).toBeTruthy();
    }
  });

  test("labels and inputs belong together, and no id stands twice", () => {
    for (const [type, { example }] of Object.entries(CONDITIONS)) {
      const html = drawn({ all: [{ type, ...(example as object) }, { any: [] }] });
      const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
      expect(new Set(ids).size, type).toBe(ids.length);
      for (const [, id] of html.matchAll(/\sfor="([^"]+)"/g)) expect(ids, type).toContain(id);
      for (const [, id] of html.matchAll(/\saria-describedby="([^"]+)"/g)) expect(ids, type).toContain(id);
    }
  });
});

test("what can be chosen of a closed list is called something", () => {
  const collections = [orders, carts, messages, referrals, behaviour];
  for (const { key, fields } of collections) {
    for (const [name, { options = [], choices = {} }] of Object.entries(fields)) {
      for (const option of options) expect(choices[option], `${key} ${name} ${option}`).toBeDefined();
    }
  }
});

test("a field says of what is typed which letters are the same", () => {
  const asked = (field: string, value: string) =>
    drawn({ type: "orders.count", op: "gte", value: 1, where: [{ field, op: "is", value }] }, "fr");
  expect(asked("coupon", "ÉTÉ")).toContain("pas les majuscules");
  expect(asked("status", "delivered")).not.toContain("pas les majuscules");
});

describe("a rule as a form", () => {
  test("reads back as the same rule, whatever it is", () => {
    fc.assert(
      fc.property(rules, fc.constantFrom("en" as const, "fr" as const), (rule, language) => {
        const back = readBack(rule, language);
        expect(ruleInput.safeParse(back).success).toBe(true);
        expect(whole(back)).toEqual(whole(rule));
      }),
      { numRuns: 300 },
    );
  });

  test("says at the field what is wrong with it", () => {
    const rule = { all: [{ not: { type: "orders.count", op: "gte", value: "many" } }] };
    const parsed = ruleInput.safeParse(rule);
    const faults = parsed.success ? [] : pointersOf(parsed.error, ["rule"]);
    const html = drawn(rule, "fr", faults);
    expect(html).toMatch(/id="wrong:rule\/0\/value"[^>]*>Saisissez un nombre\./);
    expect(html).toMatch(/<input[^>]*name="rule\/0\/value"[^>]*aria-invalid="true"/);
  });

  test("keeps what no browser of ours would send as something that is wrong", () => {
    const form = new URLSearchParams({
      "rule#kind": "all",
      "rule/0#type": "contact",
      "rule/0/field": "constructor",
      "rule/0/op": "__proto__",
      "rule/0/value": "x",
      "rule/1#type": "toString",
      "rule/2#type": "distance",
      "rule/2/to#way": "17",
    });
    const node = readNode("rule", new Answers(form), terms);
    expect(ruleInput.safeParse(ruleOf(node)).success).toBe(false);
    expect(drawn(ruleOf(node))).toContain("constructor");
  });

  test("says which column a span of time may be about", () => {
    const rule = { type: "table", table: "pets", op: "gte", value: 1, within: "P30D" } as const;
    const faults = ruleFaults(rule, terms).map((fault) => ({ ...fault, pointer: `/rule${fault.pointer}` }));
    expect(drawn(rule, "fr", faults)).toContain("Ajoutez la colonne de la date : seen.");
  });

  test("says in the reader's language that it is too much", () => {
    const filters = Array.from({ length: 10 }, () => ({ field: "currency", op: "is", value: "EUR" }));
    const counts = Array.from({ length: 50 }, () => ({ type: "orders.count", op: "gte", value: 1, where: filters }));
    const parsed = ruleInput.safeParse({ all: counts });
    const [heavy] = parsed.success ? [] : pointersOf(parsed.error);
    const values = Array.from({ length: 6 }, (_none, index) => "é".repeat(index + 1));
    const lines = Array.from({ length: 5 }, () => [{ field: "name", op: "in", value: values }]);
    const [long] = lengthFaults({ all: counts.map((one) => ({ ...one, lines })) }, terms);
    for (const fault of [heavy, long]) {
      expect(segmentReason(fault?.detail ?? "", "fr")).toBe(
        "C’est trop pour une seule règle : retirez des conditions ou des filtres.",
      );
    }
  });

  test("says at the condition what it does not ask yet", () => {
    const rule = { type: "orders.last" };
    const parsed = ruleInput.safeParse(rule);
    const faults = parsed.success ? [] : pointersOf(parsed.error, ["rule"]);
    expect(drawn(rule, "en", faults)).toContain("Say since when, or how long ago.");
  });
});

describe("the buttons of a rule", () => {
  const press = (rule: unknown, act: string, steps: readonly string[], type = "") =>
    ruleOf(edited(draftOf(rule as Rule), { act, steps, type }, terms).rule);
  const count = { type: "orders.count", op: "gte", value: 2 };

  test("add what is right by itself, for each condition", () => {
    for (const type of Object.keys(CONDITIONS)) {
      const rule = press({ all: [] }, "add", [], type);
      expect(ruleInput.safeParse(rule).success, type).toBe(true);
    }
  });

  test("add a segment with its family, without which a part of one is nobody", () => {
    expect(press({ all: [] }, "add", [], "segment")).toEqual({
      all: [{ type: "segment", family: "rfm", segment: "champions" }],
    });
  });

  test("add to a single condition by putting both in a group", () => {
    expect(press(count, "add", [], "address")).toEqual({ all: [count, { type: "address", channel: "sms" }] });
  });

  test("add each parameter that a condition does without, and take it away again", () => {
    for (const [type, condition] of Object.entries(CONDITIONS)) {
      const alone = press({ all: [] }, "add", [], type);
      for (const { name, isOptional } of formOf(condition).params) {
        if (!isOptional || Object.hasOwn((alone as { all: object[] }).all[0] ?? {}, name)) continue;
        const more = press(alone, "with", ["0", name]);
        expect(more, `${type} ${name}`).not.toEqual(alone);
        expect(press(more, "remove", ["0", name]), `${type} ${name}`).toEqual(alone);
      }
    }
  });

  test("add and take away one of several filters, and leave the rest alone", () => {
    const filter = { field: "channel", op: "is", value: "web" };
    const rule = { all: [count, { ...count, where: [filter] }] };
    const more = press(rule, "more", ["1", "where"]) as typeof rule;
    expect((more.all[1] as { where: unknown[] }).where).toHaveLength(2);
    expect(press(more, "remove", ["1", "where", "1"])).toEqual(rule);
    expect(press(rule, "remove", ["0"])).toEqual({ all: [rule.all[1]] });
    expect(press(rule, "remove", ["7"])).toEqual(rule);
    expect(press(rule, "nonsense", ["0"])).toEqual(rule);
    expect(press(rule, "constructor", ["0"])).toEqual(rule);
  });
});
