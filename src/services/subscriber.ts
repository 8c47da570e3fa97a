import { hex, keyedBytes } from "../shared/mac";

const PREFIX = "sub_";

/** Whether an identity names a subscriber. */
export function isSubscriber(identity: string): boolean {
  return identity.startsWith(`a:${PREFIX}`);
}

/** The browser id that stands for the subscriber of an address: nobody can make it up without our secret. */
export function subscriberOf(address: string, secret: string): string {
  return PREFIX + hex(keyedBytes(secret, `subscriber.${address}`, 16));
}
