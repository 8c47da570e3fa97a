import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { contactId } from "../shared/ids";
import { finishTask } from "./act-actions";
import { shownDetails } from "./act-routes";
import type { ActRow } from "./act-store";
import { listTasks, TASK_CHOICES } from "./act-store";
import type { ServicesFor } from "./api";
import { answer, newApi, REFUSALS, time, timeText } from "./api";
import { idempotencyHeader } from "./idempotency";
import { listOf, Pager, pageQuery } from "./page";

const tags = ["Tasks"];

const task = z
  .object({
    id: z.string(),
    title: z.string(),
    note: z.string().nullable(),
    assignee: z.string().nullable(),
    contact_id: z.string(),
    scenario: z.string(),
    block: z.string(),
    created_at: time,
    done_at: time.nullable().openapi({ description: "null while it is open." }),
  })
  .openapi("Task");

const routes = {
  list: createRoute({
    method: "get",
    path: "/api/tasks",
    tags,
    summary: "Tasks that scenarios created for people, the latest first",
    request: { query: z.strictObject({ ...pageQuery, state: z.enum(TASK_CHOICES).default("open") }) },
    responses: { 200: answer("A page of tasks.", listOf(task)), ...REFUSALS },
  }),
  done: createRoute({
    method: "post",
    path: "/api/tasks/{id}/done",
    tags,
    summary: "Say that a task is done; once for ever, however often",
    request: { params: z.object({ id: z.string().min(1).max(120) }), headers: idempotencyHeader },
    responses: { 200: answer("The task.", task), ...REFUSALS },
  }),
};

/** What a task says of itself. */
export interface TaskText {
  readonly title: string;
  readonly note: string | null;
  readonly assignee: string | null;
}

/** Reads what a task is about out of its act. */
export function taskText(row: Pick<ActRow, "details">): TaskText {
  const { title, note, assignee } = shownDetails(row);
  const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null);
  return { title: textOf(title) ?? "", note: textOf(note), assignee: textOf(assignee) };
}

function show(row: ActRow): z.output<typeof task> {
  return {
    id: row.id,
    ...taskText(row),
    contact_id: contactId(row.contact),
    scenario: row.scenario,
    block: row.block,
    created_at: timeText(row.at),
    done_at: row.result === "closed" ? timeText(row.doneAt) : null,
  };
}

/** What people are to do because a scenario asked them to. */
export function taskRoutes(servicesFor: ServicesFor): OpenAPIHono {
  const app = newApi();
  app.openapi(routes.list, async (c) => {
    const { env, config } = servicesFor(c);
    const { state, ...query } = c.req.valid("query");
    const place = ({ at, contact, id }: ActRow): (string | number)[] => [at, contact, id];
    const pager = new Pager<ActRow>(config.LINK_SECRET, `${c.req.path}?${state}`, query, place);
    const { after } = pager;
    const behind = after && { at: Number(after[0]), contact: Number(after[1]), id: String(after[2]) };
    return c.json(pager.page(await listTasks(env.DB, state, behind, pager.limit + 1), show), 200);
  });
  app.openapi(routes.done, async (c) => c.json(show(await finishTask(servicesFor(c), c.req.valid("param").id)), 200));
  return app;
}
