import type { OutboundPolicy } from "../shared/outbound-url";
import { checkOutboundUrl } from "../shared/outbound-url";

/** Why a request of ours to an address that somebody typed came to nothing. */
export type OutboundReason = "refused" | "unreachable" | "timeout" | "redirect" | "too-large" | "broken-off";

/** What a request of ours failed with. The message never repeats what the other side said. */
export class OutboundFailure extends Error {
  override readonly name = "OutboundFailure";

  constructor(
    readonly reason: OutboundReason,
    message: string,
  ) {
    super(message);
  }
}

export interface OutboundPorts {
  readonly fetch: typeof fetch;
  readonly policy: OutboundPolicy;
  /** For all of it, from the first byte sent to the last byte read (ms). */
  readonly timeMs: number;
  /** Of the body, after the transport's own compression is undone. */
  readonly bytes: number;
}

export interface OutboundAnswer {
  readonly status: number;
  readonly headers: Headers;
  /**
   * The content as it comes; it ends with an `OutboundFailure` where a limit is passed. Read it to its end or cancel it:
   * either stops the clock.
   */
  readonly body: ReadableStream<Uint8Array>;
}

/**
 * Asks an address that somebody typed: checked once more against the operator's list, without following redirects,
 * within limits of time and size. Any status but a redirect is an answer (304 included). Throws OutboundFailure.
 */
export async function fetchOutbound(
  text: string,
  init: Omit<RequestInit, "redirect" | "signal">,
  ports: OutboundPorts,
): Promise<OutboundAnswer> {
  const checked = checkOutboundUrl(text, ports.policy);
  if (!checked.ok) throw new OutboundFailure("refused", `the address ${checked.reason}`);
  const deadline = new Deadline(ports.timeMs);
  try {
    const request = ports.fetch(checked.url.href, { ...init, redirect: "manual", signal: deadline.signal });
    const response = await deadline.within(request);
    const { status, headers } = response;
    if (status >= 300 && status < 400 && status !== 304) {
      throw new OutboundFailure("redirect", `it answered with a redirect (${status}), which is not followed`);
    }
    if (Number(headers.get("Content-Length") ?? 0) > ports.bytes) throw tooLarge(ports.bytes);
    return { status, headers, body: bounded(response.body, deadline, ports.bytes) };
  } catch (error) {
    deadline.end();
    throw failureOf(error, "unreachable", "it could not be reached");
  }
}

/** One clock over a request and its body: when it has run out, both are aborted. */
class Deadline {
  private readonly controller = new AbortController();
  private readonly passed = Promise.withResolvers<never>();
  private readonly timer: ReturnType<typeof setTimeout>;

  constructor(timeMs: number) {
    // Whoever does not wait at the moment hears of it at the next step.
    this.passed.promise.catch(() => undefined);
    this.timer = setTimeout(() => {
      this.passed.reject(new OutboundFailure("timeout", `it took longer than ${timeMs / 1_000} s`));
      this.controller.abort();
    }, timeMs);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Resolves with the promise, or fails with the time-out, even where the other side never lets go. */
  within<Result>(promise: Promise<Result>): Promise<Result> {
    return Promise.race([promise, this.passed.promise]);
  }

  /** Stops the clock and lets go of the connection. */
  end(): void {
    clearTimeout(this.timer);
    this.controller.abort();
  }
}

/** A body with its limits: nothing is read ahead of who asks for it. */
function bounded(
  body: ReadableStream<Uint8Array> | null,
  deadline: Deadline,
  limit: number,
): ReadableStream<Uint8Array> {
  const source: ReadableStream<Uint8Array> = body ?? new Blob([]).stream();
  const reader = source.getReader();
  let size = 0;
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    try {
      const part = await deadline.within(reader.read());
      if (part.done) {
        deadline.end();
        return controller.close();
      }
      size += part.value.length;
      if (size > limit) throw tooLarge(limit);
      controller.enqueue(part.value);
    } catch (error) {
      deadline.end();
      controller.error(failureOf(error, "broken-off", "it broke off before the end"));
    }
  };
  return new ReadableStream<Uint8Array>({ pull, cancel: () => deadline.end() }, { highWaterMark: 0 });
}

function failureOf(error: unknown, reason: OutboundReason, message: string): OutboundFailure {
  return error instanceof OutboundFailure ? error : new OutboundFailure(reason, message);
}

function tooLarge(limit: number): OutboundFailure {
  return new OutboundFailure("too-large", `it is larger than ${Math.floor(limit / 1_024)} KB`);
}
