import type * as z from "zod";
import { mentionsOf } from "../scenarios/segment-use";
import { cycleOf } from "../segments/family";
import { ruleFaults } from "../segments/rule";
import type { SegmentDefinition } from "../segments/segment";
import { checkParts, familyOfSegment, rulesOf, segmentsIn } from "../segments/segment";
import type { StoredSegment } from "../segments/segment-store";
import { findSegment, listSegments, markRemoving, putSegment } from "../segments/segment-store";
import type { Services } from "../services";
import { changeSettings } from "../services/revision";
import type { LiveFamily } from "../services/segments/families";
import { OWN_KEYS, readSnapshot } from "../services/segments/families";
import { computePasses, firstPass, keepSegments, rulePasses } from "../services/segments/keep";
import type { FieldError } from "../shared/fault";
import { Fault } from "../shared/fault";
import type { segmentPatch } from "./segment-schema";

/** Steps that a request makes itself: some ten thousand contacts. The rest goes on behind it. */
const AT_ONCE = 2;

type Behind = (work: Promise<unknown>) => void;

/** A family by its key, the product's own ones too; throws not-found. */
export async function familyOf(services: Services, key: string): Promise<LiveFamily> {
  const { families } = await readSnapshot(services);
  const found = families.find((family) => family.key === key);
  if (!found) throw new Fault("not-found", "No segment has this key.");
  return found;
}

/**
 * Makes a segment and computes it: small shops at once, others behind the answer. Throws conflict where the key is
 * another's, unprocessable where its rule cannot be computed.
 */
export async function createSegment(
  services: Services,
  input: { readonly key: string; readonly name: string } & SegmentDefinition,
  behind: Behind,
): Promise<void> {
  const { key, name, ...definition } = input;
  const { DB } = services.env;
  const known = await findSegment(DB, key);
  if (known?.state === "removing")
    throw new Fault("conflict", "A segment of this key is being deleted. Try again later.");
  const isSame = known?.name === name && JSON.stringify(known.definition) === JSON.stringify(definition);
  if (known && !isSame) throw new Fault("conflict", "Another segment has this key. Change it by PUT.");
  if (OWN_KEYS.has(key)) throw new Fault("conflict", "The product has a family of segments under this key.");
  if (!known) {
    await check(services, key, definition);
    const now = services.clock.now();
    await changeSettings(services, [putSegment(DB, { key, name, definition }, now), ...firstPass(DB, key, now)]);
  }
  await computeNow(services, behind);
}

/** Gives a segment another name or definition; a new definition is computed over everybody, and nothing is told of it. */
export async function changeSegment(
  services: Services,
  key: string,
  change: { readonly name: string; readonly definition: SegmentDefinition },
  behind: Behind,
): Promise<void> {
  const { DB } = services.env;
  const known = await segmentOf(services, key);
  const now = services.clock.now();
  const put = putSegment(DB, { key, ...change }, now);
  if (JSON.stringify(known.definition) === JSON.stringify(change.definition)) {
    await put.run();
    return;
  }
  await check(services, key, change.definition);
  const { families } = await readSnapshot(services);
  const others = families.filter((family) => family.key !== key);
  const changed = [familyOfSegment(key, change.definition, services.terms), ...others];
  await changeSettings(services, [put, ...rulePasses(DB, changed, key, now)]);
  await computeNow(services, behind);
}

/** What a PATCH makes of a segment. Throws unprocessable where both kinds would be mixed. */
export function patched(
  { name, definition }: StoredSegment,
  patch: z.output<typeof segmentPatch>,
): { name: string; definition: SegmentDefinition } {
  const { name: newName = name, rule, segments, rest, everybody = definition.everybody } = patch;
  const among = everybody === undefined ? {} : { everybody };
  const isSimple = "rule" in definition;
  if (isSimple ? segments !== undefined || (rest ?? null) !== null : rule !== undefined) {
    const pointer = isSimple ? "/segments" : "/rule";
    const errors = [{ pointer, detail: "is of the other kind of segment; PUT it as a whole" }];
    throw new Fault("unprocessable", "A segment keeps its kind.", errors);
  }
  if ("rule" in definition) return { name: newName, definition: { rule: rule ?? definition.rule, ...among } };
  const last = rest === undefined ? definition.rest : rest;
  const parts = segments ?? definition.segments;
  return { name: newName, definition: { segments: parts, ...(last && { rest: last }), ...among } };
}

