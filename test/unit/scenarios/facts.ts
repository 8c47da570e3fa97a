import type { Commerce } from "../../../src/commerce/slice";
import { emptyProfile, type Profile } from "../../../src/contacts/profile";
import type { ScenarioDefinition } from "../../../src/scenarios/definition";
import type { LiveScenario, Playbook } from "../../../src/scenarios/live";
import type { Facts } from "../../../src/segments/facts";
import { MINUTE } from "../../../src/shared/clock";

export const NOW = Date.UTC(2026, 0, 5, 10);

const granted = { state: "granted", at: NOW - MINUTE } as const;

/** A customer who is known, can be written to and has agreed to it. */
export function facts(
  change: { contact?: number; profile?: Partial<Profile>; commerce?: Partial<Commerce> } = {},
): Facts {
  return {
    contact: change.contact ?? 1,
    head: change.contact ?? 1,
    seenAt: NOW - MINUTE,
    shop: { zone: "Europe/Paris", currency: "EUR" },
    profile: {
      ...emptyProfile(),
      status: "verified",
      externalId: "ann",
      email: "ann@shop.test",
      phone: "+33612345678",
      consents: { email: granted, sms: granted },
      ...change.profile,
    },
    commerce: { cart: null, orders: [], ...change.commerce } as Commerce,
  };
}

/** A cart of one lamp. */
export function cart(id = "cart-1", at = NOW): NonNullable<Commerce["cart"]> {
  const line = { product_id: "lamp", sku: null, name: "Lamp", category: null, brand: null, quantity: 1, price: 4_990 };
  const lines = [{ ...line, url: null, image: null }];
  return { row: 1, id, openedAt: at, changedAt: at, currency: "EUR", lines };
}

/** Scenarios that are live in their first version, by id. */
export function playbook(
  definitions: Readonly<Record<string, ScenarioDefinition>>,
  state: LiveScenario["state"] = "active",
): Playbook {
  const live = Object.entries(definitions).map(([id, definition]) => ({ id, version: 1, state, definition }));
  return { live, definition: (id, version) => (version === 1 ? definitions[id] : undefined) };
}
