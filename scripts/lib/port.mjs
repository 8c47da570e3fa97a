import { createServer } from "node:net";

/** The port is in use by another program. */
export class PortTaken extends Error {}

export function portTaken(port) {
  return new PortTaken(`Port ${port} is in use by another program. Choose another one: PORT=${port + 1} npm start`);
}

export function freePort(host) {
  return listenOnce(0, host);
}

export async function assertFree(port, host) {
  try {
    return await listenOnce(port, host);
  } catch (error) {
    throw /EADDRINUSE/.test(String(error)) ? portTaken(port) : error;
  }
}

/** Resolves with the port once it has been listened on and given back. */
function listenOnce(port, host) {
  return new Promise((done, failed) => {
    const server = createServer();
    server.once("error", failed);
    server.listen(port, host, () => {
      const address = server.address();
      server.close(() => done(typeof address === "object" ? address?.port : undefined));
    });
  });
}
