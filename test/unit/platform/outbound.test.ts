import type { RequestListener } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { OutboundPorts } from "../../../src/platform/outbound";
import { fetchOutbound } from "../../../src/platform/outbound";

const running: { close: () => void }[] = [];
afterEach(() => {
  for (const server of running.splice(0)) server.close();
});

/** A server on loopback; its address, and how many connections it still holds. */
async function serve(answer: RequestListener) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  running.push({
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const ports = (change: Partial<OutboundPorts> = {}): OutboundPorts => ({
  fetch: (...args) => fetch(...args),
  policy: { isLocal: true, hosts: [] },
  timeMs: 20_000,
  bytes: 64 * 1024,
  ...change,
});

/** Asks and reads to the end. */
async function ask(url: string, change: Partial<OutboundPorts> = {}): Promise<string> {
  const answer = await fetchOutbound(url, {}, ports(change));
  return `${answer.status} ${await new Response(answer.body).text()}`;
}

describe("a request to an address that somebody typed", () => {
  it("brings status, headers and content", async () => {
    const url = await serve((_, response) => response.writeHead(404, { ETag: '"a"' }).end("nothing"));
    expect(await ask(url)).toBe("404 nothing");
    const { headers } = await fetchOutbound(url, {}, ports());
    expect(headers.get("ETag")).toBe('"a"');
  });

  it("takes a 304 as an answer", async () => {
    const url = await serve((request, response) =>
      response.writeHead(request.headers["if-none-match"] === '"a"' ? 304 : 200).end(),
    );
    const { status } = await fetchOutbound(url, { headers: { "If-None-Match": '"a"' } }, ports());
    expect(status).toBe(304);
  });

  it("F04: a redirect is a failure and is not followed", async () => {
    let followed = 0;
    const inner = await serve((_, response) => {
      followed += 1;
      response.end("secret");
    });
    for (const status of [301, 302, 303, 307, 308]) {
      const url = await serve((_, response) => response.writeHead(status, { Location: inner }).end());
      await expect(ask(url)).rejects.toMatchObject({ name: "OutboundFailure", reason: "redirect" });
    }
    expect(followed).toBe(0);
  });

  it("F05: the list of hosts is asked again at every request", async () => {
    let asked = 0;
    const change = {
      policy: { isLocal: false, hosts: ["feeds.shop.test"] },
      fetch: async () => {
        asked += 1;
        return new Response("here");
      },
    };
    expect(await ask("https://feeds.shop.test/", change)).toBe("200 here");
    await expect(ask("https://taken-off.test/", change)).rejects.toMatchObject({ reason: "refused" });
    await expect(ask("http://127.0.0.1/", change)).rejects.toMatchObject({ reason: "refused" });
    expect(asked).toBe(1);
  });

  describe("F08: what never ends is broken off", () => {
    it("one byte after the other, for ever", async () => {
      let closed = false;
      const url = await serve((_, response) => {
        response.writeHead(200);
        const drip = setInterval(() => response.write("a"), 5);
        response.on("close", () => {
          clearInterval(drip);
          closed = true;
        });
      });
      await expect(ask(url, { timeMs: 100 })).rejects.toMatchObject({ reason: "timeout" });
      await expect.poll(() => closed).toBe(true);
    });

    it("headers that never come", async () => {
      const url = await serve(() => undefined);
      await expect(ask(url, { timeMs: 50 })).rejects.toMatchObject({ reason: "timeout" });
    });

    it("a fetch that does not listen to its signal", async () => {
      const deaf = (): Promise<Response> => new Promise(() => undefined);
      await expect(ask("http://127.0.0.1/", { timeMs: 20, fetch: deaf })).rejects.toMatchObject({ reason: "timeout" });
    });

    it("more than the limit, said beforehand or not", async () => {
      let written = 0;
      let closed = false;
      const block = Buffer.alloc(16 * 1024, "a");
      const endless = await serve((_, response) => {
        const write = (): void => {
          while (!closed && response.write(block)) written += block.length;
        };
        response.on("drain", write).on("close", () => {
          closed = true;
        });
        write();
      });
      await expect(ask(endless)).rejects.toMatchObject({ reason: "too-large" });
      await expect.poll(() => closed).toBe(true);
      expect(written).toBeLessThan(64 * 1024 * 1024);
      const honest = await serve((_, response) =>
        response.writeHead(200, { "Content-Length": 2 ** 30 }).flushHeaders(),
      );
      await expect(ask(honest)).rejects.toMatchObject({ reason: "too-large" });
    });

    it("a small content that inflates to a large one", async () => {
      const { gzipSync } = await import("node:zlib");
      const bomb = gzipSync(Buffer.alloc(10 * 1024 * 1024));
      const url = await serve((_, response) => response.writeHead(200, { "Content-Encoding": "gzip" }).end(bomb));
      await expect(ask(url)).rejects.toMatchObject({ reason: "too-large" });
    });
  });

  it("fails with words of ours where it breaks off, or nobody answers", async () => {
    const half = await serve((_, response) => {
      response.writeHead(200, { "Content-Length": 10 }).write("half");
      setTimeout(() => response.destroy(), 5);
    });
    await expect(ask(half)).rejects.toMatchObject({ reason: "broken-off" });
    await expect(ask("http://127.0.0.1:1/")).rejects.toMatchObject({ reason: "unreachable" });
  });
});
