// `npm run prove`: that nothing is lost and nothing goes out twice, whatever ends the process.
//   npm run prove -- --kills 100 --each 5 --seeds 10000 --fortnights 20000
//   npm run prove -- imports --lines 50000
//   npm run prove -- rehearsals --worlds 2 --days 30
// It kills the whole process tree again and again under load, on one state folder, and counts in the
// provider's own ledger; before that it runs the product through simulations of crashes
// in virtual time: sixteen days of made scenarios, a busy day, people's histories. Ends with 1
// where a promise was broken. Behind that, scenarios at random are lived through over a month of a shop and rehearsed
// over its journal (`rehearsals`: only that), and a shop's whole history is imported (`imports`: only that).
import { buildSnippet, main, runScript, setup } from "./setup.mjs";

await main(async () => {
  await setup();
  await buildSnippet();
  const [what, ...rest] = process.argv.slice(2);
  if (what === "imports") return runScript("test/support/import-prove.mjs", rest);
  if (what === "rehearsals") return runScript("test/support/rehearsals-prove.mjs", rest);
  const code = await runScript("test/support/chaos-prove.mjs", process.argv.slice(2));
  if (code !== 0) return code;
  const differs = await runScript("test/support/rehearsals-prove.mjs", []);
  return differs === 0 ? runScript("test/support/import-prove.mjs", []) : differs;
});
