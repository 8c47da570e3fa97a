import { describe, expect, test } from "vitest";
import { sourceOf } from "../../../src/events/source";

const of = (name: unknown, rest: object = {}) => ({ ...rest, context: { library: { name } } });

describe("the source of a request", () => {
  test.each([
    ["write", of("relance.js"), "snippet"],
    ["write", of("analytics.js"), "segment-browser"],
    ["write", of("RudderLabs JavaScript SDK"), "rudderstack-browser"],
    ["secret", of("@segment/analytics-node"), "segment-node"],
    ["secret", of("analytics-node", { originalTimestamp: "2026-01-05T10:00:00Z" }), "rudderstack-node"],
    ["secret", of("analytics-node"), "segment-node"],
    ["secret", of("maison-lumen-server"), "http"],
    ["secret", {}, "http"],
    ["secret", null, "http"],
    ["secret", of(["relance.js"]), "http"],
  ] as const)("with a %s key, %j is %s", (scope, event, source) => {
    expect(sourceOf(scope, event, null)).toBe(source);
  });

  test("is another one where the key is of the other kind: a public key does not speak for the shop's server", () => {
    expect(sourceOf("write", of("@segment/analytics-node"), null)).toBe("segment-node.write");
    expect(sourceOf("write", of("constructor"), null)).toBe("http.write");
    expect(sourceOf("secret", of("relance.js"), null)).toBe("snippet.secret");
  });

  test("is read of the batch's own context where the event has none", () => {
    expect(sourceOf("write", {}, { library: { name: "analytics.js" } })).toBe("segment-browser");
    expect(sourceOf("write", of("relance.js"), { library: { name: "analytics.js" } })).toBe("snippet");
  });
});
