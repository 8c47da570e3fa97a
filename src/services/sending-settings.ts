import type { SendingSettings } from "../decisions/sending";
import { DEFAULT_SENDING, OPEN_SENDING, sendingInput } from "../decisions/sending";

/** The setting that holds how often and when messages may leave. */
export const SENDING_KEY = "sending";

/** What is stored, or what a shop begins with: the local demo shop holds nothing back. */
export function sendingOf(stored: string | null, isLocal: boolean): SendingSettings {
  if (stored === null) return isLocal ? OPEN_SENDING : DEFAULT_SENDING;
  return sendingInput.parse(JSON.parse(stored));
}
