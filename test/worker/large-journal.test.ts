import { expect, test } from "vitest";
import type { LedgerEvent } from "../../src/events/event";
import { servicesOf } from "../../src/services";
import { eraseDue } from "../../src/services/erase";
import { emptyContacts } from "../../src/services/erase-begin";
import { retain } from "../../src/services/retain";
import { DAY } from "../../src/shared/clock";
import { strictD1 } from "../support/chaos-d1";
import { bindings, rowOf, services } from "../support/marked";

const { DB } = bindings;
const strict = servicesOf({ ...bindings, DB: strictD1(DB) });

/** Requests of an import: many people's events in one row of the journal each, together more than D1 takes as a value. */
async function imported(mark: string): Promise<void> {
  const receivedAt = Date.now() - 40 * DAY;
  for (let request = 0; request < 6; request++) {
    const events = Array.from({ length: 300 }, (_, index): LedgerEvent => {
      const id = `${mark}-${request}-${index}`;
      const properties = { text: "字".repeat(500) };
      const user = index === 0 ? mark : `other-${index}`;
      return { id, type: "track", name: "Said", at: receivedAt, trust: "import", user, origin: "hashed", properties };
    });
    expect(await services.append({ receivedAt, events }, null)).toEqual({ status: "stored" });
  }
}

const rowsWith = (text: string): Promise<number | null> =>
  DB.prepare("SELECT count(*) AS n FROM journal WHERE instr(body, ?1) > 0").bind(text).first<number>("n");

test("somebody who stands in many large requests is erased out of each, and nobody else", async () => {
  await imported("zqlarge");
  const contact = (await rowOf("u:zqlarge")) ?? -1;
  expect(await rowsWith('"zqlarge"')).toBe(6);
  await emptyContacts(services, "prv_zqlarge", [contact], true);
  await eraseDue(strict);
  expect(await rowsWith('"zqlarge"')).toBe(0);
  expect(await rowsWith('"other-299"')).toBe(6);
});

test("the hashes of network addresses go out of many large requests", async () => {
  await imported("zqorigin");
  await DB.prepare("UPDATE cursor SET woken = applied").run();
  expect(await rowsWith('"hashed"')).toBeGreaterThanOrEqual(6);
  await retain(strict);
  expect(await rowsWith('"hashed"')).toBe(0);
});
