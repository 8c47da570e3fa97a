import type * as z from "zod";
import { placesIn } from "../scenarios/segment-use";
import { cycleOf } from "../segments/family";
import { definitionFaults } from "../segments/length";
import { beginPass } from "../segments/progress-store";
import { ruleFaults } from "../segments/rule";
import type { SegmentDefinition } from "../segments/segment";
import { checkParts, familyOfSegment, partsOf, rulesOf } from "../segments/segment";
import type { StoredSegment } from "../segments/segment-store";
import { findSegment, markRemoving, putSegment } from "../segments/segment-store";
import type { Services } from "../services";
import type { LiveFamily, Snapshot } from "../services/segments/families";
import { OWN_KEYS, readParts, readSnapshot } from "../services/segments/families";
import { isTaken } from "../services/segments/isolate";
import { computePasses, keepSegments } from "../services/segments/keep";
import { passesOf } from "../services/segments/passes";
import { saveChecked } from "../services/segments/save";
import type { FieldError } from "../shared/fault";
import { Fault } from "../shared/fault";
import type { segmentPatch } from "./segment-schema";
import { inWords, readUses, usesOfParts } from "./segment-uses";

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
  if (OWN_KEYS.has(key)) throw new Fault("conflict", "The product has a family of segments under this key.");
  await saveChecked(services, async (snapshot) => {
    const known = await findSegment(DB, key);
    if (known?.state === "removing")
      throw new Fault("conflict", "A segment of this key is being deleted. Try again later.");
    const isSame = known?.name === name && JSON.stringify(known.definition) === JSON.stringify(definition);
    if (known && !isSame) throw new Fault("conflict", "Another segment has this key. Change it by PUT.");
    if (known) return null;
    await check(services, snapshot, key, definition);
    const now = services.clock.now();
    return [putSegment(DB, { key, name, definition }, now), ...beginPass(DB, key, "first", now)];
  });
  await computeNow(services, behind);
}

/** Gives a segment another name or definition; a new definition is computed over everybody, and nothing is told of it. */
export async function changeSegment(
  services: Services,
  key: string,
  change: SegmentChange | ((known: StoredSegment) => SegmentChange),
  behind: Behind,
): Promise<void> {
  const { DB } = services.env;
  await saveChecked(services, async (snapshot) => {
    const known = await segmentOf(services, key);
    const { name, definition } = typeof change === "function" ? change(known) : change;
    const now = services.clock.now();
    const put = putSegment(DB, { key, name, definition }, now);
    if (JSON.stringify(known.definition) === JSON.stringify(definition)) return [put];
    await check(services, snapshot, key, definition);
    await checkUses(services, known, definition);
    const others = snapshot.families.filter((family) => family.key !== key);
    const changed = [familyOfSegment(key, definition, services.terms), ...others];
    return [put, ...passesOf(DB, changed, key, "rule", now)];
  });
  await computeNow(services, behind);
}

/** What is to stand in a segment's place. */
interface SegmentChange {
  readonly name: string;
  readonly definition: SegmentDefinition;
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
  await saveChecked(services, async () => {
    await segmentOf(services, key);
    const uses = (await readUses(services))(key);
    if (uses.length > 0) throw new Fault("conflict", `The segment is in use: ${inWords(uses)}.`);
    return markRemoving(services.env.DB, key);
  });
}

/** A segment that the shop defined; throws not-found, conflict for one of the product's own. */
export async function segmentOf(services: Services, key: string): Promise<StoredSegment> {
  if (OWN_KEYS.has(key)) throw new Fault("conflict", "This family is the product's own and cannot be changed here.");
  const found = await findSegment(services.env.DB, key);
  if (!found || found.state === "removing") throw new Fault("not-found", "No segment has this key.");
  return found;
}

/** Throws conflict where a segment would go that something looks at. */
async function checkUses(services: Services, known: StoredSegment, definition: SegmentDefinition): Promise<void> {
  const keysOf = (of: SegmentDefinition): string[] => partsOf(known.key, "", of).map(({ key }) => key);
  const left = keysOf(definition);
  const gone = keysOf(known.definition).filter((key) => !left.includes(key));
  const uses = gone.length > 0 ? await usesOfParts(services, known.key, gone) : [];
  if (uses.length > 0) throw new Fault("conflict", `${gone.join(", ")} would go and is in use: ${inWords(uses)}.`);
}

/**
 * Throws unprocessable where two segments have one key, a rule looks at a segment that is none, or at itself, or where
 * the database cannot take the whole.
 */
async function check(
  services: Services,
  snapshot: Snapshot,
  key: string,
  definition: SegmentDefinition,
): Promise<void> {
  const others = snapshot.families.filter((family) => family.key !== key);
  const parts = await readParts(services, snapshot);
  const errors: FieldError[] = checkParts(definition);
  for (const { pointer, rule } of rulesOf(definition)) {
    for (const fault of ruleFaults(rule, services.terms))
      errors.push({ ...fault, pointer: `${pointer}${fault.pointer}` });
    for (const { family: wanted, segment } of placesIn(rule)) {
      if (wanted !== key) errors.push(...partFaults(pointer, wanted, segment, parts.get(wanted)));
      const cycle = cycleThrough(key, wanted, others);
      if (cycle) errors.push({ pointer, detail: `looks at itself: ${cycle.join(" → ")}` });
    }
  }
  if (errors.length === 0) errors.push(...definitionFaults(definition, services.terms));
  if (errors.length === 0 && !(await isTaken(services.env.DB, familyOfSegment(key, definition, services.terms)))) {
    const pointer = "rule" in definition ? "/rule" : "/segments";
    errors.push({ pointer, detail: "is more than the database takes at once; use fewer conditions and filters" });
  }
  if (errors.length > 0) throw new Fault("unprocessable", "The segment cannot be computed: see `errors`.", errors);
}

function partFaults(
  pointer: string,
  family: string,
  segment: string,
  parts: ReadonlySet<string> | undefined,
): FieldError[] {
  if (!parts) return [{ pointer, detail: `looks at the segment ${family}, which there is not` }];
  if (parts.has(segment)) return [];
  const known = [...parts].join(", ");
  return [{ pointer, detail: `looks at ${segment} of ${family}, which has no such segment; it has ${known}` }];
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
