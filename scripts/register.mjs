// `npm run register`: writes docs/register.md, what is stored and why, from the catalog of tables.
import { main, runScript, setup } from "./setup.mjs";

await main(async () => {
  await setup();
  return runScript("node_modules/vitest/vitest.mjs", [
    "run",
    "--project",
    "unit",
    "test/unit/admin/register.test.ts",
    "--update",
  ]);
});
