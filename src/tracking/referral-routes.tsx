import type { Context } from "hono";
import { Hono } from "hono";
import type { LedgerEvent } from "../events/event";
import { ownEvent } from "../events/event";
import type { AppendAnswer } from "../events/intake";
import { isMachine, PAGE, PRIVATE, pageOf } from "./common-routes";
import type { ShopView } from "./pages/page";
import { UnknownLinkPage } from "./pages/unsubscribe";

/** What the link of a referral needs. */
export interface ReferralDeps {
  /** Row of the contact whose code it is; null where it is none of ours. */
  readonly advocateOf: (code: string) => number | null;
  readonly append: (event: LedgerEvent, receivedAt: number) => Promise<AppendAnswer>;
  readonly shop: ShopView;
  readonly now: () => number;
}

/** The link that a customer shares: it leads to the shop with the code, and learns nothing of who follows it. */
export function referralLinkRoutes(depsOf: (context: Context) => ReferralDeps): Hono {
  const app = new Hono();
  app.get("/ref/:code", async (context) => {
    const deps = depsOf(context);
    const code = context.req.param("code");
    const advocate = deps.advocateOf(code);
    if (advocate === null) {
      return context.html(<UnknownLinkPage {...pageOf(context, deps.shop)} />, 404, PAGE);
    }
    if (!isMachine(context)) await note(deps, advocate);
    const destination = new URL(deps.shop.url);
    destination.searchParams.set("referral", code);
    return new Response(null, { status: 302, headers: { Location: destination.href, ...PRIVATE } });
  });
  return app;
}

/** That the link was followed at all is noted once: the event's id follows from whose it is. */
async function note(deps: ReferralDeps, advocate: number): Promise<void> {
  const at = deps.now();
  // The link works whether or not its click can be noted at the moment.
  await deps.append(ownEvent(`referral.clicked.${advocate}`, "referral.clicked", at, advocate), at);
}
