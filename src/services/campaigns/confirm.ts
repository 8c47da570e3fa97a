import { definitionFaults } from "../../segments/length";
import { ruleFaults } from "../../segments/rule";
import { targetSql } from "../../segments/target";
import type { Campaign } from "../../sends/campaigns/campaign-store";
import {
  confirmDraft,
  findCampaign,
  goOn,
  moveCampaign,
  moveDue,
  openPages,
  putDraft,
} from "../../sends/campaigns/campaign-store";
import type { CampaignDefinition } from "../../sends/campaigns/definition";
import { armsOf, audienceRule, rampOf } from "../../sends/campaigns/definition";
import { dueAgain, startOf } from "../../sends/campaigns/plan";
import type { Content } from "../../sends/content";
import { STARTER_CONTENTS } from "../../sends/contents";
import { sellingWords } from "../../sends/selling-words";
import type { Services } from "../../services";
import type { FieldError } from "../../shared/fault";
import { Fault } from "../../shared/fault";
import { readParts, readSnapshot } from "../segments/families";
import { wakeCampaign } from "./queue";

/** A campaign; throws not-found. */
export async function campaignOf({ env }: Services, id: string): Promise<Campaign> {
  const found = await findCampaign(env.DB, id);
  if (!found) throw new Fault("not-found", "There is no campaign of this id.");
  return found;
}

/** How many are in an audience by now. Whether each may be written to is asked when the messages are made. */
export async function countAudience(
  services: Services,
  definition: CampaignDefinition,
): Promise<{ readonly contacts: number; readonly reachable: number }> {
  await services.tables.read();
  const target = { rule: audienceRule(definition), everybody: definition.everybody };
  const { text, values } = targetSql(target, services.clock.now(), services.terms, 1);
  const { channel } = definition;
  const column = { email: "c.email", sms: "c.phone", push: "c.external_id" }[channel];
  const agreed = definition.class === "service" ? "1" : `json_extract(c.consents, '$.${channel}.state') = 'granted'`;
  const sql =
    `SELECT count(*) AS contacts, count(*) FILTER (WHERE ${column} IS NOT NULL AND ${agreed}) AS reachable ` +
    `FROM contacts c WHERE ${text}`;
  const row = await services.env.DB.prepare(sql)
    .bind(...values)
    .first<{ contacts: number; reachable: number }>();
  return row ?? { contacts: 0, reachable: 0 };
}

/** Writes a draft down. Throws unprocessable where its audience or its contents are none. */
export async function draftCampaign(services: Services, id: string, definition: CampaignDefinition): Promise<Campaign> {
  await check(services, definition);
  const name = definition.name ?? definition.content;
  await putDraft(services.env.DB, { id, name, definition }, services.clock.now());
  return campaignOf(services, id);
}

/** What is wrong with a campaign beyond its form, thrown as unprocessable; returns the versions by arm. */
async function check(services: Services, definition: CampaignDefinition): Promise<Record<string, number>> {
  await services.tables.read();
  const errors: FieldError[] = [...(await audienceFaults(services, definition))];
  const versions: Record<string, number> = {};
  for (const [index, [arm, key]] of Object.entries(armsOf(definition)).entries()) {
    const pointer = index === 0 ? "/content" : `/test/contents/${index - 1}`;
    const content = await newestContent(services, key);
    if (content) versions[arm] = content.version;
    errors.push(...contentFaults(content, definition).map((detail) => ({ pointer, detail })));
  }
  const { schedule } = definition;
  const stated = schedule?.mode === "local" ? `${schedule.date}T${schedule.time}:00Z` : schedule?.at;
  // Half a day behind us some clocks still show it.
  if (stated !== undefined && Date.parse(stated) < services.clock.now() - 12 * 3_600_000) {
    errors.push({ pointer: "/schedule", detail: "is over" });
  }
  if (errors.length > 0)
    throw new Fault("unprocessable", "The campaign cannot be sent like this: see `errors`.", errors);
  return versions;
}

async function audienceFaults(services: Services, definition: CampaignDefinition): Promise<FieldError[]> {
  const { segment, family = segment, everybody } = definition;
  if (definition.rule) {
    const faults = ruleFaults(definition.rule, services.terms);
    const own = faults.map((fault) => ({ ...fault, pointer: `/rule${fault.pointer}` }));
    return own.length > 0 ? own : definitionFaults({ rule: definition.rule, everybody }, services.terms);
  }
  const parts = (await readParts(services, await readSnapshot(services))).get(family ?? "");
  if (parts?.has(segment ?? "")) return [];
  const known = parts ? `; ${family} has ${[...parts].join(", ")}` : "";
  return [{ pointer: "/segment", detail: `is none: there is no segment ${segment}${known}` }];
}

