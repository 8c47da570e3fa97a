import { deleteUnder } from "../../platform/bucket";
import type { Services } from "../../services";
import { Fault } from "../../shared/fault";
import type { ImportOrder } from "./begin";
import { layoutOf } from "./cut-step";
import { importPrefix, rawPrefix, readParts, storePart } from "./files";
import { Fingerprint } from "./fingerprint";
import type { ImportKind } from "./kind";
import { kindOfImport } from "./kinds";
import type { Plan } from "./plan";
import { wakeImport, workOn } from "./queue";
import type { ImportRow } from "./store";
import { findImport, forgetFiles, notePart, openImport, partsOf } from "./store";
import { readText } from "./text";
import { Work } from "./work";

/** The most that one request may bring; larger files come in parts. */
const MAX_BYTES = 95_000_000;
const MOST_PARTS = 200;
/** A file of so few bytes is most likely done before somebody asks: it is not left to the queue. */
const SMALL = 1_000_000;
/** Real milliseconds that a request may work on what it brought. */
const AT_ONCE = 10_000;
/** An upload that stores nothing for so long has been cut off. Real or local ms, whichever pass faster. */
const CUT_OFF = 60_000;

/** Opens an import whose file comes in parts. */
export async function openParts(services: Services, order: ImportOrder): Promise<void> {
  const known = await knownAlike(services, order);
  if (!known || known.status === "failed") await open(services, order);
}

/** Takes a file in as it comes; resolves once all of it is stored and its beginning makes sense. */
export async function takeFile(
  services: Services,
  order: ImportOrder,
  body: AsyncIterable<Uint8Array> | null,
): Promise<void> {
  const { DB, ARCHIVE } = services.env;
  const known = await knownAlike(services, order);
  const isUploading = known?.step?.phase === "upload";
  if (isUploading && services.clock.now() - known.touchedAt < CUT_OFF) {
    throw new Fault("conflict", "The first request with this Idempotency-Key is at work.");
  }
  const fingerprint = new Fingerprint(order.plan.asked ?? "");
  const file = fingerprint.reading(body);
  // A repeat under the same key goes on only where the first one broke off.
  if (known && known.status !== "failed" && !isUploading) {
    await measured(file);
    if (known.plan.fingerprint !== undefined && known.plan.fingerprint !== fingerprint.text()) throw another();
    return;
  }
  await open(services, order);
  try {
    const first = { part: 1, generation: crypto.randomUUID() };
    const part = await storePart(ARCHIVE, order.id, first, file, MAX_BYTES, tooLarge);
    await notePart(DB, order.id, part, services.clock.now());
    await begin(services, order.id, order.kind, { fingerprint: fingerprint.text() });
    if (part.bytes < SMALL) await workOn(services, order.id, AT_ONCE);
  } catch (error) {
    // A file that is refused leaves nothing; one that was cut off is found by the sweep.
    if (error instanceof Fault) await forget(services, order.id);
    throw error;
  }
  if ((await findImport(DB, order.id))?.step) await wakeImport(services, order.id);
}

/** What is known under an order's id. Throws unprocessable where that was asked for otherwise. */
async function knownAlike({ env }: Services, { id, plan }: ImportOrder): Promise<ImportRow | null> {
  const known = await findImport(env.DB, id);
  const isAnother = known?.plan.asked !== undefined && known.plan.asked !== plan.asked;
  if (isAnother && known.status !== "failed") throw another();
  return known;
}

/** Reads a file to its end and keeps nothing of it. */
async function measured(file: AsyncIterable<Uint8Array>): Promise<void> {
  let size = 0;
  for await (const bytes of file) {
    size += bytes.length;
    if (size > MAX_BYTES) throw tooLarge();
  }
}

function another(): Fault {
  return new Fault("unprocessable", "This Idempotency-Key was used for another request. Use a new one.");
}

function tooLarge(): Fault {
  return new Fault("too-large", `The file is larger than ${MAX_BYTES / 1_000_000} MB. Send it in parts.`);
}

