import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

// Only warnings and errors: what wrangler says while it reads its configuration is no news.
process.env["WRANGLER_LOG"] ??= "warn";

// The tests run what `npm start` runs: with everything that exists only on a developer's machine.
const compile = {
  define: { __LOCAL__: "true" },
  oxc: { jsx: { runtime: "automatic", importSource: "hono/jsx" } },
} as const;

// A server and a browser wait for real processes; more than two at once only wait for each other.
// They share no state that one could leave behind for the next, each has a server of its own.
// Patience is long, so that nothing depends on how fast a machine is: it costs only what will fail.
const withServer = {
  environment: "node",
  globalSetup: "test/support/prepare.ts",
  testTimeout: 300_000,
  hookTimeout: 300_000,
  expect: { poll: { timeout: 90_000 } },
  isolate: false,
  maxWorkers: 2,
} as const;

export default defineConfig({
  test: {
    projects: [
      {
        ...compile,
        resolve: { alias: { "cloudflare:sockets": `${import.meta.dirname}/test/support/no-sockets.ts` } },
        test: {
          name: "unit",
          environment: "node",
          include: ["test/unit/**/*.test.{ts,tsx}", "test/sim/**/*.test.ts", "test/architecture.test.ts"],
          setupFiles: ["test/support/openapi.ts"],
          testTimeout: 300_000,
          expect: { poll: { timeout: 90_000 } },
          // These share no state that one could leave behind for the next, and half of their time
          // would go into new processes.
          isolate: false,
          maxWorkers: "100%",
        },
      },
      {
        ...compile,
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              bindings: {
                ...localVariables(),
                PUBLIC_URL: "https://relance.test",
                MIGRATIONS: await readD1Migrations("migrations"),
              },
            },
          })),
        ],
        test: {
          name: "worker",
          include: ["test/worker/**/*.test.{ts,tsx}"],
          setupFiles: ["test/support/migrate.ts"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          maxWorkers: 2,
          // With stories and browser tests: where one project ends no core waits for its last file.
          sequence: { groupOrder: 1 },
        },
      },
      {
        ...compile,
        test: { name: "story", include: ["test/story/**/*.test.ts"], ...withServer, sequence: { groupOrder: 1 } },
      },
      {
        ...compile,
        test: { name: "e2e", include: ["test/e2e/**/*.test.ts"], ...withServer, sequence: { groupOrder: 1 } },
      },
    ],
  },
});

/**
 * The variables that a fresh clone has. wrangler reads .dev.vars too: what a developer has set there
 * beyond them is emptied, so that the tests do the same everywhere and reach no real provider.
 */
function localVariables(): Record<string, string> {
  const fresh = readVariables(".dev.vars.example");
  const own = existsSync(".dev.vars") ? readVariables(".dev.vars") : {};
  return { ...Object.fromEntries(Object.keys(own).map((name) => [name, ""])), ...fresh };
}

function readVariables(file: string): Record<string, string> {
  return parseEnv(readFileSync(file, "utf8")) as Record<string, string>;
}
