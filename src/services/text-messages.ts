import { normalisePhone } from "../contacts/address";
import { ownEvent } from "../events/event";
import type { Services } from "../services";
import { derivedId } from "../shared/ids";
import type { TextDeps } from "../tracking/text-routes";

/** What the route of incoming text messages is made of. */
export function textDeps(services: Services): TextDeps {
  const { env, config, clock } = services;
  const tokens = ["TWILIO_AUTH_TOKEN", "TWILIO_AUTH_TOKEN_NEXT"].flatMap((name) => {
    const value = env[name];
    return typeof value === "string" && value.trim() !== "" ? [value.trim()] : [];
  });
  return {
    tokens,
    publicUrl: config.PUBLIC_URL,
    async stop(phone, id) {
      // Read through without an index: it would cost a row at every change of a contact, and a STOP is rare.
      const sql = "SELECT id FROM contacts WHERE phone = ?1 AND status IN ('anonymous', 'verified')";
      const number = normalisePhone(phone, null) ?? phone;
      const { results } = await env.DB.prepare(sql).bind(number).all<{ id: number }>();
      const properties = { consent: "sms", source: "STOP by text message", way: "one_click" };
      const events = results.map((row) =>
        ownEvent(derivedId("evt", id, row.id), "consent.withdrawn", clock.now(), row.id, properties),
      );
      if (events.length > 0) await services.say(events, "The withdrawal could not be stored. Send it again.");
    },
    refused: (reason) => services.notes.refused("twilio", { [reason]: 1 }),
  };
}
