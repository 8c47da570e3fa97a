import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Connect, Line } from "../../src/sends/channels/smtp-session";

/** A line over a socket of Node's, in the shape of the runtime's own. */
function lineOf(socket: Socket): Line {
  let push: (chunk: Buffer) => void = () => undefined;
  const readable = new ReadableStream<Uint8Array>({
    start(controller) {
      push = (chunk) => controller.enqueue(new Uint8Array(chunk));
      const end = () => {
        try {
          controller.close();
        } catch {
          // It was closed or broken before.
        }
      };
      socket.on("data", push);
      socket.on("close", end);
      socket.on("error", (error) => {
        try {
          controller.error(error);
        } catch {
          // As above.
        }
      });
    },
  });
  const writable = new WritableStream<Uint8Array>({
    write: (chunk) =>
      new Promise((done, failed) => {
        socket.write(chunk, (error) => (error ? failed(error) : done()));
      }),
  });
  return {
    readable,
    writable,
    startTls() {
      socket.off("data", push);
      // The server of a test signs its certificate itself.
      return lineOf(connectTls({ socket, rejectUnauthorized: false }));
    },
    close: async () => void socket.destroy(),
  };
}

export const nodeConnect: Connect = ({ hostname, port }, { secureTransport }) =>
  lineOf(
    secureTransport === "on"
      ? connectTls({ host: hostname, port, rejectUnauthorized: false })
      : connectPlain({ host: hostname, port }),
  );
