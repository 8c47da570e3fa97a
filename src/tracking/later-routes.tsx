import type { Context, ErrorHandler } from "hono";
import { onError } from "../platform/http";
import { Fault } from "../shared/fault";
import { PAGE, pageOf } from "./common-routes";
import type { ShopView } from "./pages/page";
import { LaterPage } from "./pages/unsubscribe";

/** The error mapping of pages: a person who should come back later reads so, everything else is as everywhere. */
export function later(shop: (context: Context) => ShopView): ErrorHandler {
  return (error, context) => {
    const answer = onError(error, context);
    const passes = error instanceof Fault && (error.code === "too-many-requests" || error.code === "unavailable");
    if (!passes) return answer;
    const headers = { ...PAGE, "Retry-After": String(error.retryAfterSeconds ?? 5) };
    return context.html(<LaterPage {...pageOf(context, shop(context))} />, answer.status as 429, headers);
  };
}
