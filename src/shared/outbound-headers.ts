import * as z from "zod";

/** Set by us or by the connection: a header of the shop's own must not undo them. */
const OWN_HEADERS =
  /^(webhook-.*|content-.*|host|connection|transfer-encoding|cookie|te|trailer|upgrade|expect|via|cf-.*)$/i;

/** Headers that somebody adds to calls of ours: none of our own, and no line break by which another one could be made. */
export const outboundHeaders = z
  .record(
    z
      .string()
      .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/, "is not the name of a header")
      .refine((name) => !OWN_HEADERS.test(name), "is set by us"),
    z
      .string()
      .max(1_000)
      .regex(/^[ -~]*$/, "may not hold line breaks or other control characters"),
  )
  .refine((all) => Object.keys(all).length <= 10, "has more than 10 headers");
