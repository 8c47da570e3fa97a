import { OWN_PACE } from "../brake";
import type { Channel, ChannelForOneCall, Outcome, OutgoingMessage } from "../message";
import { wrongHeader } from "../sender";
import { addressOf, mimeOf, stuffed } from "./mime";
import type { SmtpSettings } from "./smtp-lines";
import { NoLine, SmtpLines } from "./smtp-lines";
import type { Connect, Reply, SmtpSession } from "./smtp-session";
import { SmtpFault } from "./smtp-session";

/** A wrong password is mended by a person, a busy server by itself. */
const AUTH_MS = 5 * 60_000;
const BUSY_MS = 60_000;

function retry(reason: string, afterMs: number | null = null): Outcome {
  return { state: "retry", reason, afterMs };
}

/** What a refusal means before the message itself was handed over: nothing has gone out, and that is certain. */
function refused({ code }: Reply, step: string): Outcome {
  if (step === "auth") return retry("smtp_auth", AUTH_MS);
  if (code === 421 || code === 454) return retry(`smtp_${code}`, BUSY_MS);
  // What it says before it was told of the message is not about the message.
  if (step === "connect") return retry("smtp_refused");
  return code >= 500 ? { state: "failed", reason: "smtp_rejected" } : retry("smtp_refused");
}

/**
 * Email by submission to a mail server (RFC 6409). SMTP knows no idempotency keys: until the message's last dot has left, a
 * failure is certain and the message may be repeated; from then on, only the server's own word counts, and without one it is
 * `unknown` and never repeated. Its Message-ID follows from the send, so that a webhook or a person can tell copies apart.
 */
export function smtpEmail(settings: SmtpSettings, connect: Connect): Channel {
  const { callsPerSecond = 0 } = settings;
  const forOneCall = (): ChannelForOneCall => {
    const lines = new SmtpLines(settings, connect);
    return { ...about, send: (message) => submit(message, lines), close: () => lines.close() };
  };
  const about = { key: "email", asksOnce: true, callsPerSecond };
  return {
    ...about,
    forOneCall,
    async send(message: OutgoingMessage): Promise<Outcome> {
      const channel = forOneCall();
      try {
        return await channel.send(message);
      } finally {
        await channel.close();
      }
    },
  };
}

function isPlain(address: string): boolean {
  return /^[^\s<>\p{Cc}]{1,64}@[^\s<>@\p{Cc}]{1,255}$/u.test(address);
}

async function submit(message: OutgoingMessage, lines: SmtpLines): Promise<Outcome> {
  const wrong = wrongHeader(message);
  if (wrong !== null) return { state: "failed", reason: `header_invalid: ${wrong}` };
  // A space or a bracket would end the address and begin an option of the command.
  if (!isPlain(message.to) || !isPlain(addressOf(message.from))) return { state: "failed", reason: "smtp_rejected" };
  let session: SmtpSession;
  try {
    session = await lines.take();
  } catch (error) {
    return noLine(error);
  }
  const { outcome, isOver } = await handOver(message, session);
  if (isOver) await lines.drop(session);
  else lines.give(session);
  return outcome;
}

/** Why there is no line: no message was spoken of, so that each may be repeated. */
function noLine(error: unknown): Outcome {
  const { step, fault } = error instanceof NoLine ? error : new NoLine("connect", error);
  if (step === "busy") return retry(OWN_PACE);
  if (!(fault instanceof SmtpFault)) return retry("smtp_connect");
  return fault.reply ? refused(fault.reply, step) : retry(fault.isUnsafe ? "smtp_tls" : "smtp_connect");
}

/** Says a message on a line; `isOver` where the line carries no other. */
async function handOver(
  message: OutgoingMessage,
  session: SmtpSession,
): Promise<{ readonly outcome: Outcome; readonly isOver: boolean }> {
  let isHandedOver = false;
  try {
    const options = needsUtf8(message) ? " SMTPUTF8" : "";
    await session.ask(`MAIL FROM:<${addressOf(message.from)}>${options}`, 250);
    await session.ask(`RCPT TO:<${message.to}>`, 250, 251);
    await session.ask("DATA", 354);
    const text = stuffed(mimeOf(message));
    isHandedOver = true;
    const reply = await session.say(text);
    const providerId = reply.text.slice(0, 200) || `smtp_${message.id}`;
    if (reply.code === 250) return { outcome: { state: "accepted", providerId }, isOver: false };
    return { outcome: refused(reply, "content"), isOver: reply.code === 421 };
  } catch (error) {
    // What the server says is an answer, and the line goes on; without one nobody knows where it is.
    if (error instanceof SmtpFault && error.reply)
      return { outcome: refused(error.reply, "envelope"), isOver: error.reply.code === 421 };
    const lost: Outcome = { state: "unknown", reason: "smtp_answer_lost" };
    return { outcome: isHandedOver ? lost : retry("smtp_connect"), isOver: true };
  }
}

function needsUtf8({ to, from }: OutgoingMessage): boolean {
  return !/^[\x20-\x7e]*$/.test(to + addressOf(from));
}
