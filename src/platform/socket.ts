import { connect } from "cloudflare:sockets";

/** Opens a socket of the runtime's own. */
export function openSocket(
  address: { readonly hostname: string; readonly port: number },
  options: { readonly secureTransport: "on" | "off" | "starttls"; readonly allowHalfOpen: boolean },
): Socket {
  return connect(address, options);
}
