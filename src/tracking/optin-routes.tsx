import type { Context } from "hono";
import { Hono } from "hono";
import { problem } from "../platform/http";
import type { Language } from "../shared/language";
import { actOf, PAGE, pageOf, readForm } from "./common-routes";
import { later } from "./later-routes";
import { ConfirmedPage, ConfirmPage, ExpiredPage } from "./pages/optin";
import type { PageProps, ShopView } from "./pages/page";
import { UnknownLinkPage } from "./pages/unsubscribe";
import { masked } from "./pending";

/** A confirmation link that was opened. */
export interface OpenedOptin {
  readonly address: string;
  readonly isExpired: boolean;
  /** Texts that wait for the confirmation. */
  readonly wordings: (language: Language) => readonly string[];
  readonly isPending: boolean;
  /** Stands for the claims that wait by now. */
  readonly shown: string;
  readonly wasConfirmed: boolean;
  /** `language`: in which the page shows what nobody worded before. */
  readonly confirm: (language: Language) => Promise<void>;
  readonly again: () => Promise<void>;
  /** The number whose code is awaited; null where there is none. */
  readonly phone: () => Promise<string | null>;
  readonly confirmPhone: (code: string) => Promise<boolean>;
  /** Address of the preference centre of whoever confirmed. */
  readonly preferences: () => Promise<string | null>;
}

export interface OptinDeps {
  readonly shop: ShopView;
  readonly open: (token: string) => Promise<OpenedOptin | null>;
}

type Deps = (context: Context) => OptinDeps;

/** The confirmation of a double opt-in: a page that changes nothing, and its button. */
export function optinRoutes(deps: Deps): Hono {
  const app = new Hono();
  app.onError(later((context) => deps(context).shop));
  app.get("/optin/:token", async (context) => {
    const { shop, open } = deps(context);
    const page = pageOf(context, shop);
    const opened = await open(context.req.param("token"));
    if (!opened) return context.html(<UnknownLinkPage {...page} />, 404, PAGE);
    if (!opened.isPending && opened.wasConfirmed) return done(context, page, opened, "none");
    if (opened.isExpired) return context.html(<ExpiredPage {...page} sent={false} />, 200, PAGE);
    return question(context, page, opened);
  });
  app.post("/optin/:token", async (context) => {
    const { shop, open } = deps(context);
    const page = pageOf(context, shop);
    const opened = await open(context.req.param("token"));
    if (!opened) return context.html(<UnknownLinkPage {...page} />, 404, PAGE);
    const form = await readForm(context);
    const act = form && actOf(ACTS, form);
    if (!form || !act) return problem("invalid-input", "Post the form of this page: `do=confirm`.");
    return act(context, page, opened, form);
  });
  return app;
}

/** Shows what is about to be confirmed. */
function question(context: Context, page: PageProps, opened: OpenedOptin): Response | Promise<Response> {
  const about = { address: masked(opened.address), wordings: opened.wordings(page.language), shown: opened.shown };
  return context.html(<ConfirmPage {...page} {...about} />, 200, PAGE);
}

type Act = (context: Context, page: PageProps, opened: OpenedOptin, form: URLSearchParams) => Promise<Response>;

/** What the buttons of the pages do. */
const ACTS: Readonly<Record<string, Act>> = {
  async confirm(context, page, opened, form) {
    if (opened.isExpired && opened.isPending) return context.html(<ExpiredPage {...page} sent={false} />, 200, PAGE);
    // More was asked for since: nobody agrees to what they have not seen.
    if (opened.isPending && (form.get("shown") ?? opened.shown) !== opened.shown)
      return question(context, page, opened);
    await opened.confirm(page.language);
    return done(context, page, opened, "none");
  },
  async again(context, page, opened) {
    if (opened.isExpired) await opened.again();
    return context.html(<ExpiredPage {...page} sent />, 200, PAGE);
  },
  async code(context, page, opened, form) {
    const isRight = await opened.confirmPhone((form.get("code") ?? "").slice(0, 40));
    return done(context, page, opened, isRight ? "right" : "wrong");
  },
};

async function done(
  context: Context,
  page: PageProps,
  opened: OpenedOptin,
  code: "none" | "wrong" | "right",
): Promise<Response> {
  const phone = await opened.phone();
  const preferences = await opened.preferences();
  const shown = { preferences, phone: phone === null ? null : masked(phone), code };
  return context.html(<ConfirmedPage {...page} {...shown} />, 200, PAGE);
}
