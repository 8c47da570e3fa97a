export type FaultName =
  | "rate_limit"
  | "daily_quota"
  | "invalid"
  | "error_before"
  | "error_after"
  | "reset_before"
  | "reset_after"
  | "delay_before"
  | "delay_after"
  | "hold";

/** What one fault does. `status` is for `error_*`, `delayMs` for `delay_*`, `retryAfter` in seconds. */
export interface FaultDetail {
  status?: number;
  retryAfter?: number;
  delayMs?: number;
}

/** A scripted request: a fault, or `none` for one that goes through. `times` repeats it. */
export type ScriptItem = FaultName | "none" | ({ fault: FaultName | "none"; times?: number } & FaultDetail);

export interface Control {
  /** Probability by fault; replaces what was set. `{}` ends them. */
  chances?: Partial<Record<FaultName, number>>;
  /** What befalls the next requests, before chance; replaces what was left of the last script. */
  script?: ScriptItem[];
  defaults?: FaultDetail;
  /** Milliseconds by which the server's clock moves on. */
  advance?: number;
  /** Emails a day; null for no quota. */
  dailyQuota?: number | null;
  /** Ends what is held: so many requests are accepted, the connections of the others are reset. */
  release?: number;
}

/** One accepted email. `calls` counts the requests that came under its key, the first included. */
export interface LedgerEntry {
  id: string;
  idempotencyKey: string | null;
  from: string;
  to: string[];
  subject: string;
  headers: Record<string, string>;
  tags: { name: string; value: string }[];
  /** Characters of the two bodies. */
  bytes: number;
  /** Epoch milliseconds of the server's clock. */
  at: number;
  /** The number of the accepting request; the emails of one batch share it. */
  acceptance: number;
  calls: number;
}

export interface Counters {
  requests: number;
  accepted: number;
  repeated: number;
  conflicts: number;
  concurrent: number;
  unauthorized: number;
  invalid: number;
}

export interface State {
  counters: Counters;
  chances: Partial<Record<FaultName, number>>;
  script: ScriptItem[];
  /** How often each fault really happened. */
  faults: Record<FaultName, number>;
  emails: number;
  /** Requests that wait to be released. */
  held: number;
  doubled: string[];
  now: number;
}

export interface Email {
  object: "email";
  id: string;
  from: string;
  to: string[];
  subject: string;
  tags: { name: string; value: string }[];
  /** Null for all but the latest two thousand. */
  html: string | null;
  text: string | null;
  created_at: string;
  last_event: string;
}

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  readonly ledger: readonly LedgerEntry[];
  readonly counters: Readonly<Counters>;
  /** Addresses that were taken off its list of suppressions. */
  readonly forgiven: readonly string[];
  readonly faults: Readonly<Record<FaultName, number>>;
  control(wanted: Control): State;
  state(): State;
  email(id: string): Email | null;
  /** Keys under which more than one request was accepted. */
  doubled(): string[];
  close(): Promise<void>;
}

export interface ServerOptions extends Pick<Control, "chances" | "script" | "defaults"> {
  /** 0 or none: any free port. */
  port?: number;
  /** The only key that is let in; any where none is named. */
  apiKey?: string;
  /** NDJSON file, read on start and appended to. */
  ledger?: string;
  seed?: number;
  /** Epoch milliseconds. */
  now?: () => number;
}

export function startResendServer(options?: ServerOptions): Promise<RunningServer>;
