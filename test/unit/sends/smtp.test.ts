import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { openChannels } from "../../../src/sends/channels";
import { addressOf, encodedText, messageIdOf, mimeOf, stuffed } from "../../../src/sends/channels/mime";
import { resendEmail } from "../../../src/sends/channels/resend-email";
import { smtpEmail } from "../../../src/sends/channels/smtp-email";
import type { SmtpSettings } from "../../../src/sends/channels/smtp-lines";
import type { Channel, ChannelForOneCall, Outcome } from "../../../src/sends/message";
import { MINUTE } from "../../../src/shared/clock";
import { nodeConnect } from "../../support/node-socket";
import { startResendServer } from "../../support/resend-server.mjs";
import { type RunningSmtp, startSmtpServer } from "../../support/smtp-server.mjs";
import { Outbox } from "./outbox";
import { messageOf } from "./outgoing";

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function smtp(
  security: SmtpSettings["security"] = "none",
  change: Partial<SmtpSettings> = {},
): Promise<{ server: RunningSmtp; email: Channel }> {
  const server = await startSmtpServer({ security });
  open.push(server);
  const own = {
    host: "127.0.0.1",
    port: server.port,
    security,
    user: "relance",
    password: "secret",
    timeoutMs: 10_000,
  };
  return { server, email: smtpEmail({ ...own, ...change }, nodeConnect) };
}

/** What a mail program makes of a message. */
function read(raw: string): { headers: Map<string, string>; parts: { type: string; text: string }[] } {
  const [head = "", ...rest] = raw.split("\r\n\r\n");
  const words = (value: string) =>
    value
      .replace(/\r\n[ \t]+/g, " ")
      .replace(/\?= =\?/g, "?==?")
      .replace(/=\?UTF-8\?B\?([^?]*)\?=/g, (_, text: string) => Buffer.from(text, "base64").toString());
  const headers = new Map(
    head
      .replace(/\r\n[ \t]+/g, " ")
      .split("\r\n")
      .map((line): [string, string] => [
        line.slice(0, line.indexOf(":")).toLowerCase(),
        words(line.slice(line.indexOf(":") + 2)),
      ]),
  );
  const boundary = /boundary="([^"]+)"/.exec(headers.get("content-type") ?? "")?.[1];
  const body = rest.join("\r\n\r\n");
  const pieces = boundary === undefined ? [raw] : body.split(`--${boundary}`).slice(1, -1);
  const parts = pieces.map((piece) => {
    const [about = "", text = ""] = piece.trimStart().split("\r\n\r\n");
    return { type: /Content-Type: ([^;]+)/.exec(about)?.[1] ?? "", text: Buffer.from(text, "base64").toString() };
  });
  return { headers, parts };
}

/** A provider with its ledger, for what every one has to keep to. */
interface Provider {
  readonly email: Channel;
  readonly received: () => string[];
  readonly refuseNext: () => void;
  readonly breakBefore: () => void;
  readonly loseAnswer: () => void;
}

async function aResend(): Promise<Provider> {
  const server = await startResendServer();
  open.push(server);
  return {
    email: resendEmail({ apiKey: "re_test", baseUrl: server.url, timeoutMs: 1_000, callsPerSecond: 0 }),
    received: () => server.ledger.flatMap(({ to }) => to),
    refuseNext: () => void server.control({ script: [{ fault: "error_before", status: 503 }] }),
    breakBefore: () => void server.control({ script: ["reset_before"] }),
    loseAnswer: () => void server.control({ script: ["reset_after"] }),
  };
}

async function aMailServer(): Promise<Provider> {
  const { server, email } = await smtp();
  return {
    email,
    received: () => server.ledger.flatMap(({ to }) => to),
    refuseNext: () => server.fail({ at: "recipient", code: 451 }),
    breakBefore: () => server.fail({ at: "connect" }),
    loseAnswer: () => server.fail({ at: "content", what: "drop_after" }),
  };
}

