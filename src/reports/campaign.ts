import { DAY } from "../shared/clock";

/** Orders within this time after a message count as having followed it: the attribution window of clicks. */
export const ORDER_WINDOW = 5 * DAY;

/** Contacts, and how many of them ordered. */
interface Share {
  readonly contacts: number;
  readonly ordered: number;
}

/** What a campaign did to the share of contacts who order, in points (0.01 is one in a hundred), with its 95 % interval. */
export interface Lift {
  readonly points: number;
  readonly low: number;
  readonly high: number;
  /** False where there are too few to say anything: then the figures are chance. */
  readonly isEnough: boolean;
}

const LEAST_CONTROL = 100;
const LEAST_ORDERS = 20;
/** 97.5 % quantile of the normal distribution. */
const Z = 1.959964;

/**
 * The difference between those who were written to and the control group, with the interval of Newcombe's method 10 (Statistics in
 * Medicine 17, 1998: 873–890), which holds for small shares. Null without a control group.
 */
export function liftOf(treated: Share, control: Share): Lift | null {
  if (control.contacts === 0 || treated.contacts === 0) return null;
  const [p1, p2] = [treated.ordered / treated.contacts, control.ordered / control.contacts];
  const [low1, high1] = wilson(p1, treated.contacts);
  const [low2, high2] = wilson(p2, control.contacts);
  const points = p1 - p2;
  const low = points - Math.hypot(p1 - low1, high2 - p2);
  const high = points + Math.hypot(high1 - p1, p2 - low2);
  const isEnough = control.contacts >= LEAST_CONTROL && treated.ordered + control.ordered >= LEAST_ORDERS;
  return { points, low, high, isEnough };
}

/** Wilson's score interval of a share. */
function wilson(share: number, count: number): readonly [low: number, high: number] {
  const squared = Z * Z;
  const middle = 2 * count * share + squared;
  const spread = Z * Math.sqrt(squared + 4 * count * share * (1 - share));
  const below = 2 * (count + squared);
  return [(middle - spread) / below, (middle + spread) / below];
}
