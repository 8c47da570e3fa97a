// Keeps the process around workerd small. Starting it goes through a hundred megabytes of buffers, and a process that does
// little afterwards would hold them for hours.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Environment for a process that calls `startWorker`: glibc then gives freed buffers back. Others ignore it. */
export const leanEnv = { MALLOC_MMAP_THRESHOLD_: "131072" };

/** Collects all garbage now. */
export function collectGarbage() {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
}
