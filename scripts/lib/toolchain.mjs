// What wrangler and esbuild are for, in a process of its own that ends with its answer: in the process that serves they
// would hold more than a hundred megabytes for as long as it runs. worker.mjs starts it with its questions.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { unstable_getMiniflareWorkerOptions, unstable_readConfig, unstable_splitSqlQuery } from "wrangler";

const root = fileURLToPath(new URL("../..", import.meta.url));
const configPath = join(root, "wrangler.toml");

/** @type {Record<string, (details: any) => any>} */
const answers = {
  /** Bundles src/index.ts the way wrangler does. */
  async bundle({ local, entry, outfile, minify = false }) {
    const config = unstable_readConfig({ config: configPath });
    // esbuild comes with wrangler and is not a dependency of its own: so both make the same bundle.
    const esbuild = createRequire(createRequire(import.meta.url).resolve("wrangler/package.json"))("esbuild");
    const result = await esbuild.build({
      entryPoints: [entry ?? config.main],
      absWorkingDir: root,
      bundle: true,
      format: "esm",
      target: "es2024",
      supported: { using: true },
      conditions: ["workerd", "worker", "browser"],
      external: ["cloudflare:*", "node:*"],
      loader: { ".txt": "text", ".html": "text", ".sql": "text" },
      define: { "process.env.NODE_ENV": '"production"', ...config.define, __LOCAL__: String(local) },
      keepNames: config.keep_names ?? true,
      minify,
      metafile: true,
      write: outfile !== undefined,
      outfile: outfile ?? join(root, "dist", "index.js"),
      logLevel: "warning",
    });
    await esbuild.stop();
    const code = outfile === undefined ? result.outputFiles[0].text : readFileSync(outfile, "utf8");
    const inputs = Object.values(result.metafile.outputs).flatMap((output) => Object.entries(output.inputs));
    return { code, inputs: inputs.flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])) };
  },

  /** The Worker as wrangler.toml and an env file describe it, in Miniflare's words. */
  options({ envFile }) {
    const config = unstable_readConfig({ config: configPath });
    // `.dev.vars` is what wrangler reads by itself; another file takes its place, so that tests do not
    // depend on a developer's own settings.
    /** @type {object} */
    const options = envFile === ".dev.vars" ? {} : { envFiles: [envFile] };
    const { workerOptions } = unstable_getMiniflareWorkerOptions(config, undefined, options);
    // Both describe how wrangler finds modules; the bundle has one.
    const { modulesRules: _rules, rootPath: _path, ...rest } = workerOptions;
    return { ...rest, name: config.name };
  },

  /** migrations/*.sql in their order, each as its statements. */
  migrations() {
    const folder = join(root, "migrations");
    const names = readdirSync(folder)
      .filter((name) => name.endsWith(".sql"))
      .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10) || (a < b ? -1 : 1));
    return names.map((name) => {
      const statements = unstable_splitSqlQuery(readFileSync(join(folder, name), "utf8"));
      return { name, statements: statements.filter((sql) => sql.trim()) };
    });
  },
};

// Listened to until the other side hangs up: who ends of its own accord may be gone before its answer is read.
process.on("message", async (/** @type {Record<string, any>} */ questions) => {
  const tell = (/** @type {object} */ answer) => process.connected && process.send?.(answer);
  try {
    /** @type {Record<string, unknown>} */
    const result = {};
    for (const [name, details] of Object.entries(questions)) result[name] = await answers[name]?.(details);
    tell({ result });
  } catch (error) {
    tell({ error: String(error?.stack ?? error) });
  }
});
