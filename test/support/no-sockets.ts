/** Stands for the runtime's sockets where there is no workerd: what would open one says so. */
export function connect(): never {
  throw new Error("There are no sockets here; what needs one is tested on workerd.");
}
