// Who a mail is from, and to whom it is answered: by what it is for, and never by what is known of its reader (G09).
import { afterEach, describe, expect, it } from "vitest";
import type { MessageClass } from "../../../src/decisions/question";
import { resendEmail } from "../../../src/sends/channels/resend-email";
import { smtpEmail } from "../../../src/sends/channels/smtp-email";
import type { Channel } from "../../../src/sends/message";
import { senderOf } from "../../../src/sends/sender";
import { nodeConnect } from "../../support/node-socket";
import { startResendServer } from "../../support/resend-server.mjs";
import { startSmtpServer } from "../../support/smtp-server.mjs";
import { Outbox } from "./outbox";

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

const SENDERS = {
  emailFrom: "Shop <news@mail.shop.test>",
  emailFromTransactional: "Shop orders <orders@tx.shop.test>",
  emailFromNotice: "Shop service <service@info.shop.test>",
  emailReplyTo: "care@shop.test",
};
const CLASSES = ["marketing", "transactional", "service"] as const;

interface Taken {
  readonly to: string;
  readonly from: string;
}

async function resend(): Promise<{ email: Channel; taken: () => Taken[] }> {
  const server = await startResendServer();
  open.push(server);
  const email = resendEmail({ apiKey: "re_test", baseUrl: server.url, callsPerSecond: 0 });
  return { email, taken: () => server.ledger.map(({ to, from }) => ({ to: to[0] ?? "", from })) };
}

async function mailServer() {
  const server = await startSmtpServer({ security: "none" });
  open.push(server);
  const settings = { host: "127.0.0.1", port: server.port, security: "none", user: "relance" } as const;
  const email = smtpEmail({ ...settings, password: "secret" }, nodeConnect);
  const header = (raw: string, name: string): string => new RegExp(`^${name}: (.*)\r$`, "m").exec(raw)?.[1] ?? "";
  const taken = () =>
    server.ledger.map(({ to, from, raw }) => {
      const shown = header(raw, "From");
      return {
        to: to[0] ?? "",
        from: shown,
        envelope: from,
        reply: header(raw, "Reply-To"),
        head: raw.split("\r\n\r\n")[0],
      };
    });
  return { email, taken };
}

/** What somebody may be called who wants to write in another's name. */
const EVIL = {
  language: "en",
  contact: { first_name: "Ann <ceo@bank.test>\r\nReply-To: ceo@bank.test", last_name: "From: ceo@bank.test" },
  told: {
    from: "ceo@bank.test",
    reply_to: "ceo@bank.test",
    email_from: "ceo@bank.test",
    emailReplyTo: "ceo@bank.test",
  },
  from: "ceo@bank.test",
  replyTo: "ceo@bank.test",
  cart: null,
  order: null,
  tracking: false,
};

describe.each([
  ["Resend", resend],
  ["a mail server", mailServer],
] as const)("the sender of a mail through %s", (_, start) => {
  it("is that of its purpose, each on its own subdomain", async () => {
    const { email, taken } = await start();
    const outbox = new Outbox(email);
    outbox.senders = SENDERS;
    const ids = CLASSES.flatMap((kind) => outbox.add(1, { class: kind }));
    await outbox.offer();
    expect(outbox.states()).toEqual({ sent: 3 });
    const byAddress = new Map(taken().map(({ to, from }) => [to, from]));
    const written = ids.map((id) => byAddress.get(outbox.kept.get(id)?.row.address ?? ""));
    expect(written).toEqual([SENDERS.emailFrom, SENDERS.emailFromTransactional, SENDERS.emailFromNotice]);
  });

  it("is one and the same where the shop names no other", async () => {
    const { email, taken } = await start();
    const outbox = new Outbox(email);
    outbox.senders = { emailFromTransactional: "", emailFromNotice: "", emailReplyTo: "" };
    for (const kind of CLASSES) outbox.add(1, { class: kind });
    await outbox.offer();
    expect(new Set(taken().map(({ from }) => from))).toEqual(new Set(["Shop <a@shop.test>"]));
  });

  it("G09 is nothing that the reader's own data could say", async () => {
    const { email, taken } = await start();
    const outbox = new Outbox(email);
    outbox.senders = SENDERS;
    for (const kind of CLASSES) outbox.add(1, { class: kind, data: JSON.stringify(EVIL) });
    await outbox.offer();
    expect(outbox.states()).toEqual({ sent: 3 });
    expect(
      taken()
        .map(({ from }) => from)
        .join(),
    ).not.toContain("bank.test");
  });
});

it("the envelope of a submitted mail is its purpose's as well, answers go to the shop, and no name adds a header (G08, G09)", async () => {
  const { email, taken } = await mailServer();
  const outbox = new Outbox(email);
  outbox.senders = SENDERS;
  for (const kind of CLASSES) outbox.add(1, { class: kind, data: JSON.stringify(EVIL) });
  await outbox.offer();
  const mails = taken();
  expect(mails.map(({ envelope }) => envelope).sort()).toEqual([
    "news@mail.shop.test",
    "orders@tx.shop.test",
    "service@info.shop.test",
  ]);
  expect(mails.map(({ reply }) => reply)).toEqual(Array(3).fill("<care@shop.test>"));
  for (const { head } of mails) expect(head).not.toContain("bank.test");
});

it("a class that has no sender of its own is the shop's, whatever it is called", () => {
  for (const name of ["", "constructor", "__proto__", "toString", "acquisition"])
    expect(senderOf(SENDERS, name as MessageClass)).toEqual({ from: SENDERS.emailFrom, replyTo: SENDERS.emailReplyTo });
});
