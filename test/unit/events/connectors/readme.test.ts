import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

it("the README's walk-through is the connector that test/worker/prestashop.test.ts runs, in less than a hundred lines", () => {
  const readme = readFileSync("src/events/connectors/README.md", "utf8");
  const source = readFileSync("test/support/prestashop.ts", "utf8");
  const code = source.trimEnd().replaceAll('"../../src/events/connectors/', '"./');
  expect(readme).toContain(`\`\`\`ts\n${code}\n\`\`\``);
  expect(source.split("\n").length).toBeLessThan(100);
});
