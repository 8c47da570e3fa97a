import type { Context } from "hono";
import { Hono } from "hono";
import { readText } from "../platform/body";
import { isTwilioSigned } from "../platform/twilio";
import { Fault } from "../shared/fault";
import { derivedId } from "../shared/ids";
import { asksToStop } from "./stop-word";

/** What the route that text messages come in by needs. */
export interface TextDeps {
  readonly tokens: readonly string[];
  /** Our own address, as Twilio was told it; without a trailing slash. */
  readonly publicUrl: string;
  /** Ends text messages to a number, for whoever has it. `id` is that of the message that asks for it. */
  readonly stop: (phone: string, id: string) => Promise<void>;
  readonly refused: (reason: string) => void;
}

const MOST = 16 * 1024;
/** Nothing is said back: Twilio itself confirms a STOP, once. */
const SILENCE = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>';

/** `POST /webhooks/twilio/inbound`: what people answer to text messages. */
export function textRoutes(deps: (context: Context) => TextDeps): Hono {
  const app = new Hono();
  app.post("/webhooks/twilio/inbound", async (context) => {
    const ports = deps(context);
    const form = new URLSearchParams(await readText(context.req.raw, MOST));
    const { pathname, search } = new URL(context.req.url);
    const signature = context.req.header("X-Twilio-Signature") ?? "";
    if (!(await isTwilioSigned(ports.publicUrl + pathname + search, form, signature, ports.tokens))) {
      ports.refused("bad-signature");
      throw new Fault("unauthorized", "The signature is not that of this form under the account's token.");
    }
    const [phone, text, id] = ["From", "Body", "MessageSid"].map((name) => form.get(name) ?? "");
    // Twilio knows stop words of its own, by the country of the number.
    const isStop = form.get("OptOutType") === "STOP" || asksToStop(text ?? "");
    if (isStop && phone) await ports.stop(phone, derivedId("txt", "twilio", id || phone));
    return context.body(SILENCE, 200, { "Content-Type": "text/xml; charset=utf-8" });
  });
  return app;
}
