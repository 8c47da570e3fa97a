import { Liquid } from "liquidjs";
import { describe, expect, it } from "vitest";
import { ContentFault } from "../../../src/sends/content";
import type { Scope } from "../../../src/sends/scope";
import { parseTemplate, renderTemplate } from "../../../src/sends/template";
import { hasData, readData } from "../../support/data";

interface Case {
  readonly name: string;
  readonly template: string;
  readonly data?: Record<string, unknown>;
  readonly templates?: Record<string, string>;
  readonly result?: string;
  readonly results?: readonly string[];
  readonly invalid?: boolean;
}

/** What a way to render makes of a case: its text, or that it was refused. */
function outcome(render: () => string): { readonly text: string } | { readonly fault: string } {
  try {
    return { text: render() };
  } catch (error) {
    return { fault: error instanceof ContentFault ? `${error.reason}: ${error.detail}` : String(error) };
  }
}

function passes({ invalid, result, results }: Case, made: ReturnType<typeof outcome>): boolean {
  if (invalid) return "fault" in made;
  return "text" in made && (results ?? [result]).includes(made.text);
}

function plain({ template, data = {}, templates = {} }: Case): string {
  return new Liquid({ templates }).parseAndRenderSync(template, structuredClone(data)) as string;
}

function ours({ template, data = {} }: Case): string {
  return renderTemplate(parseTemplate(template, "text"), structuredClone(data) as unknown as Scope, "text");
}

/** Every difference from liquidjs as it comes, with its number of cases: what has no business in a message. */
const DIFFERENCES = {
  // Files and partials, counters that outlive a part, text that is built without its size being counted, and braces as text.
  "tag include": 14,
  "tag render": 11,
  "tag increment": 8,
  "tag decrement": 4,
  "tag capture": 13,
  "tag raw": 5,
  // What prints markup, or hides what a text says.
  "filter newline_to_br": 5,
  "filter escape_once": 4,
  "filter url_decode": 3,
  "filter base64_encode": 4,
  "filter base64_decode": 3,
  "filter base64_url_safe_encode": 1,
  "filter base64_url_safe_decode": 1,
  // Ours under the same name.
  "date prints in the reader's language and zone": 7,
  "default stands in for what is empty": 5,
  "escaping is the part's, not the template's": 1,
  "lists and objects print nothing": 2,
};

const NOT_THERE = /tag "([\w-]+)" not found|undefined filter: (\w+)/;

/** Why ours differs: what we leave out on purpose, by name; null where nothing explains it. */
function reasonOf(one: Case, made: ReturnType<typeof outcome>): string | null {
  const [, tag, filter] = ("fault" in made ? NOT_THERE.exec(made.fault) : null) ?? [];
  if (tag !== undefined) return `tag ${tag}`;
  if (filter !== undefined) return `filter ${filter}`;
  if (/\|\s*date\b/.test(one.template)) return "date prints in the reader's language and zone";
  if (/\|\s*default\b/.test(one.template)) return "default stands in for what is empty";
  if (/\|\s*escape\b/.test(one.template)) return "escaping is the part's, not the template's";
  if ("text" in made) return "lists and objects print nothing";
  return null;
}

describe.skipIf(!hasData)("the cases of golden liquid", () => {
  const { tests } = hasData ? (JSON.parse(readData("golden_liquid.json")) as { tests: Case[] }) : { tests: [] };
  const passed = tests.filter((one) =>
    passes(
      one,
      outcome(() => plain(one)),
    ),
  );
  const differing = passed.flatMap((one) => {
    const made = outcome(() => ours(one));
    return passes(one, made) ? [] : [{ one, made, reason: reasonOf(one, made) }];
  });

  it("that liquidjs passes stay passed, but for what a message leaves out", () => {
    expect(tests.length).toBe(1_054);
    expect(passed.length).toBe(809);
    const list: Record<string, number> = {};
    for (const { one, made, reason } of differing) {
      const name = reason ?? `${one.name}: ${JSON.stringify(made)}`;
      list[name] = (list[name] ?? 0) + 1;
    }
    expect(list).toEqual(DIFFERENCES);
  });
});
