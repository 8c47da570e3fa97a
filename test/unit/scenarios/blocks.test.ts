import { describe, expect, it } from "vitest";
import type { BlockDefinition } from "../../../src/scenarios/block";
import { BLOCKS } from "../../../src/scenarios/blocks";
import { outputsOf } from "../../../src/scenarios/graph";
import { wayWords } from "../../../src/scenarios/way-words";

const CATEGORY_OF: Readonly<Record<string, readonly string[]>> = {
  start: ["start"],
  filter: ["if", "switch", "split"],
  wait: ["wait"],
  action: [
    "send",
    "issue",
    "award",
    "update",
    "subscribe",
    "unsubscribe",
    "suppress",
    "webhook",
    "emit",
    "begin",
    "audience",
    "task",
  ],
  exit: ["exit"],
};

const catalog = Object.entries(BLOCKS as Record<string, BlockDefinition<unknown>>);

describe.each(catalog)("the block %s", (type, definition) => {
  it("takes its own example", () => {
    expect(definition.params.safeParse(definition.example)).toMatchObject({ success: true });
  });

  it("refuses a parameter that it does not know", () => {
    expect(definition.params.safeParse({ ...Object(definition.example), moon: 1 })).toMatchObject({ success: false });
  });

  it("says it as a sentence about the block, as the others do: “Sends …” and not “Send …”", () => {
    expect(definition.describe(definition.example, "en")).toMatch(/^[A-Z][a-z]*s /);
    expect(definition.describe(definition.example, "fr")).not.toMatch(/^\p{L}+(er|ir) /u);
  });

  it("says what it does, in two languages that are not the same", () => {
    const [en, fr] = [definition.describe(definition.example, "en"), definition.describe(definition.example, "fr")];
    for (const sentence of [en, fr]) {
      expect(sentence).toMatch(/^[A-ZÀÉ].*\.$/u);
      expect(sentence).not.toMatch(/undefined|null|NaN|\[object|\{|\}/);
    }
    expect(en).not.toBe(fr);
    expect(definition.title.en).not.toBe(definition.title.fr);
    expect(definition.icon).toMatch(/^\P{Letter}{1,2}$|^[@¶]$/u);
  });

  it("has ways out that have names, of which none is there twice", () => {
    const outputs = outputsOf({ type, params: definition.example as Record<string, unknown>, next: {} });
    expect(new Set(outputs).size).toBe(outputs.length);
    for (const output of outputs) expect(output).toMatch(/^[a-z][a-z0-9_-]*$/);
    expect(outputs.length === 0).toBe(definition.category === "exit");
  });

  it("has words for its ways out, in both languages: common ones, or its own by `ways`", () => {
    const node = { type, params: definition.example as Record<string, unknown>, next: {} };
    const named = outputsOf(node).flatMap((output) =>
      (["en", "fr"] as const).map((language) => [output, wayWords(node, output, language)] as const),
    );
    expect(named.filter(([output, words]) => words === output || words.trim() === "")).toEqual([]);
  });

  it("stands under its kind's name, and starts something only where it is a start", () => {
    expect(CATEGORY_OF[definition.category]).toContain(type.split(".")[0]);
    expect(definition.trigger !== undefined).toBe(definition.category === "start");
  });

  it("says how long it waits at most, where it waits", () => {
    // Actions and filters wait for nothing but what comes of them.
    const isDoing = definition.category === "action" || definition.category === "filter";
    const waits = definition.category === "wait" || (isDoing && definition.hear !== undefined);
    expect(definition.due !== undefined).toBe(waits);
    expect(definition.hear === undefined || waits).toBe(true);
  });
});

describe("waves of what is back in stock", () => {
  const { params, describe: inWords } = BLOCKS["start.catalogue"] as BlockDefinition<unknown>;
  const start = (kind: string, waves: object) => params.safeParse({ kind, audience: "wishlist", waves });

  it("go with that alone, and no faster than every five minutes", () => {
    expect(start("back_in_stock", {}).data).toMatchObject({ waves: { per_unit: 10, every: "PT1H" } });
    expect(start("price_drop", {}).error?.issues).toMatchObject([{ path: ["waves"] }]);
    expect(start("back_in_stock", { every: "PT4M" }).error?.issues).toMatchObject([{ path: ["waves", "every"] }]);
  });

  it("are said", () => {
    const asked = start("back_in_stock", { per_unit: 2.5, every: "P1D" }).data;
    expect(inWords(asked, "en")).toMatch(/, in waves of 2\.5 contacts for each piece in stock, 1 day apart\.$/);
    expect(inWords(asked, "fr")).toMatch(/, par vagues de 2,5 contacts par unité en stock, à 1 jour d’intervalle\.$/);
  });
});
