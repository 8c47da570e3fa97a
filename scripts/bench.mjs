// `npm run bench`: what the product reaches on this machine, beside what this machine can reach.
//   npm run bench -- --runs 5 --only single,latency --json bench.json
import { buildSnippet, main, runScript, setup } from "./setup.mjs";

await main(async () => {
  await setup();
  await buildSnippet();
  return runScript("test/bench/bench.mjs", process.argv.slice(2));
});
