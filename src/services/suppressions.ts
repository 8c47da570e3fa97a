/** What the keyed hash of an address on a channel is made of. */
export function suppressionName(channel: string, address: string): string {
  return `suppressed.${channel}.${address}`;
}
