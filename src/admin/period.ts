import { Fault } from "../shared/fault";

/** A period out of two ISO 8601 times, epoch ms. Throws invalid-input where it ends before it begins. */
export function readPeriod(stated: string, until: string): { readonly from: number; readonly to: number } {
  const [from, to] = [Date.parse(stated), Date.parse(until)];
  if (from > to) {
    throw new Fault("invalid-input", "`from` lies after `to`.", [{ pointer: "/from", detail: "lies after `to`" }]);
  }
  return { from, to };
}
