/** As much of a socket as a session uses: Workers' own, or another with the same shape. */
export interface Line {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
  startTls(): Line;
  close(): Promise<void>;
}

/** Opens a line to a mail server. */
export type Connect = (
  address: { readonly hostname: string; readonly port: number },
  options: { readonly secureTransport: "on" | "off" | "starttls"; readonly allowHalfOpen: boolean },
) => Line | Promise<Line>;

/** What a server says: the code, and the text of its last line. */
export interface Reply {
  readonly code: number;
  readonly text: string;
}

/** What keeps a session from going on: the server's refusal, or a line that is not safe. */
export class SmtpFault extends Error {
  constructor(
    readonly reply: Reply | null,
    readonly isUnsafe = false,
  ) {
    super(reply ? `the server said ${reply.code}` : "the line is not what was asked for");
  }
}

/** A server that sends without end is no mail server. */
const LONGEST_REPLY = 64 * 1024;
const encoder = new TextEncoder();

interface Target {
  readonly host: string;
  readonly port: number;
  readonly security: "starttls" | "tls" | "none";
}

/** One conversation with a mail server (RFC 5321). Every step waits for its answer, and none longer than is allowed. */
export class SmtpSession {
  private line: Line | null = null;
  private reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  private writer: WritableStreamDefaultWriter<Uint8Array> | null = null;
  private heard = "";
  private decoder = new TextDecoder();
  private offers: readonly string[] = [];

  constructor(
    private readonly target: Target,
    private readonly connect: Connect,
    private readonly timeoutMs: number,
  ) {}

  /** Connects, greets and makes the line safe; throws where it cannot be. */
  async open(helo: string): Promise<void> {
    const { host: hostname, port, security } = this.target;
    const secureTransport = security === "tls" ? "on" : security === "starttls" ? "starttls" : "off";
    this.use(await this.connect({ hostname, port }, { secureTransport, allowHalfOpen: false }));
    this.expect(await this.reply(), 220);
    await this.greet(helo);
    if (security !== "starttls") return;
    // Whoever stands between could take the offer out: without it nothing is said.
    if (!this.offers.includes("STARTTLS")) throw new SmtpFault(null, true);
    await this.ask("STARTTLS", 220);
    // What was sent in clear behind the answer is nobody's word.
    this.heard = "";
    this.release();
    if (this.line) this.use(this.line.startTls());
    await this.greet(helo);
  }

  private async greet(helo: string): Promise<void> {
    const lines: string[] = [];
    this.expect(await this.say(`EHLO ${helo}\r\n`, lines), 250);
    this.offers = lines.map((line) => line.toUpperCase());
  }

  /** Signs in by PLAIN, or by LOGIN where the server knows nothing else. */
  async authenticate(user: string, password: string): Promise<void> {
    const known = this.offers.find((line) => line.startsWith("AUTH")) ?? "";
    if (known.includes("PLAIN") || !known.includes("LOGIN")) {
      await this.ask(`AUTH PLAIN ${base64(`\0${user}\0${password}`)}`, 235);
      return;
    }
    await this.ask("AUTH LOGIN", 334);
    await this.ask(base64(user), 334);
    await this.ask(base64(password), 235);
  }

  /** Says a line, and throws unless the answer is one of these codes. */
  async ask(command: string, ...codes: readonly number[]): Promise<Reply> {
    return this.expect(await this.say(`${command}\r\n`), ...codes);
  }

  /** Says something and gives back the answer, whatever it is. */
  async say(text: string, lines: string[] = []): Promise<Reply> {
    if (!this.writer) throw new SmtpFault(null);
    await this.intime(this.writer.write(encoder.encode(text)));
    return this.reply(lines);
  }

  /** Takes leave. What comes of it changes nothing. */
  async quit(): Promise<void> {
    await this.say("QUIT\r\n").catch(() => undefined);
  }

  async close(): Promise<void> {
    this.release();
    await this.line?.close().catch(() => undefined);
  }

  private use(line: Line): void {
    this.line = line;
    this.reader = line.readable.getReader();
    this.writer = line.writable.getWriter();
    this.decoder = new TextDecoder();
    // A line that breaks is told of by the step that waits on it.
    this.reader.closed.catch(() => undefined);
    this.writer.closed.catch(() => undefined);
  }

  private release(): void {
    try {
      this.reader?.releaseLock();
      this.writer?.releaseLock();
    } catch {
      // Something is still under way on a line that is given up.
    }
    this.reader = null;
    this.writer = null;
  }

  private expect(reply: Reply, ...codes: readonly number[]): Reply {
    if (!codes.includes(reply.code)) throw new SmtpFault(reply);
    return reply;
  }

  /** A whole reply, which may have several lines: the last has a space behind its code. */
  private async reply(lines: string[] = []): Promise<Reply> {
    for (;;) {
      const end = this.heard.indexOf("\r\n");
      if (end < 0) {
        await this.hear();
        continue;
      }
      const line = this.heard.slice(0, end);
      this.heard = this.heard.slice(end + 2);
      const [, code, more, text = ""] = /^(\d{3})([ -]?)(.*)$/.exec(line) ?? [];
      if (code === undefined) throw new SmtpFault(null);
      lines.push(text);
      if (more !== "-") return { code: Number(code), text };
    }
  }

  private async hear(): Promise<void> {
    if (!this.reader || this.heard.length > LONGEST_REPLY) throw new SmtpFault(null);
    const { value, done } = await this.intime(this.reader.read());
    if (done) throw new SmtpFault(null);
    this.heard += this.decoder.decode(value, { stream: true });
  }

  private async intime<T>(work: Promise<T>): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new SmtpFault(null)), this.timeoutMs);
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...encoder.encode(text)));
}
