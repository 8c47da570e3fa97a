import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** One call as a receiver of webhooks sees it. */
export interface ReceivedCall {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** What it was answered. */
  readonly status: number;
}

/** A server that takes webhooks and answers with the given statuses in turn, the last one for ever. */
export async function startReceiver(...statuses: number[]) {
  const calls: ReceivedCall[] = [];
  let answers = statuses;
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (part: string) => (body += part));
    request.on("end", () => {
      const status = (answers.length > 1 ? answers.shift() : answers[0]) ?? 200;
      calls.push({ headers: request.headers, body, status });
      response.writeHead(status, status >= 300 && status < 400 ? { location: "http://127.0.0.1:1/" } : {}).end("ok");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    calls,
    /** Answers with these from now on. */
    answer: (...next: number[]) => {
      answers = next;
    },
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
