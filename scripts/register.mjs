// `npm run register`: writes docs/register.md, what is stored and why, and docs/events.md, what events change, from the
// catalogs of the code.
import { main, runScript, setup } from "./setup.mjs";

await main(async () => {
  await setup();
  return runScript("node_modules/vitest/vitest.mjs", [
    "run",
    "--project",
    "unit",
    "test/unit/admin/register.test.ts",
    "test/unit/admin/event-table.test.ts",
    "--update",
  ]);
});
