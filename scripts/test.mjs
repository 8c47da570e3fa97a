// `npm test`: everything that must hold, from a fresh clone. Arguments go to vitest:
//   npm test -- --project unit test/unit/money.test.ts
// With RELANCE_CHECK=off the checks of `npm run check` are left out.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSnippet, main, runScript, setup } from "./setup.mjs";

await main(async () => {
  await setup();
  await buildSnippet();
  const checked = process.env.RELANCE_CHECK === "off" ? 0 : await runScript("scripts/check.mjs");
  const { code, counts } = await runTests(process.argv.slice(2));
  if (checked !== 0) console.log("\nnpm run check found faults; they are listed above the tests.");
  if (!counts) {
    console.log("\nvitest ended without a report.");
    return 1;
  }
  console.log(`\nskipped: ${counts.skipped}`);
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  return code || checked || (counts.failed > 0 ? 1 : 0);
});

async function runTests(args) {
  const folder = mkdtempSync(join(tmpdir(), "relance-test-"));
  try {
    const report = join(folder, "report.json");
    const code = await runScript("node_modules/vitest/vitest.mjs", [
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
      ...args,
    ]);
    return { code, counts: existsSync(report) ? count(JSON.parse(readFileSync(report, "utf8"))) : undefined };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file that could not be loaded has no tests to count: it counts as one that failed. */
function count(report) {
  const broken = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
