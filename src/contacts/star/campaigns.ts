import type { Feed, StarTable } from "./table";
import { plain } from "./table";

const addressed = (columns: readonly string[]): Feed => ({
  from: "server",
  read(properties, { at }) {
    const campaign = plain(properties["campaign_id"]);
    if (campaign === null) return null;
    const values = Object.fromEntries(columns.map((column) => [column, properties[column]]));
    return { id: campaign, values: { ...values, campaign, addressed_at: at }, whole: true };
  },
});

/** Campaigns of a store that a contact was meant by: a door that opens, a sale in the neighbourhood. */
export const localCampaigns: StarTable = {
  name: "local_campaigns",
  title: { en: "Local campaigns", fr: "Campagnes locales" },
  description: "Campaigns of a store, each with its window of time.",
  family: "interaction",
  contact: "required",
  unique: "contact",
  columns: {
    campaign: { type: "text", required: true },
    name: { type: "text" },
    store: { type: "text" },
    starts_at: { type: "time" },
    ends_at: { type: "time" },
    addressed_at: { type: "time" },
  },
  feeds: { "local campaign targeted": addressed(["name", "store", "starts_at", "ends_at"]) },
};

/** Notifications of the shop's app that another tool has sent. What we send ourselves stands among the messages. */
export const pushCampaigns: StarTable = {
  name: "push_campaigns",
  title: { en: "Push campaigns", fr: "Campagnes push" },
  description: "Notifications that another tool has sent, and whether they were opened.",
  family: "interaction",
  contact: "required",
  unique: "contact",
  columns: {
    campaign: { type: "text", required: true },
    name: { type: "text" },
    platform: { type: "text" },
    addressed_at: { type: "time" },
    opened_at: { type: "time" },
  },
  feeds: {
    "push campaign sent": addressed(["name", "platform"]),
    "push campaign opened": {
      from: "server",
      read(properties, { at }) {
        const campaign = plain(properties["campaign_id"]);
        return campaign === null ? null : { id: campaign, values: { campaign, opened_at: at }, whole: false };
      },
    },
  },
};
