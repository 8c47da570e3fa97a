import { type Context, Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import type { z } from "zod";
import { Fault } from "../../shared/fault";
import type { Language } from "../../shared/language";
import { isLanguage, preferredLanguage } from "../../shared/language";
import { CLIENT_SCRIPT, CLIENT_SCRIPT_ETAG, CLIENT_STYLE, CLIENT_STYLE_ETAG } from "./client.generated";
import { pictureOf } from "./drawings/pictures";
import { orderInput, sessionInput } from "./input";
import { mergeLines, orderEvents, unknownSkus } from "./order";
import { CATEGORIES, productOf } from "./products";
import { orderIdOf, signSession, userIdOf } from "./session";
import { CartPage } from "./views/cart";
import { ListPage, ProductPage } from "./views/catalogue";
import { CheckoutPage, NotFoundPage, OrderPage } from "./views/checkout";
import { type View, viewOf } from "./views/view";

export interface DemoDeps {
  readonly tokenSecret: string;
  readonly writeKey: string;
  readonly shopName: string;
  /** Epoch milliseconds, by the clock that the demo's visitor moves. */
  readonly now: () => number;
  /** The shop's server speaking: Segment messages, sent with the secret key. Rejects when they are not taken. */
  readonly sendServerEvents: (events: object[]) => Promise<void>;
}

/** `?lang=` decides, then what the browser prefers of the two. */
function languageOf(c: Context): { language: Language; chosen: boolean } {
  const asked = c.req.query("lang");
  if (isLanguage(asked)) return { language: asked, chosen: true };
  return { language: preferredLanguage(c.req.header("Accept-Language") ?? ""), chosen: false };
}

function requestView(c: Context, deps: DemoDeps): View {
  const { origin, pathname } = new URL(c.req.url);
  const category = CATEGORIES.find((key) => key === c.req.query("category")) ?? null;
  return viewOf(deps, { origin, path: pathname, category, ...languageOf(c) });
}

/** The JSON of a request as `schema` wants it. A form of another site cannot send this content type. */
async function parsed<T>(c: Context, schema: z.ZodType<T>): Promise<T> {
  if (!c.req.header("Content-Type")?.startsWith("application/json")) {
    throw new Fault("invalid-input", "The body must be application/json.");
  }
  const body: unknown = await c.req.json().catch(() => {
    throw new Fault("invalid-json", "The body is not JSON.");
  });
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const errors = result.error.issues.map(({ path, message }) => ({ pointer: `/${path.join("/")}`, detail: message }));
  throw new Fault("invalid-input", "Some fields are not as they must be.", errors);
}

function file(c: Context, text: string, type: string, etag: string) {
  const headers = { ETag: etag, "Cache-Control": "no-cache" };
  if (c.req.header("If-None-Match") === etag) return c.body(null, 304, headers);
  return c.body(text, 200, { ...headers, "Content-Type": `${type}; charset=utf-8` });
}

function addPages(app: Hono, deps: DemoDeps): void {
  app.get("/demo", (c) => c.html(<ListPage view={requestView(c, deps)} />));
  app.get("/demo/cart", (c) => c.html(<CartPage view={requestView(c, deps)} />));
  app.get("/demo/checkout", (c) => c.html(<CheckoutPage view={requestView(c, deps)} />));
  app.get("/demo/p/:sku", (c) => {
    const product = productOf(c.req.param("sku"));
    const view = requestView(c, deps);
    if (!product) return c.html(<NotFoundPage view={view} />, 404);
    return c.html(<ProductPage view={view} product={product} />);
  });
  app.get("/demo/order/:id{ML-[0-9A-F]{8}}", (c) =>
    c.html(<OrderPage view={requestView(c, deps)} orderId={c.req.param("id")} />),
  );
}

function addFiles(app: Hono): void {
  app.get("/demo/shop.js", (c) => file(c, CLIENT_SCRIPT, "text/javascript", CLIENT_SCRIPT_ETAG));
  app.get("/demo/style.css", (c) => file(c, CLIENT_STYLE, "text/css", CLIENT_STYLE_ETAG));
  app.get("/demo/img/:file{[A-Za-z-]+\\.svg}", (c) => {
    const picture = pictureOf(c.req.param("file").replace(/\.svg$/, ""));
    if (!picture) return c.notFound();
    // The console and mail previews of this machine show the pictures too, so any origin may embed them.
    const headers = { "Cache-Control": "public, max-age=3600", "Cross-Origin-Resource-Policy": "cross-origin" };
    return c.body(picture, 200, { ...headers, "Content-Type": "image/svg+xml" });
  });
}

/** The shop's own server: it signs addresses, and it alone says what was ordered. */
function addServer(app: Hono, deps: DemoDeps): void {
  app.post("/demo/session", async (c) => {
    const { email, user_id } = await parsed(c, sessionInput);
    const userId = user_id ?? (await userIdOf(email));
    const { token, expiresAt } = await signSession(deps.tokenSecret, { userId, email }, deps.now());
    return c.json({ user_id: userId, email, token, expires_at: expiresAt }, 200, { "Cache-Control": "no-store" });
  });

  app.post("/demo/orders", async (c) => {
    const input = await parsed(c, orderInput);
    const unknown = unknownSkus(input.lines);
    if (unknown.length > 0) throw new Fault("unprocessable", `The shop does not sell ${unknown.join(", ")}.`);
    const orderId = await orderIdOf(input.cart_id);
    const customer = {
      userId: input.user_id ?? (await userIdOf(input.email)),
      email: input.email,
      firstName: input.first_name,
      lastName: input.last_name,
      anonymousId: input.anonymous_id,
    };
    const order = { orderId, cartId: input.cart_id, lines: mergeLines(input.lines), customer, at: deps.now() };
    const { origin, language, shopName } = requestView(c, deps);
    await deps.sendServerEvents(orderEvents(order, { origin, language, name: shopName }));
    return c.json({ order_id: orderId }, 201, { "Cache-Control": "no-store" });
  });
}

/** `/demo`: a small shop on this machine that uses the snippet as a real one would. */
export function demoRoutes(deps: DemoDeps): Hono {
  const app = new Hono();
  app.use(
    "/demo/*",
    secureHeaders({
      // A letter in its sandboxed frame shows the pictures of the shop.
      crossOriginResourcePolicy: "cross-origin",
      contentSecurityPolicy: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", "data:"],
        styleSrc: ["'self'"],
        scriptSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
      permissionsPolicy: { camera: [], microphone: [], geolocation: [], payment: [] },
      referrerPolicy: "strict-origin-when-cross-origin",
      xFrameOptions: "DENY",
      // The shop of this machine is served without TLS.
      strictTransportSecurity: false,
    }),
  );
  addPages(app, deps);
  addFiles(app);
  addServer(app, deps);
  app.get("/demo/*", (c) => c.html(<NotFoundPage view={requestView(c, deps)} />, 404));
  return app;
}
