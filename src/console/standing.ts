import type { Services } from "../services";
import { readSending } from "../services/sending";
import { largestHoldout } from "./store";
import type { View } from "./view";

/** What holds messages back on a developer's machine, where little does. */
export async function demoStanding(services: Services): Promise<Pick<View, "holdout" | "keepsHours" | "caps">> {
  const [holdout, { windows, caps }] = await Promise.all([largestHoldout(services.env.DB), readSending(services)]);
  return { holdout, keepsHours: windows.on, caps: caps.length };
}
