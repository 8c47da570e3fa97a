import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A call as it came, by the path that says how it was answered. */
export interface FaultyCall {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/**
 * A receiver of webhooks with a fault at each path: `/ok` takes them, `/500` never does, `/302` sends them elsewhere, `/slow`
 * answers a byte a second, `/huge` a gigabyte, `/held` nothing until it is told to.
 */
export async function startFaultyReceiver() {
  const calls: FaultyCall[] = [];
  const sent = { huge: 0, closed: 0 };
  const statuses: Record<string, number> = {};
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (part: string) => (body += part));
    response.on("close", () => sent.closed++);
    request.on("end", () => {
      calls.push({ path, headers: request.headers, body });
      const status = statuses[path] ?? Number(/^\/(\d{3})/.exec(path)?.[1] ?? 200);
      if (path === "/slow") {
        response.socket?.write("HTTP/1.1 200 OK\r\nx-slow: ");
        const drip = setInterval(() => response.socket?.write("a"), 1_000);
        response.socket?.on("close", () => clearInterval(drip));
        response.socket?.on("error", () => undefined);
        return;
      }
      if (path === "/held" && statuses[path] === undefined) return;
      if (path === "/huge") {
        response.writeHead(200, { "content-length": String(2 ** 30) });
        const more = (): void => {
          sent.huge += 65_536;
          if (sent.huge < 2 ** 30) response.write(Buffer.alloc(65_536), (error) => error ?? more());
        };
        return more();
      }
      response.writeHead(status, status === 302 ? { location: "/ok?from=302" } : {}).end("ok");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    sent,
    callsTo: (path: string) => calls.filter((call) => call.path === path),
    /** Answers a path with this status from now on. */
    answer: (path: string, status: number) => {
      statuses[path] = status;
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