describe.each([
  ["Resend", aResend],
  ["a mail server", aMailServer],
] as const)("the contract of an email provider, kept by %s", (_, start) => {
  it("accepts a message, says under which id, and has it once", async () => {
    const { email, received } = await start();
    const outcome = await email.send(messageOf());
    expect(outcome).toEqual({ state: "accepted", providerId: expect.stringMatching(/./) });
    expect(received()).toEqual(["camille@example.test"]);
  });

  it("has failed a message that is refused for what it is", async () => {
    const { email, received } = await start();
    expect(await email.send(messageOf({ to: "nobody" }))).toMatchObject({ state: "failed" });
    expect(received()).toEqual([]);
  });

  it.each([
    ["subject", { subject: "Hello\r\nBcc: all@x.test" }],
    ["subject", { subject: "Hello\nBcc: all@x.test" }],
    ["subject", { subject: "a".repeat(999) }],
    ["subject", { subject: "paid \u202egnp.exe" }],
    ["from", { from: "Shop\r\nBcc: all@x.test <a@shop.test>" }],
    ["reply-to", { replyTo: "a@shop.test\r\nBcc: all@x.test" }],
    ["to", { to: "ann@x.test\r\nBcc: all@x.test" }],
    ["list-unsubscribe", { headers: { "List-Unsubscribe": "<https://x>\r\nBcc: all@x.test" } }],
    ["name", { headers: { "X-Bad\r\nBcc": "all@x.test" } }],
  ])("G08 lets no %s leave that would end its header or hide another", async (name, change) => {
    const { email, received } = await start();
    expect(await email.send(messageOf(change))).toEqual({ state: "failed", reason: `header_invalid: ${name}` });
    expect(received()).toEqual([]);
  });

  it("asks to be called again where nothing went out for certain", async () => {
    const { email, received, refuseNext, breakBefore } = await start();
    refuseNext();
    expect(await email.send(messageOf())).toMatchObject({ state: "retry" });
    breakBefore();
    expect(await email.send(messageOf())).toMatchObject({ state: "retry" });
    expect(received()).toEqual([]);
    expect(await email.send(messageOf())).toMatchObject({ state: "accepted" });
  });

  it("reaches each person once through lost answers, refusals and crashes", async () => {
    const provider = await start();
    const outbox = new Outbox(provider.email);
    outbox.add(12, { class: "transactional" });
    let [random, crashes] = [7, 0];
    const draw = (of: number): number => {
      random = (random * 16_807) % 2_147_483_647;
      return random % of;
    };
    for (let turn = 0; turn < 60; turn++) {
      if (turn < 40) [provider.refuseNext, provider.breakBefore, provider.loseAnswer, () => undefined][draw(4)]?.();
      outbox.onWrite = () => {
        if (turn >= 40 || draw(4) > 0) return;
        crashes += 1;
        throw new Error("the process died");
      };
      await outbox.offer([`snd_${1 + (turn % 12)}`]).catch(() => undefined);
      outbox.now += 10 * MINUTE;
    }
    for (let turn = 0; turn < 3; turn++) {
      await outbox.offer();
      outbox.now += 70 * MINUTE;
    }
    const received = provider.received();
    expect(new Set(received).size).toBe(received.length);
    expect(crashes).toBeGreaterThan(0);
    for (const { state, row } of outbox.kept.values()) {
      expect([row.id, ["sent", "unknown"].includes(state)]).toEqual([row.id, true]);
      if (state === "sent") expect(received).toContain(row.address);
    }
  });
});

