/** Epoch milliseconds with their fraction; every process of this machine reads the same. */
export function now() {
  return performance.timeOrigin + performance.now();
}
