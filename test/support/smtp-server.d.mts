/** What befalls one session. `drop_after`: the message was taken, and the line broke before that was said. */
export interface SmtpFaultScript {
  at: "connect" | "recipient" | "content";
  what?: "drop_before" | "drop_after" | "refuse" | "stall";
  code?: number;
}

export interface SmtpEntry {
  from: string;
  to: string[];
  secure: boolean;
  user: string | null;
  raw: string;
}

export interface RunningSmtp {
  readonly port: number;
  readonly ledger: readonly SmtpEntry[];
  readonly counters: Readonly<{
    connections: number;
    signedIn: number;
    refused: number;
    resets: number;
    quits: number;
  }>;
  readonly lines: Readonly<{ most: number }>;
  hangUp(): void;
  fail(...faults: SmtpFaultScript[]): void;
  close(): Promise<void>;
}

export function startSmtpServer(options?: {
  user?: string;
  password?: string;
  security?: "starttls" | "tls" | "none";
  /** Lines at once; the server refuses any more. */
  mostLines?: number;
}): Promise<RunningSmtp>;
