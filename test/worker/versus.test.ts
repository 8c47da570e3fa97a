import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { keepVersion } from "../../src/admin/versus-actions";
import { findScenario, insertScenario, insertVersion } from "../../src/scenarios/admin-store";
import { lastTest } from "../../src/scenarios/versus-store";
import { servicesOf } from "../../src/services";
import type { Env } from "../../src/services/env";
import { scenario } from "../unit/scenarios/scenario";

const services = servicesOf(env as unknown as Env);
const { DB } = services.env;

const definition = scenario({
  start: { type: "start.event", params: { event: "Tried" }, next: { next: "end" } },
  end: { type: "exit" },
});

/** A scenario whose versions 1 and 2 run side by side. */
async function tested(id: string): Promise<string> {
  await insertScenario(DB, id, null, definition, 1);
  await insertVersion(DB, id, 1, definition, 2);
  const sql =
    "UPDATE scenarios SET state = 'active', live_version = 1, challenger_version = 2, challenger_share = 0.5, " +
    "challenger_since = 3 WHERE id = ?1";
  await DB.prepare(sql).bind(id).run();
  return id;
}

test("of two who end a test at once with different versions one is told that the other was kept", async () => {
  const id = await tested("versus-two");
  const answers = await Promise.allSettled([1, 2].map((version) => keepVersion(services, id, version)));
  const kept = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value.liveVersion] : []));
  const refused = answers.flatMap((answer) => (answer.status === "rejected" ? [answer.reason] : []));
  expect(kept).toHaveLength(1);
  expect(refused).toMatchObject([{ code: "conflict" }]);
  expect(await findScenario(DB, id)).toMatchObject({ liveVersion: kept[0], challenger: null });
  expect(await lastTest(DB, id)).toMatchObject({ kept: kept[0] });
});

test("two who end a test at once with the same version are one", async () => {
  const id = await tested("versus-same");
  const answers = await Promise.all([2, 2].map((version) => keepVersion(services, id, version)));
  expect(answers.map(({ liveVersion, challenger }) => [liveVersion, challenger])).toEqual([
    [2, null],
    [2, null],
  ]);
});
