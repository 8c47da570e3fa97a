import { importEnded } from "./import-client.mjs";
import type { Server } from "./server";

const DAY = 86_400_000;

const get = (server: Server) => async (path: string) => (await server.api(path)).json;

/** Puts orders in, as a shop sends its history. */
export async function importOrders(server: Server, orders: readonly (readonly (string | number)[])[]): Promise<void> {
  const csv = ["order_id,external_id,placed_at,total,currency", ...orders.map((order) => order.join(","))].join("\n");
  const { json } = await server.api("/api/imports?kind=orders", { method: "POST", body: csv });
  await importEnded(get(server), json.id);
}

/**
 * Orders of so many customers before a moment (epoch ms): few of them often and lately, most of them once and long ago.
 * The same at every call.
 */
export function ordersOf(customers: number, before: number): (string | number)[][] {
  let state = 7;
  const chance = (): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  return Array.from({ length: customers }, (_, index) => {
    const zeal = chance() ** 2;
    const latest = Math.floor((1 - zeal) * chance() * 500) + 1;
    return Array.from({ length: 1 + Math.floor(zeal * 8) }, (_, count) => {
      const at = new Date(before - (latest + count * 23) * DAY).toISOString().slice(0, 19).replace("T", " ");
      return [`o${index}-${count}`, `c${index}`, at, (10 + zeal * 120 + chance() * 90).toFixed(2), "EUR"];
    });
  }).flat();
}
