import type { PermitRow } from "../decisions/permit";
import type { Health } from "../sends/brake";
import { outlookOf, putBrake, readBrakes, reserveSlots } from "../sends/brake-store";
import type { PacePorts } from "../sends/turn";
import { suppressedAddresses, suppressionName } from "./suppressions";

interface Stored {
  readonly DB: D1Database;
}

/** What is known of each channel's provider, as long as the process lives. */
const KNOWN = new WeakMap<object, Pick<PacePorts, "health" | "arrivals">>();

/** What keeps channels within what their providers allow. */
export function paceOf({ env, config }: { readonly env: Stored; readonly config: object }): PacePorts {
  const known = KNOWN.get(config) ?? { health: new Map<string, Health>(), arrivals: new Map() };
  KNOWN.set(config, known);
  // Providers count by the world's clock, whatever ours says on a developer's machine.
  const wall = () => Date.now();
  return {
    outlook: (keys) => outlookOf(env.DB, keys),
    slots: (channel, wanted, interval, horizon) =>
      reserveSlots(env.DB, channel, wanted, { now: wall(), horizon, interval }),
    wall,
    pause: (ms) => new Promise((done) => setTimeout(done, ms)),
    brakeOf: async (channel) => (await readBrakes(env.DB))[channel],
    brake: (channel, brake) => putBrake(env.DB, channel, brake),
    ...known,
  };
}

/** Which claimed messages go to addresses that the list of suppressions holds, with the reason. */
export async function barredOf(
  { env, seal }: { readonly env: Stored; readonly seal: (name: string) => string },
  rows: readonly PermitRow[],
): Promise<ReadonlyMap<string, string>> {
  // Until the first bounce nobody's address needs to be hashed.
  if ((await env.DB.prepare("SELECT 1 FROM suppressions WHERE lifted_at IS NULL LIMIT 1").first()) === null)
    return new Map();
  const hashes = new Map(rows.map(({ id, channel, address }) => [id, seal(suppressionName(channel, address))]));
  const found = await suppressedAddresses(env.DB, [...hashes.values()]);
  return new Map(
    rows.flatMap((row): [string, string][] => {
      const covers = found.get(hashes.get(row.id) ?? "");
      if (covers === undefined || (covers === "complaint" && row.class !== "marketing")) return [];
      return [[row.id, covers === "address" ? "suppressed_address" : "suppressed_complaint"]];
    }),
  );
}
