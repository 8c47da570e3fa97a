import { fetchOutbound, OutboundFailure } from "../platform/outbound";
import type { Services } from "../services";
import { SECOND } from "../shared/clock";

const LIMITS = { timeMs: 10 * SECOND, bytes: 64 * 1_024 } as const;

/** Calls an address that somebody typed, within its limits (F08). Null when the other side took it, else why not. */
export async function postOutbound(services: Services, url: string, init: RequestInit): Promise<string | null> {
  try {
    const ports = {
      fetch: (...args: Parameters<typeof fetch>) => fetch(...args),
      policy: services.outbound,
      ...LIMITS,
    };
    const { status, body } = await fetchOutbound(url, init, ports);
    await body.cancel();
    return status >= 200 && status < 300 ? null : `status-${status}`;
  } catch (error) {
    return error instanceof OutboundFailure ? error.reason : "unreachable";
  }
}
