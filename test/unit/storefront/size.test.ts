import { expect, it } from "vitest";

const builder = new URL("../../../scripts/build-snippet.mjs", import.meta.url).href;

it("the snippet is under 5,000 bytes gzipped, and runs in a page without a module", async () => {
  const { compileSnippet, SNIPPET_LIMIT } = await import(/* @vite-ignore */ builder);
  const { text, gzipped } = await compileSnippet();
  expect(SNIPPET_LIMIT).toBe(5000);
  expect(gzipped).toBeLessThan(SNIPPET_LIMIT);
  expect(text).not.toMatch(/\b(import|export)\b[ {]/);
});
