import { listContents } from "../admin/content-store";
import { listCampaigns } from "../sends/campaigns/campaign-store";
import {
  campaignOf,
  cancelCampaign,
  confirmCampaign,
  countAudience,
  draftCampaign,
  pauseCampaign,
  resumeCampaign,
} from "../services/campaigns/confirm";
import { reportOf } from "../services/campaigns/report";
import { readSnapshot } from "../services/segments/families";
import { Fault } from "../shared/fault";
import { campaignIn } from "./campaign-form";
import { CampaignPage } from "./pages/campaign";
import { NewCampaignPage } from "./pages/campaign-form";
import { CampaignsPage } from "./pages/campaigns";
import { cutPage } from "./paging";
import type { ConsoleApp, ConsoleContext } from "./request";
import { formOf, pageOf } from "./request";
import { namedTerms, namesOf } from "./segment-names";
import { problemWords } from "./words/campaigns";

const ON_PAGE = 50;

/** Campaigns: the list, a new one, and the page of each, by the same calls as the admin API. */
export function addCampaigns(app: ConsoleApp): void {
  app.get("/admin/campaigns", list);
  app.get("/admin/campaigns/new", (context) => ask(context, null));
  app.post("/admin/campaigns/new", create);
  app.get("/admin/campaigns/:id", (context) => show(context, null));
  app.post("/admin/campaigns/:id/send", send);
  for (const [name, run] of Object.entries({ pause: pauseCampaign, resume: resumeCampaign, cancel: cancelCampaign })) {
    app.post(`/admin/campaigns/:id/${name}`, async (context) => {
      await formOf(context);
      await run(context.var.services, idOf(context));
      return context.redirect(pathOf(idOf(context)), 303);
    });
  }
}

function idOf(context: ConsoleContext): string {
  return context.req.param("id") ?? "";
}

function pathOf(id: string): string {
  return `/admin/campaigns/${encodeURIComponent(id)}`;
}

async function list(context: ConsoleContext): Promise<Response> {
  const { view, services } = context.var;
  const [at = "", id = ""] = (view.query["after"] ?? "").split("~");
  const after = /^\d{1,15}$/.test(at) ? { createdAt: Number(at), id } : null;
  const rows = await listCampaigns(services.env.DB, after, ON_PAGE + 1);
  const { shown, next } = cutPage(rows, ON_PAGE, (last) => ({ after: `${last.createdAt}~${last.id}` }));
  return pageOf(context, <CampaignsPage view={view} rows={shown} next={next} />);
}

async function ask(context: ConsoleContext, problem: string | null, given = new URLSearchParams()): Promise<Response> {
  const { view, services } = context.var;
  const [contents, { families }] = await Promise.all([listContents(services.env.DB), readSnapshot(services)]);
  const data = {
    segments: namesOf(families, view.language),
    // What needs a cart or an order reaches some of an audience only: it comes last.
    contents: contents
      .filter(({ key }) => !key.startsWith("optin_"))
      .toSorted((one, other) => one.needs.length - other.needs.length),
    problem,
    given,
  };
  return pageOf(context, <NewCampaignPage view={view} data={data} />, problem === null ? 200 : 422);
}

async function create(context: ConsoleContext): Promise<Response> {
  const { services, view } = context.var;
  const form = await formOf(context);
  const contents = await listContents(services.env.DB);
  try {
    const definition = campaignIn(form, (key) => contents.find((one) => one.key === key)?.channel, view.zone);
    const id = `cmp_${crypto.randomUUID().replaceAll("-", "").slice(0, 20)}`;
    await draftCampaign(services, id, definition);
    return context.redirect(pathOf(id), 303);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return ask(context, problemWords(view, error), form);
  }
}

async function show(context: ConsoleContext, problem: string | null): Promise<Response> {
  const { view, services } = context.var;
  const campaign = await campaignOf(services, idOf(context));
  const isDraft = campaign.state === "draft";
  const [audience, report, terms] = await Promise.all([
    isDraft ? countAudience(services, campaign.definition) : null,
    isDraft ? null : reportOf(services, campaign),
    namedTerms(services, campaign.definition.rule ?? { type: "segment", ...campaign.definition }),
  ]);
  const data = { campaign, audience, report, problem, currency: services.config.SHOP_CURRENCY };
  return pageOf(context, <CampaignPage view={{ ...view, terms }} data={data} />, problem === null ? 200 : 422);
}

async function send(context: ConsoleContext): Promise<Response> {
  const { services, view } = context.var;
  const id = idOf(context);
  // People write a large number with its groups.
  const typed = ((await formOf(context)).get("count") ?? "").replaceAll(/[\s\u202f\u00a0.,’']/g, "");
  try {
    await confirmCampaign(services, id, /^\d{1,9}$/.test(typed) ? Number(typed) : -1);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== "unprocessable") throw error;
    const words = view.say(
      "That is not the number of contacts in the audience. Read it again and type it.",
      "Ce n’est pas le nombre de contacts de l’audience. Relisez-le, puis saisissez-le.",
    );
    return show(context, words);
  }
  return context.redirect(pathOf(id), 303);
}
