import type { Connect } from "./smtp-session";
import { SmtpFault, SmtpSession } from "./smtp-session";

export interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  /** `starttls`: the line is made safe before anything is said; `tls`: it is from the start; `none`: on one's own machine. */
  readonly security: "starttls" | "tls" | "none";
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** What we call ourselves. */
  readonly helo?: string | undefined;
  /** Milliseconds for one answer. */
  readonly timeoutMs?: number | undefined;
  /** Messages a second; 0 for as many as there are. */
  readonly callsPerSecond?: number | undefined;
}

const TIMEOUT_MS = 15_000;
/** A Worker has six connections at a time; one is left for everything else. */
const MOST_LINES = 5;
/** A claim holds for a minute: what could not be begun by then is offered again. */
const BUDGET_MS = 30_000;

/** Why no line could be had: nothing was said of any message, and that is certain. */
export class NoLine extends Error {
  constructor(
    readonly step: "connect" | "auth" | "busy",
    readonly fault: unknown = null,
  ) {
    super(`no line to the mail server: ${step}`);
  }
}

/**
 * The lines to a mail server that the messages of one queue call share. Each carries one message after the other, with RSET
 * between them, which also tells whether it is still there; QUIT ends it. The first is opened alone: where it cannot be, a
 * wrong password is not tried again for each message, and a server that is away keeps nobody waiting twice.
 */
export class SmtpLines {
  private readonly idle: SmtpSession[] = [];
  private readonly waiting: (() => void)[] = [];
  private readonly late: ReturnType<typeof setTimeout>;
  private isLate = false;
  private isProven = false;
  private failure: NoLine | null = null;
  private count = 0;
  private most = MOST_LINES;

  constructor(
    private readonly settings: SmtpSettings,
    private readonly connect: Connect,
  ) {
    this.late = setTimeout(() => {
      this.isLate = true;
      for (const go of this.waiting.splice(0)) go();
    }, BUDGET_MS);
  }

  /** A line on which nothing is under way; throws NoLine. */
  async take(): Promise<SmtpSession> {
    for (;;) {
      if (this.failure) throw this.failure;
      if (this.isLate) throw new NoLine("busy");
      const known = this.idle.pop();
      if (known) {
        if (await this.isThere(known)) return known;
        await this.drop(known);
      } else if (this.count < this.most && (this.isProven || this.count === 0)) {
        const fresh = await this.open();
        if (fresh) return fresh;
      } else await new Promise<void>((go) => this.waiting.push(go));
    }
  }

  /** A line goes back on which a message came to its end, whatever that was. */
  give(session: SmtpSession): void {
    this.idle.push(session);
    this.waiting.shift()?.();
  }

  /** A line that is broken, or that the server ends, carries nothing more. */
  async drop(session: SmtpSession): Promise<void> {
    this.count--;
    await session.close();
    this.waiting.shift()?.();
  }

  /** Takes leave on every line. What comes of it changes nothing. */
  async close(): Promise<void> {
    clearTimeout(this.late);
    await Promise.all(
      this.idle.splice(0).map(async (session) => {
        await session.quit();
        await session.close();
      }),
    );
  }

  private async isThere(session: SmtpSession): Promise<boolean> {
    return session.ask("RSET", 250).then(
      () => true,
      () => false,
    );
  }

  /** Null where the server takes no more lines than there are: one of those will be free. */
  private async open(): Promise<SmtpSession | null> {
    this.count++;
    const { helo = "relance.local", user, password, timeoutMs = TIMEOUT_MS } = this.settings;
    const session = new SmtpSession(this.settings, this.connect, timeoutMs);
    let step: NoLine["step"] = "connect";
    try {
      await session.open(helo);
      step = "auth";
      if (user !== undefined && password !== undefined) await session.authenticate(user, password);
    } catch (error) {
      this.count--;
      await session.close();
      this.most = Math.max(1, this.count);
      if (this.count > 0) return null;
      // A password that the server refuses, and a line that breaks while it is asked for, are two things.
      const isRefused = step === "auth" && error instanceof SmtpFault && error.reply !== null;
      this.failure = new NoLine(isRefused ? "auth" : "connect", error);
      for (const go of this.waiting.splice(0)) go();
      throw this.failure;
    }
    this.isProven = true;
    for (const go of this.waiting.splice(0)) go();
    return session;
  }
}