async function open(services: Services, { id, kindName, kind, plan }: ImportOrder): Promise<void> {
  await deleteUnder(services.env.ARCHIVE, importPrefix(id));
  // Two that write orders must not do so beside each other: each adds to what it finds.
  await openImport(services.env.DB, { id, kind: kindName, plan, createdAt: services.clock.now() }, kind.lane ?? id);
}

async function forget(services: Services, id: string): Promise<void> {
  const { DB, ARCHIVE } = services.env;
  await deleteUnder(ARCHIVE, importPrefix(id));
  await DB.batch([...forgetFiles(DB, id), DB.prepare("DELETE FROM imports WHERE id = ?1").bind(id)]);
}

/** Takes one part of a file; a part that came before under the same number makes way. */
export async function takePart(
  services: Services,
  id: string,
  part: number,
  body: AsyncIterable<Uint8Array> | null,
): Promise<{ bytes: number }> {
  const { DB, ARCHIVE } = services.env;
  await awaited(services, id);
  if (part > MOST_PARTS) throw new Fault("unprocessable", `A file may come in up to ${MOST_PARTS} parts.`);
  const place = { part, generation: crypto.randomUUID() };
  // The import may be done by then, and its files deleted: nobody would find these any more.
  const leaveNothing = () => deleteUnder(ARCHIVE, rawPrefix(id, place));
  const stored = await storePart(ARCHIVE, id, place, body, MAX_BYTES, tooLarge).catch(async (error: unknown) => {
    await leaveNothing();
    throw error;
  });
  if (stored.bytes === 0) throw new Fault("invalid-input", "The part is empty.");
  const before = (await partsOf(DB, id)).find((one) => one.part === part);
  if (!(await notePart(DB, id, stored, services.clock.now()))) {
    await leaveNothing();
    throw complete();
  }
  // Only what this one takes the place of: another request may be sending the same part just now.
  if (before) await deleteUnder(ARCHIVE, rawPrefix(id, before));
  return { bytes: stored.bytes };
}

/** Reads an import on once all of its parts are there. Repeating it changes nothing. */
export async function completeParts(services: Services, id: string): Promise<void> {
  const row = await importOf(services, id);
  if (row.step?.phase !== "upload") return;
  const numbers = (await partsOf(services.env.DB, id)).map(({ part }) => part);
  if (numbers.length === 0) throw new Fault("invalid-input", "No part has come. Send PUT …/parts/1 first.");
  const missing = numbers.map((_, index) => index + 1).find((number) => !numbers.includes(number));
  if (missing !== undefined) throw new Fault("unprocessable", `Part ${missing} is missing.`);
  await begin(services, id, await kindOfImport(services, row.kind));
  await wakeImport(services, id);
}

/** An import by its id. Throws not-found. */
export async function importOf({ env }: Services, id: string): Promise<ImportRow> {
  const row = await findImport(env.DB, id);
  if (!row) throw new Fault("not-found", "No import has this id.");
  return row;
}

/** An import that still takes parts. */
async function awaited(services: Services, id: string): Promise<void> {
  const row = await importOf(services, id);
  if (row.step?.phase !== "upload") throw complete();
}

function complete(): Fault {
  return new Fault("conflict", "The import is complete; open another one.");
}

/** Looks at the beginning of what was uploaded and hands the rest to the steps. */
async function begin(
  services: Services,
  id: string,
  kind: ImportKind,
  more: Pick<Plan, "fingerprint"> = {},
): Promise<void> {
  const { DB, ARCHIVE } = services.env;
  const row = await findImport(DB, id);
  if (row?.step?.phase !== "upload") return;
  const text = readText(readParts(ARCHIVE, id, await partsOf(DB, id)));
  const { layout, from } = await layoutOf(text, kind, row.plan.mapping);
  await text.return(undefined);
  const plan = { ...row.plan, ...more, layout, from };
  const step = { phase: "cut", line: from.line, characters: from.characters, pieces: 0 } as const;
  await new Work(services, kind, row).note({ plan, step });
}