describe("email by submission to a mail server", () => {
  it.each(["starttls", "tls", "none"] as const)("signs in and hands over on a line that is %s", async (security) => {
    const { server, email } = await smtp(security);
    expect(await email.send(messageOf())).toMatchObject({ state: "accepted" });
    expect(server.ledger[0]).toMatchObject({
      user: "relance",
      secure: security !== "none",
      from: "bonjour@maison-lumen.test",
    });
  });

  it("says nothing on a line that cannot be made safe, whoever took the offer out", async () => {
    const { server } = await smtp("none");
    const settings = {
      host: "127.0.0.1",
      port: server.port,
      security: "starttls",
      user: "relance",
      password: "secret",
    } as const;
    const outcome = await smtpEmail({ ...settings, timeoutMs: 1_000 }, nodeConnect).send(messageOf());
    expect(outcome).toEqual({ state: "retry", reason: "smtp_tls", afterMs: null });
    expect([server.counters.signedIn, server.ledger.length]).toEqual([0, 0]);
  });

  it("waits as a whole where the password is refused, and loses nothing", async () => {
    const { server, email } = await smtp("none", { password: "wrong" });
    const outbox = new Outbox(email);
    outbox.add(3, { class: "transactional" });
    await outbox.offer();
    expect(outbox.states()).toEqual({ queued: 3 });
    expect(outbox.brake).toMatchObject({ reason: "smtp_auth", until: outbox.now + 5 * MINUTE });
    expect(server.counters.refused).toBeGreaterThan(0);
  });

  it("is never asked again for what may have gone out: the answer was lost, or nobody knows whether there was one", async () => {
    const { server, email } = await smtp();
    const outbox = new Outbox(email);
    outbox.add(2, { class: "transactional" });
    server.fail({ at: "content", what: "drop_after" });
    await outbox.offer(["snd_1"]);
    outbox.onWrite = () => {
      throw new Error("the process died");
    };
    await outbox.offer(["snd_2"]).catch(() => undefined);
    outbox.onWrite = () => undefined;
    for (let turn = 0; turn < 3; turn++) {
      outbox.now += 10 * MINUTE;
      await outbox.offer();
    }
    expect(outbox.states()).toEqual({ unknown: 2 });
    expect([...outbox.kept.values()].map(({ row }) => row.reason)).toEqual(["smtp_answer_lost", "answer_lost"]);
    expect(server.ledger.map(({ to }) => to[0])).toEqual(["to-1@x.test", "to-2@x.test"]);
  });

  it("is unknown where the server does not answer behind the last dot, and certain where it refuses there", async () => {
    const { server, email } = await smtp("none", { timeoutMs: 300 });
    server.fail({ at: "content", what: "stall" });
    expect(await email.send(messageOf())).toEqual({ state: "unknown", reason: "smtp_answer_lost" });
    server.fail({ at: "content", what: "refuse", code: 452 });
    expect(await email.send(messageOf())).toEqual({ state: "retry", reason: "smtp_refused", afterMs: null });
    server.fail({ at: "content", what: "refuse", code: 554 });
    expect(await email.send(messageOf())).toEqual({ state: "failed", reason: "smtp_rejected" });
  });

  it("survives a server that is none", async () => {
    for (const answer of ["HTTP/1.1 400 Bad Request\r\n\r\n", "220", "x".repeat(100_000), "999 ?\r\n", ""]) {
      const http = createServer((socket) => {
        socket.on("error", () => undefined);
        socket.end(answer);
      });
      await new Promise<void>((done) => http.listen(0, "127.0.0.1", done));
      open.push({ close: () => new Promise((done) => http.close(() => done())) });
      const { port } = http.address() as { port: number };
      const email = smtpEmail({ host: "127.0.0.1", port, security: "none", timeoutMs: 300 }, nodeConnect);
      expect(await email.send(messageOf())).toMatchObject({ state: "retry" });
    }
    const nowhere = smtpEmail({ host: "127.0.0.1", port: 1, security: "none", timeoutMs: 300 }, nodeConnect);
    expect(await nowhere.send(messageOf())).toEqual({ state: "retry", reason: "smtp_connect", afterMs: null });
  });

  it("writes a message that mail programs read: text and HTML, one-click unsubscribe, names of any alphabet", async () => {
    const { server, email } = await smtp();
    const message = messageOf({
      subject: "Votre panier vous attend, Zoé ✨ — et il y a de quoi se réjouir en ce début d’année",
      from: "Maison Lumen, dépôt <bonjour@maison-lumen.test>",
      replyTo: '"Service, clients" <service@maison-lumen.test>',
      text: ".commence par un point\n..deux\nfin\n.",
      html: `<p>Été</p>\n.\n${"long ".repeat(500)}`,
    });
    await email.send(message);
    const raw = server.ledger[0]?.raw ?? "";
    const { headers, parts } = read(raw);
    expect(headers.get("subject")).toBe(message.subject);
    expect(headers.get("from")).toBe(message.from);
    expect(headers.get("reply-to")).toBe(message.replyTo);
    expect(headers.get("message-id")).toBe("<send_1@maison-lumen.test>");
    expect(headers.get("list-unsubscribe")).toBe("<https://go.test/u/x>");
    expect(headers.get("list-unsubscribe-post")).toBe("List-Unsubscribe=One-Click");
    expect(headers.get("date")).toBe("Fri, 15 Jan 2027 08:00:00 +0000");
    expect(parts.map(({ type }) => type)).toEqual(["text/plain", "text/html"]);
    expect(parts[0]?.text).toBe(".commence par un point\r\n..deux\r\nfin\r\n.");
    expect(parts[1]?.text).toBe(message.html.replaceAll("\n", "\r\n"));
    for (const line of raw.split("\r\n")) expect(line.length).toBeLessThanOrEqual(998);
    expect(raw.split("").filter((letter) => letter > "~")).toEqual([]);
  });
});

