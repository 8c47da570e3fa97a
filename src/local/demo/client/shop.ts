import type { Relance } from "../../../storefront/snippet/api";
import type { ProductProperties } from "../products";
import type { ShopForScript } from "../views/view";

declare global {
  interface Window {
    /** Before the snippet has loaded only the stub's methods are there, and none of them answers. */
    relance: Relance & Partial<Pick<Relance, "flush" | "user">>;
  }
}

export const shop = JSON.parse(document.body.dataset.shop ?? "{}") as ShopForScript;
export const page = document.body.dataset.page ?? "";

const money = new Intl.NumberFormat(shop.language === "fr" ? "fr-FR" : "en-IE", {
  style: "currency",
  currency: shop.currency,
});

/** Cents as a price of this page's language. */
export function price(cents: number): string {
  return money.format(cents / 100);
}

export function productOf(sku: string): ProductProperties | undefined {
  return shop.products.find((product) => product.sku === sku);
}

/** What the shop remembers of this visitor in this browser. */
interface Profile {
  readonly email?: string;
  readonly userId?: string;
  readonly tracking?: boolean;
}

const PROFILE = "demo.profile";

export function profile(): Profile {
  return JSON.parse(localStorage.getItem(PROFILE) ?? "{}") as Profile;
}

export function remember(changes: Profile): void {
  localStorage.setItem(PROFILE, JSON.stringify({ ...profile(), ...changes }));
}

/** Forgets the visitor and their cart, as a shared device does after a log-out. */
export function forgetVisitor(): void {
  localStorage.removeItem(PROFILE);
  localStorage.removeItem("demo.cart");
  window.relance.reset();
}

interface Session {
  readonly user_id: string;
  readonly token: string;
}

/** Waits until what the visitor did so far has gone out, but never long: a slow answer must not hold the shop up. */
export async function eventsSent(): Promise<void> {
  const tooLong = new Promise<void>((resolve) => setTimeout(resolve, 2000));
  await Promise.race([window.relance.flush?.(), tooLong]);
}

/** Posts JSON to the shop's server. @throws when it refuses */
export async function post(path: string, body: object): Promise<unknown> {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path} answers ${answer.status}`);
  return answer.json();
}

/** Has the shop's server sign the address, and tells the snippet who this is. */
export async function signIn(email: string, traits: Record<string, unknown>): Promise<string> {
  const session = (await post("/demo/session", { email })) as Session;
  remember({ email, userId: session.user_id });
  window.relance.identify(session.user_id, { email, language: shop.language, ...traits }, { token: session.token });
  return session.user_id;
}
