// `npm run deploy`: creates what is missing in the Cloudflare account that wrangler is logged in to, migrates, deploys.
// Running it again creates nothing twice. `--dry-run` only makes the production bundle and says what would be done.
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSnippet, main, nodeBinary, root, StepFailed, setup } from "./setup.mjs";

const QUEUES = ["email", "sms", "act", "import"].flatMap((name) => [`relance-${name}`, `relance-${name}-dead`]);
const KEYS = { WRITE_KEYS: "wk", SECRET_KEYS: "sk", ADMIN_KEYS: "ak" };
const SECRETS = ["TOKEN_SECRET", "LINK_SECRET", "ERASURE_SECRET"];
const BUCKET = "relance-archive";
const LOCAL_DATABASE = "00000000-0000-0000-0000-000000000000";

await main(async () => {
  await setup();
  await buildSnippet();
  const wrangler = (args, input) =>
    spawnSync(nodeBinary(), [join(root, "node_modules/wrangler/bin/wrangler.js"), ...args], {
      cwd: root,
      encoding: "utf8",
      input,
      env: { ...process.env, CI: "true" },
    });
  const must = (args, input) => {
    const result = wrangler(args, input);
    if (result.status !== 0)
      throw new StepFailed(`wrangler ${args.join(" ")} failed:\n${result.stderr || result.stdout}`);
    return result.stdout;
  };

  if (process.argv.includes("--dry-run")) {
    must(["deploy", "--dry-run", "--outdir", "dist"]);
    console.log("The production bundle is in dist/. Nothing was sent.");
    return;
  }
  if (wrangler(["whoami"]).stdout.includes("not authenticated")) {
    throw new StepFailed("Log in first: npx wrangler login");
  }
  database(must);
  for (const queue of QUEUES) {
    const made = wrangler(["queues", "create", queue]);
    if (made.status !== 0 && !/already/i.test(made.stderr + made.stdout)) throw new StepFailed(made.stderr);
  }
  const bucket = wrangler(["r2", "bucket", "create", BUCKET, "--jurisdiction", "eu"]);
  if (bucket.status !== 0 && !/already/i.test(bucket.stderr + bucket.stdout)) throw new StepFailed(bucket.stderr);
  must(["d1", "migrations", "apply", "DB", "--remote"]);
  console.log(must(["deploy"]));
  secrets(wrangler, must);
});

/** Puts the id of the account's database into wrangler.toml, creating it in the EU where there is none. */
function database(must) {
  const file = join(root, "wrangler.toml");
  const config = readFileSync(file, "utf8");
  if (!config.includes(LOCAL_DATABASE)) return;
  const list = () => JSON.parse(must(["d1", "list", "--json"])).find(({ name }) => name === "relance");
  if (!list()) must(["d1", "create", "relance", "--jurisdiction", "eu"]);
  writeFileSync(file, config.replace(LOCAL_DATABASE, list().uuid));
  console.log("wrangler.toml names your database now; keep that change.");
}

/** Makes the keys and secrets that are not set yet, and shows the keys this once. */
function secrets(wrangler, must) {
  const listed = wrangler(["secret", "list"]);
  const known = listed.status === 0 ? JSON.parse(listed.stdout).map(({ name }) => name) : [];
  for (const [name, prefix] of Object.entries(KEYS)) {
    if (known.includes(name)) continue;
    const key = `${prefix}_${randomBytes(24).toString("base64url")}`;
    must(["secret", "put", name], key);
    console.log(`${name}: ${key}   (shown once; Cloudflare keeps it secret)`);
  }
  for (const name of SECRETS)
    if (!known.includes(name)) must(["secret", "put", name], randomBytes(32).toString("base64url"));
}