describe("the messages of one queue call", () => {
  const transactional = { class: "transactional" } as const;

  it("share lines: RSET between two of them, QUIT at the end, and no more lines than a Worker may have", async () => {
    const { server, email } = await smtp();
    const outbox = new Outbox(email);
    outbox.add(40, transactional);
    await outbox.offer();
    expect(outbox.states()).toEqual({ sent: 40 });
    expect(new Set(server.ledger.flatMap(({ to }) => to)).size).toBe(40);
    const { connections, signedIn, resets, quits } = server.counters;
    expect(server.lines.most).toBeLessThanOrEqual(5);
    expect(signedIn).toBe(connections);
    // Every message but the first of a line finds one that it has been reset for.
    expect(resets).toBe(40 - connections);
    expect(quits).toBe(connections);
  });

  it("go on over the line on which another was refused, whatever had been said of that", async () => {
    const { server, email } = await smtp();
    const channel = email.forOneCall?.() as ChannelForOneCall;
    server.fail({ at: "recipient", code: 451 }, { at: "content", what: "refuse", code: 554 });
    const outcomes: Outcome[] = [];
    for (const id of ["a", "b", "c"]) outcomes.push(await channel.send(messageOf({ id, to: `${id}@x.test` })));
    await channel.close();
    expect(outcomes.map(({ state }) => state)).toEqual(["retry", "failed", "accepted"]);
    expect([server.counters.connections, server.counters.resets]).toEqual([1, 2]);
    expect(server.ledger.map(({ to }) => to)).toEqual([["c@x.test"]]);
  });

  it("find a new line where the server has ended the old one, and none of them is lost or sent twice", async () => {
    const { server, email } = await smtp();
    const channel = email.forOneCall?.() as ChannelForOneCall;
    expect(await channel.send(messageOf({ id: "a" }))).toMatchObject({ state: "accepted" });
    server.hangUp();
    expect(await channel.send(messageOf({ id: "b" }))).toMatchObject({ state: "accepted" });
    server.fail({ at: "content", what: "drop_before" });
    expect(await channel.send(messageOf({ id: "c" }))).toEqual({ state: "unknown", reason: "smtp_answer_lost" });
    expect(await channel.send(messageOf({ id: "d" }))).toMatchObject({ state: "accepted" });
    await channel.close();
    expect(server.ledger.map(({ raw }) => /Message-ID: <(\w)@/.exec(raw)?.[1])).toEqual(["a", "b", "d"]);
    expect(server.counters.connections).toBe(3);
  });

  it("say `unknown` only of the one whose answer was lost", async () => {
    const { server, email } = await smtp();
    const outbox = new Outbox(email);
    outbox.add(6, transactional);
    server.fail({ at: "content", what: "drop_after" });
    await outbox.offer();
    for (let turn = 0; turn < 3; turn++) {
      outbox.now += 10 * MINUTE;
      await outbox.offer();
    }
    const received = server.ledger.flatMap(({ to }) => to);
    expect(new Set(received).size).toBe(received.length);
    // Lines break together here: whoever was between DATA and its answer is unknown, and nobody else.
    const { sent = 0, unknown = 0 } = outbox.states();
    expect(sent + unknown).toBe(6);
    expect(unknown).toBeGreaterThan(0);
    for (const { state, row } of outbox.kept.values()) if (state === "sent") expect(received).toContain(row.address);
  });

  it("are content with as many lines as the server takes", async () => {
    const server = await startSmtpServer({ security: "none", mostLines: 2 });
    open.push(server);
    const settings = { host: "127.0.0.1", port: server.port, security: "none", timeoutMs: 10_000 } as const;
    const outbox = new Outbox(smtpEmail({ ...settings, user: "relance", password: "secret" }, nodeConnect));
    outbox.add(12, transactional);
    await outbox.offer();
    expect(outbox.states()).toEqual({ sent: 12 });
  });

  it("ask once for a line that cannot be had, and all wait", async () => {
    const { server, email } = await smtp("none", { password: "wrong" });
    const outbox = new Outbox(email);
    outbox.add(20, transactional);
    await outbox.offer();
    expect([outbox.states(), server.counters.refused]).toEqual([{ queued: 20 }, 1]);
  });
});