/** Deletes a segment with what is stored of it. Throws conflict with where it is in use. */
export async function removeSegment(services: Services, key: string): Promise<void> {
  const { DB } = services.env;
  await segmentOf(services, key);
  const uses = (await readUses(services))(key).map(({ kind, id, name }) =>
    kind === "segment" ? `segment ${id}` : `scenario ${id} (${name})`,
  );
  if (uses.length > 0) throw new Fault("conflict", `The segment is in use: ${uses.join("; ")}.`);
  await changeSettings(services, markRemoving(DB, key));
}

/** A segment that the shop defined; throws not-found, conflict for one of the product's own. */
export async function segmentOf(services: Services, key: string): Promise<StoredSegment> {
  if (OWN_KEYS.has(key)) throw new Fault("conflict", "This family is the product's own and cannot be changed here.");
  const found = await findSegment(services.env.DB, key);
  if (!found || found.state === "removing") throw new Fault("not-found", "No segment has this key.");
  return found;
}

/** Something that looks at a segment. */
export interface SegmentUse {
  readonly kind: "segment" | "scenario";
  readonly id: string;
  readonly name: string;
}

/** Where segments are in use, by their keys: by other segments, and by scenarios that run or wait. */
export async function readUses(services: Services): Promise<(key: string) => readonly SegmentUse[]> {
  const stored = (await listSegments(services.env.DB)).filter(({ state }) => state === "ready");
  const { playbook } = await services.briefings.read();
  return (key) => {
    const segments = stored.filter(({ key: own, definition }) => {
      return own !== key && rulesOf(definition).some(({ rule }) => segmentsIn(rule).includes(key));
    });
    const scenarios = playbook.live.filter(({ definition }) => mentionsOf(definition).includes(key));
    return [
      ...segments.map(({ key: id, name }) => ({ kind: "segment" as const, id, name })),
      ...scenarios.map(({ id, definition }) => ({ kind: "scenario" as const, id, name: definition.name })),
    ];
  };
}

/** Throws unprocessable where two segments have one key, a rule looks at a segment that is none, or at itself. */
async function check(services: Services, key: string, definition: SegmentDefinition): Promise<void> {
  const { families } = await readSnapshot(services);
  const others = families.filter((family) => family.key !== key);
  const known = new Set([key, ...OWN_KEYS, ...others.map((family) => family.key)]);
  const errors: FieldError[] = checkParts(definition);
  for (const { pointer, rule } of rulesOf(definition)) {
    for (const fault of ruleFaults(rule, services.terms))
      errors.push({ ...fault, pointer: `${pointer}${fault.pointer}` });
    for (const wanted of segmentsIn(rule)) {
      if (!known.has(wanted)) errors.push({ pointer, detail: `looks at the segment ${wanted}, which there is not` });
      const cycle = cycleThrough(key, wanted, others);
      if (cycle) errors.push({ pointer, detail: `looks at itself: ${cycle.join(" → ")}` });
    }
  }
  if (errors.length > 0) throw new Fault("unprocessable", "The segment cannot be computed: see `errors`.", errors);
}

/** The way back to a segment by way of one that its rule looks at. */
function cycleThrough(key: string, wanted: string, others: readonly LiveFamily[]): string[] | null {
  return cycleOf([{ key, dependsOn: [wanted] }, ...others], key);
}

async function computeNow(services: Services, behind: Behind): Promise<void> {
  await computePasses(services, AT_ONCE);
  const { families } = await readSnapshot(services);
  if (families.some(({ state }) => state.pass !== null)) behind(keepSegments(services));
}
