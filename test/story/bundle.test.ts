import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { applyMigrations, bundleWorker, startWorker } from "../../scripts/lib/worker.mjs";
import { VERSION } from "../../src/platform/version";
import { readPrepared } from "../support/prepared";

// A route, table or log line of each part that is only for a developer's machine.
const LOCAL_ONLY = ["/dev/clock", "/dev/faults", "/dev/demo", "local_inbox", "local_clock", "kill-point"];

const bundled = bundleWorker({ local: false });

test("a production bundle holds nothing of the local tools", async () => {
  const production = await bundled;
  expect(LOCAL_ONLY.filter((mark) => production.code.includes(mark))).toEqual([]);
  expect(production.inputs.filter((file) => file.includes("src/local/"))).toEqual([]);

  // Public holidays were worked out when it was built.
  expect(production.inputs.filter((file) => file.includes("date-holidays"))).toEqual([]);
  expect(production.inputs.filter((file) => file.includes("shared/holidays.generated"))).toHaveLength(1);

  // The marks are the right ones: the local bundle has every one of them.
  const local = readPrepared();
  expect(LOCAL_ONLY.filter((mark) => !local.code.includes(mark))).toEqual([]);
});

test("its local addresses do not exist in production", async () => {
  const statePath = await mkdtemp(join(tmpdir(), "relance-production-"));
  await applyMigrations(statePath);
  const { code } = await bundled;
  const worker = await startWorker({ code, statePath, tick: 0, envFile: ".dev.vars.example" });
  try {
    for (const path of [
      "/dev/inbox",
      "/dev/inbox.json",
      "/dev/clock",
      "/dev/faults",
      "/dev/demo",
      "/demo",
      "/__scheduled",
    ]) {
      for (const method of ["GET", "POST"]) {
        expect((await fetch(worker.url + path, { method })).status, `${method} ${path}`).toBe(404);
      }
    }
  } finally {
    await worker.stop();
    await rm(statePath, { recursive: true, force: true });
  }
});

test("the version that /health tells is the package's", () => {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  expect(VERSION).toBe(version);
});