describe("the parts of a message", () => {
  it("stuffs every line that begins with a dot, and ends with one alone (RFC 5321)", () => {
    expect(stuffed("a\r\n.b\r\n..c\r\n.")).toBe("a\r\n..b\r\n...c\r\n..\r\n.\r\n");
    expect(stuffed(".\r\n")).toBe("..\r\n.\r\n");
  });

  it("leaves ASCII as it is and cuts no character in two (RFC 2047)", () => {
    expect(encodedText("Hello, Ann!")).toBe("Hello, Ann!");
    expect(encodedText("=?UTF-8?B?eA==?=")).not.toBe("=?UTF-8?B?eA==?=");
    const words = encodedText("👩‍👩‍👧‍👦".repeat(20)).split("\r\n ");
    for (const word of words) {
      expect(word.length).toBeLessThanOrEqual(75);
      expect(Buffer.from(/\?B\?(.*)\?=/.exec(word)?.[1] ?? "", "base64").toString()).not.toContain("\ufffd");
    }
  });

  it("has one Message-ID for a send, for ever", () => {
    expect(messageIdOf(messageOf())).toBe(messageIdOf(messageOf({ subject: "Other", sentAt: 1 })));
    expect(messageIdOf(messageOf({ id: "send_2" }))).not.toBe(messageIdOf(messageOf()));
    expect(addressOf("Ann <ann@x.test>")).toBe("ann@x.test");
    expect(mimeOf(messageOf({ html: "" }))).toContain("Content-Type: text/plain");
  });
});

it("a mail server is chosen by its settings, and none takes a password in clear from afar", async () => {
  const { server } = await smtp("none");
  const named = {
    SMTP_HOST: "127.0.0.1",
    SMTP_PORT: String(server.port),
    SMTP_SECURITY: "none",
    RESEND_API_KEY: "re_x",
  };
  const { email } = openChannels({ ...named, SMTP_USER: "relance", SMTP_PASSWORD: "secret" }, null, nodeConnect);
  expect(await email.send(messageOf())).toMatchObject({ state: "accepted" });
  expect(() => openChannels({ ...named, SMTP_HOST: "mail.shop.test" }, null, nodeConnect)).toThrow("this machine only");
  expect(() => openChannels({ ...named, SMTP_PORT: "0" }, null, nodeConnect)).toThrow();
});
