import type { Catalog } from "../contacts/stored-table";
import { impersonal } from "../contacts/stored-table";

/** Tables of what is sent to many, or could be. Messages themselves are their contacts'. */
export const SEND_TABLES: Catalog = {
  contents: impersonal("Contents of messages", "They say what to print"),
  campaigns: impersonal("Campaigns: what, to whom, when, and how far they are", "They say what to send"),
  campaign_pages: impersonal(
    "Row numbers of contacts that a campaign was frozen for, without anything else of them",
    "It goes on after a crash, and nobody comes in later",
  ),
};
