// `npm run prove`: that nothing is lost and nothing goes out twice, whatever ends the process.
//   npm run prove -- --kills 100 --each 5 --seeds 10000
//   npm run prove -- imports --lines 50000
// It kills the whole process tree again and again under load, on one state folder, and counts in the
// provider's own ledger; before that it runs the core through a simulation of crashes. Ends with 1
// where a promise was broken. Behind that it imports a shop's whole history (`imports`: only that).
import { buildSnippet, main, runScript, setup } from "./setup.mjs";

await main(async () => {
  await setup();
  await buildSnippet();
  const [what, ...rest] = process.argv.slice(2);
  if (what === "imports") return runScript("test/support/import-prove.mjs", rest);
  const code = await runScript("test/support/chaos-prove.mjs", process.argv.slice(2));
  return code === 0 ? runScript("test/support/import-prove.mjs", []) : code;
});
