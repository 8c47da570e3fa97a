/**
 * What the snippet needs of a browser, as an argument: tests pass a small fake, the page passes `window`.
 * It is narrower than the DOM's own types, so the files check with and without them.
 */

export interface StorageArea {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export interface Answer {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  json(): Promise<unknown>;
}

export interface Request {
  readonly method?: "GET" | "POST";
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly credentials?: "omit";
  readonly keepalive?: boolean;
}

export interface ScriptTag {
  readonly src: string;
  readonly dataset: { readonly [name: string]: string | undefined };
}

interface PushRegistration {
  readonly pushManager: {
    subscribe(options: { userVisibleOnly: boolean; applicationServerKey: string }): Promise<unknown>;
  };
}

interface BrowserNavigator {
  readonly language: string;
  readonly userAgent: string;
  sendBeacon?(url: string, body: string): boolean;
  readonly serviceWorker?: { register(path: string): Promise<PushRegistration> };
}

interface BrowserDocument {
  readonly currentScript: object | null;
  readonly referrer: string;
  readonly title: string;
  readonly visibilityState: string;
  addEventListener(type: "visibilitychange" | "visitorConsentCollected", listener: () => void): void;
}

export interface BrowserConsole {
  log(...parts: unknown[]): void;
  warn(...parts: unknown[]): void;
  group(title: string): void;
  groupCollapsed(title: string): void;
  groupEnd(): void;
}

export interface Browser {
  /** The stub's queue before the start, the object with the methods after it. */
  relance?: unknown;
  readonly localStorage: StorageArea;
  readonly sessionStorage: StorageArea;
  readonly location: { readonly href: string; readonly pathname: string };
  readonly document: BrowserDocument;
  readonly navigator: BrowserNavigator;
  readonly crypto: { getRandomValues(bytes: Uint8Array<ArrayBuffer>): Uint8Array };
  readonly console: BrowserConsole;
  fetch(url: string, request?: Request): Promise<Answer>;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: never): void;
  addEventListener(type: "pagehide", listener: () => void): void;
}

/** Time in epoch milliseconds and chance in [0, 1), as arguments like everywhere else. */
export interface Chance {
  now(): number;
  random(): number;
}

/**
 * Runs what a browser may refuse (blocked storage, a broken answer, a full quota). The page must never see
 * an error of ours, so a refusal becomes `otherwise`.
 */
export function attempt<T>(run: () => T, otherwise: T): T {
  try {
    return run();
  } catch {
    return otherwise;
  }
}
