// `npm run cost`: what Cloudflare's list prices make of a million behaviour events.
//   npm run cost -- --events 40000 --only mixed --json cost.json
import { buildSnippet, main, runScript, setup } from "./setup.mjs";

await main(async () => {
  await setup();
  await buildSnippet();
  return runScript("test/bench/cost.mjs", process.argv.slice(2));
});
