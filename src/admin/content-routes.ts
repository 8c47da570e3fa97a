import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import type { Finding } from "../sends/check";
import { findingWords } from "../sends/check";
import { contentInput, storedContent } from "../sends/input";
import type { Services } from "../services";
import { Fault } from "../shared/fault";
import type { ServicesFor } from "./api";
import { answer, body, newApi, REFUSALS, timeText } from "./api";
import { compileInput, findingsOf, publishContent, readBrand } from "./content-actions";
import { previewContent, sendTest } from "./content-preview";
import {
  content,
  contentKey,
  finding,
  preview,
  previewInput,
  published,
  testInput,
  version as versionSchema,
} from "./content-schema";
import type { ContentVersion, ListedContent } from "./content-store";
import { listContents, listVersions } from "./content-store";
import { idempotencyHeader } from "./idempotency";

const tags = ["Contents"];
const none = z.strictObject({});

const routes = {
  list: createRoute({
    method: "get",
    path: "/api/contents",
    tags,
    summary: "Every content, as it is sent now",
    request: { query: none },
    responses: {
      200: answer("All contents, by key.", z.object({ data: z.array(content), next_cursor: z.null() })),
      ...REFUSALS,
    },
  }),
  create: createRoute({
    method: "post",
    path: "/api/contents",
    tags,
    summary: "Publish a new version of a content",
    description:
      "It is what every message that is decided from now on is made of. Templates are Liquid; an email's body is given as " +
      "`html` or as `mjml`, which is compiled here, with the brand of the moment put in. What could not be sent to " +
      "everybody is refused with 422 and its places; `findings` are worth a look all the same.",
    request: { body: body(contentInput), headers: idempotencyHeader },
    responses: { 201: answer("The content with its version.", published), ...REFUSALS },
  }),
  check: createRoute({
    method: "post",
    path: "/api/contents/check",
    tags,
    summary: "Say what publishing would say, without storing anything",
    request: { body: body(contentInput) },
    responses: { 200: answer("What was found.", z.object({ findings: z.array(finding) })), ...REFUSALS },
  }),
  versions: createRoute({
    method: "get",
    path: "/api/contents/{key}",
    tags,
    summary: "A content with its versions, the latest first",
    description: "The latest hundred. What a message was made of is named in it by its version.",
    request: { params: contentKey, query: none },
    responses: {
      200: answer("The content.", content.extend({ versions: z.array(versionSchema), findings: z.array(finding) })),
      ...REFUSALS,
    },
  }),
  preview: createRoute({
    method: "post",
    path: "/api/contents/{key}/preview",
    tags,
    summary: "A content as somebody would get it",
    description: "For a typical contact, the emptiest, the longest-named, or any contact. Nobody is written to.",
    request: { params: contentKey, body: body(previewInput) },
    responses: { 200: answer("The rendered message.", preview), ...REFUSALS },
  }),
  test: createRoute({
    method: "post",
    path: "/api/contents/{key}/test",
    tags,
    summary: "Send a content to some of the shop's own people, marked as a test",
    description:
      "Addresses must be among `ADMIN_EMAILS`. Text messages, notifications and the like go where the contact with that " +
      "address is reached. It counts nowhere and ends no subscription.",
    request: { params: contentKey, body: body(testInput), headers: idempotencyHeader },
    responses: {
      200: answer(
        "What became of each.",
        z.object({ data: z.array(z.object({ to: z.string(), outcome: z.string() })) }),
      ),
      ...REFUSALS,
    },
  }),
};

function show({ createdAt, needs, ...row }: ListedContent): z.output<typeof content> {
  return { ...row, needs: [...needs], created_at: timeText(createdAt) };
}

function showFinding(found: Finding): z.output<typeof finding> {
  return { ...found, words: findingWords(found) };
}

/** A version of a content, the latest where none is named; throws not-found. */
export async function versionOf(services: Services, key: string, version?: number): Promise<ContentVersion> {
  const versions = await listVersions(services.env.DB, key);
  const found = version === undefined ? versions[0] : versions.find((one) => one.version === version);
  if (!found) throw new Fault("not-found", "There is no such content, or no such version of it.");
  return found;
}

/** What messages are made of. */
export function contentRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.list, async (c) => {
    return c.json({ data: (await listContents(servicesFor(c).env.DB)).map(show), next_cursor: null }, 200);
  });
  app.openapi(routes.create, async (c) => {
    const { content: made, findings } = await publishContent(servicesFor(c), c.req.valid("json"));
    return c.json({ ...show(made), findings: findings.map(showFinding) }, 201);
  });
  app.openapi(routes.check, async (c) => {
    const services = servicesFor(c);
    const compiled = await compileInput(c.req.valid("json"), await readBrand(services.env.DB));
    return c.json({ findings: findingsOf(services, compiled).map(showFinding) }, 200);
  });
  app.openapi(routes.versions, async (c) => {
    const services = servicesFor(c);
    const { key } = c.req.valid("param");
    const latest = await versionOf(services, key);
    const versions = await listVersions(services.env.DB, key);
    const { channel, class: kind, needs } = latest.content;
    const origin = latest.createdAt === null ? ("starter" as const) : ("own" as const);
    const shown = versions.map(({ version, createdAt, content: { texts } }) => {
      return { version, created_at: timeText(createdAt), texts: { ...texts } as Record<string, unknown> };
    });
    const head = show({
      key,
      channel,
      class: kind,
      needs,
      version: latest.version,
      origin,
      createdAt: latest.createdAt,
    });
    const findings = findingsOf(services, storedContent.parse(latest.content)).map(showFinding);
    return c.json({ ...head, versions: shown, findings }, 200);
  });
  app.openapi(routes.preview, async (c) => {
    const services = servicesFor(c);
    const { to, language, version } = c.req.valid("json");
    const found = await versionOf(services, c.req.valid("param").key, version);
    const { message, ...rest } = await previewContent(services, found.content, to, language ?? null);
    const { subject, html, text, headers, links, url = null } = message;
    const shown = { key: found.content.key, version: found.version, subject, html, text, url };
    return c.json({ ...shown, headers: { ...headers }, links: [...links], ...rest }, 200);
  });
  app.openapi(routes.test, async (c) => {
    const services = servicesFor(c);
    const { to, as, language, version } = c.req.valid("json");
    const found = await versionOf(services, c.req.valid("param").key, version);
    return c.json({ data: [...(await sendTest(services, found.content, to, as, language ?? null))] }, 200);
  });
  return app;
}
