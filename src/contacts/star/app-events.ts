import type { Feed, StarTable } from "./table";
import { plain } from "./table";

const MOST_PROPERTIES = 2_000;

const happened = (name: string): Feed => ({
  from: "anyone",
  read(properties, { id, at }) {
    const device = plain(properties["device_id"]);
    // What does not fit is left in the journal.
    const fits = JSON.stringify(properties).length <= MOST_PROPERTIES;
    const values = { device_id: device, name, properties: fits ? properties : undefined, happened_at: at };
    return { id, values, whole: true };
  },
});

/** Names of Segment's mobile specification; screens count in the visit. */
const NAMES = [
  "application installed",
  "application opened",
  "application updated",
  "application uninstalled",
  "deep link opened",
  "push notification received",
  "push notification tapped",
] as const;

/** What somebody does with the shop's app beside looking at screens. */
export const appEvents: StarTable = {
  name: "app_events",
  title: { en: "App events", fr: "Événements application mobile" },
  description: "Installations, openings, deep links and taps on notifications.",
  family: "interaction",
  contact: "required",
  unique: "contact",
  columns: {
    device_id: { type: "text" },
    name: { type: "text", required: true },
    properties: { type: "json" },
    happened_at: { type: "time", required: true },
  },
  feeds: Object.fromEntries(NAMES.map((name) => [name, happened(name)])),
};
