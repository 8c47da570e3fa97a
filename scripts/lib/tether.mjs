// Keeps workerd from outliving the process that started it.
import { spawnSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Ties workerd's life to this process (see workerd.sh) and learns its process id. Windows has
 * neither sh nor named pipes: there workerd is only ended by `stop`.
 */
export function openTether() {
  if (process.platform === "win32") return undefined;
  const folder = mkdtempSync(join(tmpdir(), "relance-"));
  const pipe = join(folder, "tether");
  const pidFile = join(folder, "pid");
  const made = spawnSync("mkfifo", [pipe]);
  if (made.status !== 0) throw made.error ?? new Error(`mkfifo failed: ${made.stderr.toString()}`);
  // Opened for reading too, since opening for writing alone would wait for a reader.
  const fd = openSync(pipe, constants.O_RDWR);
  const { default: workerd } = createRequire(createRequire(import.meta.url).resolve("miniflare"))("workerd");
  process.env.MINIFLARE_WORKERD_PATH = join(dirname(fileURLToPath(import.meta.url)), "workerd.sh");
  return {
    env: { RELANCE_WORKERD: workerd, RELANCE_TETHER: pipe, RELANCE_PID: pidFile },
    pid: () => Number(readFileSync(pidFile, "utf8")),
    release: () => {
      closeSync(fd);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
