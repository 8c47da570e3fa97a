import { isOfShop } from "../sends/own-address";
import { withParameters } from "../sends/utm";
import { SECOND } from "../shared/clock";
import { MID } from "../shared/mid";
import { readToken, signToken } from "../shared/token";

/** The message whose link somebody followed, and when (epoch ms). */
export interface Touch {
  readonly contact: number;
  readonly send: string;
  readonly at: number;
}

/**
 * What the shop keeps with the cart and gives back with the order: then an order counts to its message without a cookie of
 * ours, whoever it is placed as. It names rows and a second, and opens nothing.
 */
export function midOf(secret: string, { contact, send, at }: Touch): string {
  return signToken(secret, "mid", [contact, send, Math.floor(at / SECOND).toString(36)]);
}

/** What an order's `mid` stands for; null where it is none of ours. */
export function readMid(secret: string, mid: string): Touch | null {
  const [contact, send, at] = readToken(secret, "mid", mid) ?? [];
  if (contact === undefined || send === undefined || at === undefined) return null;
  return { contact: Number(contact), send, at: Number.parseInt(at, 36) * SECOND };
}

/** A page of the shop with `mid` in its address; any other place learns nothing. */
export function withMid(destination: string, mid: string, shopUrl: string): string {
  return isOfShop(destination, shopUrl) ? withParameters(destination, { [MID]: mid }) : destination;
}
