import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A shop's server with one feed, whose answer can be changed between two fetches. */
export async function serveFeed() {
  let answer: Answer = (_, response) => response.writeHead(404).end();
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed.xml`,
    /** Requests so far. */
    asked,
    answerWith(next: Answer): void {
      answer = next;
    },
    /** Answers with a text, and with 304 to who has it already. */
    serve(text: string | Buffer, headers: Record<string, string> = {}): void {
      answer = (request, response) => {
        if (headers["ETag"] !== undefined && request.headers["if-none-match"] === headers["ETag"]) {
          response.writeHead(304).end();
        } else response.writeHead(200, { "Content-Type": "application/xml", ...headers }).end(text);
      };
    },
    async stop(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A feed in Google's RSS out of items, each a record of Google's fields. */
export function rssFeed(items: readonly Readonly<Record<string, string>>[]): string {
  const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const item = (fields: Readonly<Record<string, string>>): string =>
    `<item>${Object.entries(fields)
      .map(([name, value]) => `<g:${name}>${escaped(value)}</g:${name}>`)
      .join("")}</item>`;
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel>' +
    `<title>Shop</title>\n${items.map(item).join("\n")}\n</channel></rss>`
  );
}