async function newestContent(services: Services, key: string): Promise<Content | null> {
  const sql = "SELECT max(version) AS version FROM contents WHERE key = ?1";
  const own = await services.env.DB.prepare(sql).bind(key).first<number>("version");
  const starter = (STARTER_CONTENTS as Readonly<Record<string, Content>>)[key];
  const version = own ?? starter?.version;
  return version === undefined ? null : services.content(key, version);
}

function contentFaults(content: Content | null, { channel, class: kind }: CampaignDefinition): string[] {
  if (!content) return ["is no content"];
  const faults: string[] = [];
  if (content.channel !== channel) faults.push(`is for ${content.channel}, and the campaign for ${channel}`);
  if ((content.class === "marketing") !== (kind === "marketing")) {
    faults.push(
      kind === "marketing"
        ? "is no marketing: it has no way to unsubscribe"
        : "is marketing, and a notice sells nothing",
    );
  }
  const words = kind === "service" ? sellingWords(content.texts) : null;
  if (words !== null) faults.push(`sells something ("${words}"), and a notice does not`);
  return faults;
}

/**
 * Confirms a draft by the number of people whom it is for: whoever types another number has not read it (case H11). Throws
 * conflict where it is no draft, unprocessable for another number.
 */
export async function confirmCampaign(services: Services, id: string, typed: number): Promise<Campaign> {
  const campaign = await campaignOf(services, id);
  if (campaign.state !== "draft") throw new Fault("conflict", `The campaign is ${campaign.state}, and no draft.`);
  const { contacts } = await countAudience(services, campaign.definition);
  if (contacts === 0) throw new Fault("unprocessable", "Nobody is in this audience.");
  if (typed !== contacts) {
    const errors = [
      { pointer: "/confirm_count", detail: `is not the number of contacts, which is ${contacts} by now` },
    ];
    throw new Fault("unprocessable", `The campaign is for ${contacts} contacts: type that number.`, errors);
  }
  const versions = await check(services, campaign.definition);
  const now = services.clock.now();
  const startsAt = startOf(campaign.definition.schedule, now);
  if (!(await confirmDraft(services.env.DB, id, { audience: contacts, startsAt, versions }, now))) {
    throw new Fault("conflict", "Somebody else has confirmed or cancelled it meanwhile.");
  }
  await wakeCampaign(services, id);
  return campaignOf(services, id);
}

/** Stops a campaign where it is: nothing leaves that has no permit yet. Throws conflict where it is not on its way. */
export async function pauseCampaign(services: Services, id: string): Promise<Campaign> {
  return move(services, id, "paused");
}

/** Ends a campaign for good: what has not left never will. Throws conflict where it is over. */
export async function cancelCampaign(services: Services, id: string): Promise<Campaign> {
  const cancelled = await move(services, id, "cancelled");
  await wakeCampaign(services, id);
  return cancelled;
}

const FROM = { paused: ["confirmed"], cancelled: ["draft", "confirmed", "paused"] } as const;

async function move(services: Services, id: string, to: keyof typeof FROM): Promise<Campaign> {
  const { state } = await campaignOf(services, id);
  const { meta } = await moveCampaign(services.env.DB, id, FROM[to], to, null, services.clock.now()).run();
  if (meta.changes === 0) throw new Fault("conflict", `The campaign is ${state}, and cannot be ${to}.`);
  return campaignOf(services, id);
}

/** Goes on with a paused campaign. What was due meanwhile leaves as its schedule has it. */
export async function resumeCampaign(services: Services, id: string): Promise<Campaign> {
  const { DB } = services.env;
  const campaign = await campaignOf(services, id);
  if (campaign.state !== "paused") throw new Fault("conflict", `The campaign is ${campaign.state}, and not paused.`);
  const now = services.clock.now();
  const ramp = rampOf(campaign.definition, campaign.audience ?? 0);
  const kept = (await openPages(DB, id)).filter(({ releasedAt, dueAt }) => releasedAt === null && dueAt !== null);
  const first = Math.min(...kept.map(({ stage }) => stage));
  let lateFrom = now;
  for (const page of kept) {
    const dueAt = dueAgain(campaign.definition, ramp, page, first, now);
    if (dueAt !== page.dueAt) await moveDue(DB, id, page.page, dueAt);
    if (page.state === "prepared") lateFrom = Math.max(lateFrom, dueAt);
  }
  await goOn(DB, campaign, lateFrom, now);
  await wakeCampaign(services, id);
  return campaignOf(services, id);
}
