import { describe, expect, it } from "vitest";
import type { ScenarioDefinition } from "../../../src/scenarios/definition";
import { definitionInput } from "../../../src/scenarios/definition";
import { describeScenario } from "../../../src/scenarios/describe";
import { checkGraph, completeGraph } from "../../../src/scenarios/graph";
import { lint } from "../../../src/scenarios/lint";
import type { TemplateKey } from "../../../src/scenarios/templates";
import { buildTemplate, TEMPLATES } from "../../../src/scenarios/templates";
import { STARTER_CONTENTS } from "../../../src/sends/contents";

const keys = Object.keys(TEMPLATES) as TemplateKey[];
const known = {
  contents: Object.values(STARTER_CONTENTS).map(({ key, channel }) => ({ key, channel })),
  channels: ["email", "sms"],
};

function built(key: TemplateKey, preset?: string, params?: Record<string, unknown>): ScenarioDefinition {
  const result = buildTemplate(key, preset, params);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.definition;
}

/** The block types with the durations of the waits, along the first output of each block. */
function waits(definition: ScenarioDefinition): string[] {
  return Object.values(definition.blocks).flatMap(({ type, params }) =>
    type === "wait.for" ? [String(params["duration"])] : [],
  );
}

describe.each(keys)("the template %s", (key) => {
  const template = TEMPLATES[key];

  it.each([undefined, ...Object.keys(template.presets)])(
    "builds a scenario that lint has nothing to say of (%s)",
    (preset) => {
      const definition = built(key, preset);
      expect(definitionInput.safeParse(definition).error?.issues).toBeUndefined();
      expect(checkGraph(definition)).toEqual([]);
      expect(completeGraph(definition)).toEqual(definition);
      expect(lint(definition, known)).toEqual([]);
    },
  );

  it("says every block in both languages", () => {
    const described = describeScenario(built(key));
    expect(described.map(({ block }) => block).toSorted()).toEqual(Object.keys(built(key).blocks).toSorted());
    for (const { sentence } of described) {
      expect(sentence.en).toMatch(/\S\.$/);
      expect(sentence.fr).toMatch(/\S\.$/);
    }
  });

  it("refuses what it does not know, with the place", () => {
    expect(buildTemplate(key, "nope")).toEqual({
      ok: false,
      errors: [expect.objectContaining({ pointer: "/preset" })],
    });
    const wrong = buildTemplate(key, undefined, { colour: "red", holdout: 2 });
    expect(wrong.ok ? [] : wrong.errors.map(({ pointer }) => pointer)).toEqual(["/params/holdout", "/params/colour"]);
  });
});

describe("abandoned-cart", () => {
  it("sends first after 4 hours, or after 24 with the preset of the seed; what is stated goes over it", () => {
    expect(waits(built("abandoned-cart"))).toEqual(["PT4H", "PT24H", "PT48H"]);
    expect(waits(built("abandoned-cart", "fast"))).toEqual(["PT4H", "PT24H", "PT48H"]);
    expect(waits(built("abandoned-cart", "seed_24h"))).toEqual(["PT24H", "PT24H", "PT48H"]);
    expect(waits(built("abandoned-cart", "seed_24h", { first_delay: "PT1H" }))[0]).toBe("PT1H");
  });

  it("takes one half of the inactivity and fills in the other", () => {
    const start = built("abandoned-cart", undefined, { inactivity: { moved_by: "cart_events" } }).blocks["start"];
    expect(start?.params["inactivity"]).toEqual({ duration: "PT30M", moved_by: "cart_events" });
  });

  it("is held back for a tenth unless the shop says otherwise", () => {
    expect(built("abandoned-cart").holdout).toBe(0.1);
    expect(built("abandoned-cart", "fast", { holdout: 0 }).holdout).toBe(0);
  });
});
