/** Opens a socket of the runtime's own, which is looked for only where one is wanted: elsewhere there is none. */
export async function openSocket(
  address: { readonly hostname: string; readonly port: number },
  options: { readonly secureTransport: "on" | "off" | "starttls"; readonly allowHalfOpen: boolean },
): Promise<Socket> {
  const { connect } = await import("cloudflare:sockets");
  return connect(address, options);
}
