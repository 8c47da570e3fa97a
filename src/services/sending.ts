import type { SendingSettings } from "../decisions/sending";
import { sendingFaults } from "../decisions/sending";
import { putSetting, readSetting } from "../platform/settings";
import type { Services } from "../services";
import { Fault } from "../shared/fault";
import { changeSettings } from "./revision";
import { SENDING_KEY, sendingOf } from "./sending-settings";

/** How often and when messages may leave, as it is set. */
export async function readSending({ env, isLocal }: Pick<Services, "env" | "isLocal">): Promise<SendingSettings> {
  return sendingOf(await readSetting(env.DB, SENDING_KEY), isLocal);
}

/**
 * Sets it as a whole, for whatever is decided from then on: what waits is asked about by it when its time comes. Throws a
 * Fault that names what cannot be.
 */
export async function saveSending(services: Services, settings: SendingSettings): Promise<void> {
  const faults = sendingFaults(settings);
  if (faults.length > 0) throw new Fault("unprocessable", "Messages may not leave like that: see `errors`.", faults);
  await changeSettings(services, [putSetting(services.env.DB, SENDING_KEY, JSON.stringify(settings))]);
}
