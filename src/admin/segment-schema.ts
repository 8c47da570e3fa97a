import * as z from "zod";
import type { FailureCode } from "../segments/failure";
import { FAILURES } from "../segments/failure";
import { inputsWith, segmentKey } from "../segments/segment";
import { CAUSES } from "../segments/transition";
import type { LiveFamily } from "../services/segments/families";
import { contactId } from "../shared/ids";
import { time, timeText, words } from "./api";
import { rule } from "./rule-schema";
import type { FlowRow, MemberRow, TransitionRow } from "./segment-store";

const { simple, exclusive } = inputsWith(rule);

/** A segment, by its rule, or an exclusive family of segments. */
export const segmentInput = z.union([simple, exclusive]).openapi("SegmentInput", {
  example: { key: "vip", name: "VIP", rule: { type: "orders.count", op: "gte", value: 5 } },
});

/** The same without the key, which stands in the address. */
export const segmentChange = z
  .union([simple.omit({ key: true }), exclusive.omit({ key: true })])
  .openapi("SegmentChange");

/** What of a segment is to be another; what is left out stays. */
export const segmentPatch = z
  .strictObject({
    name: simple.shape.name.optional(),
    rule: simple.shape.rule.optional(),
    segments: exclusive.shape.segments.optional(),
    rest: exclusive.shape.rest.nullable(),
    everybody: simple.shape.everybody,
  })
  .openapi("SegmentPatch");

export const byKey = z.object({ key: segmentKey });

const count = z.number().int();
const inFamily = z.string().nullable();

export const segment = z
  .object({
    key: z.string(),
    name: z.string(),
    kind: z.enum(["simple", "exclusive"]),
    own: z.boolean().openapi({ description: "Made by the product, such as RFM; it cannot be changed here." }),
    rule: z.unknown().optional(),
    segments: z
      .array(z.object({ key: z.string(), name: z.string(), rule: z.unknown().optional(), contacts: count }))
      .openapi({ description: "Best first; of a simple segment itself." }),
    rest: z.object({ key: z.string(), name: z.string() }).optional(),
    everybody: z.boolean().openapi({ description: "Profiles that are not active count as well." }),
    contacts: count.openapi({ description: "In any of its segments, as of now." }),
    failed: z
      .object({ at: time, code: z.enum(Object.keys(FAILURES) as [FailureCode, ...FailureCode[]]), reason: words })
      .nullable()
      .openapi({
        description: "Since when and why it cannot be computed: its members are those of then. Others are computed.",
      }),
    computing: z.boolean().openapi({ description: "It is being computed over everybody." }),
    computed_at: time.nullable().openapi({ description: "When it was computed over everybody for the first time." }),
    created_at: time.nullable(),
    updated_at: time.nullable(),
  })
  .openapi("Segment");

export const member = z
  .object({
    contact_id: z.string(),
    external_id: z.string().nullable(),
    email: z.string().nullable(),
    segment: z.string(),
    since: time,
  })
  .openapi("SegmentMember");

export const transition = z
  .object({
    contact_id: z.string(),
    external_id: z.string().nullable(),
    from: inFamily,
    to: inFamily,
    cause: z.enum(CAUSES).openapi({
      description:
        "`act`: something happened; `decay`: time passed; `population_shift`: others moved; `first`: first computation; " +
        "`import`: loaded or merged; `rule`: defined anew. Only the first two are told as events.",
    }),
    at: time,
  })
  .openapi("SegmentTransition");

export const historyDay = z
  .object({
    day: z.string().openapi({ format: "date", description: "Of the shop's time zone." }),
    segment: z.string(),
    contacts: count.nullable().openapi({ description: "In the night that began it; null where that is not known." }),
    entered: count.openapi({ description: "During the day." }),
    left: count,
  })
  .openapi("SegmentDay");

export const flow = z
  .object({
    family: z.string(),
    segment: inFamily,
    from: z.string().openapi({ format: "date" }),
    to: z.string().openapi({ format: "date" }),
    flows: z.array(
      z.object({
        from: inFamily.openapi({ description: "Null is none of them." }),
        to: inFamily,
        contacts: count,
        causes: z.partialRecord(z.enum(CAUSES), count),
      }),
    ),
    entered: count.openapi({ description: "Into the segment, where one is asked for." }),
    left: count,
  })
  .openapi("SegmentFlow");

const day = z.iso.date({ error: "is not a date as in 2026-01-31" });

/** Days of the shop's time zone, both in it. */
export const span = { from: day.optional(), to: day.optional() };

/** A segment as every answer shows it. */
export function showSegment(family: LiveFamily, counts: ReadonlyMap<string, number>): z.output<typeof segment> {
  const { key, name, definition, state, createdAt, updatedAt } = { createdAt: null, updatedAt: null, ...family };
  const ruled = definition && "segments" in definition ? definition.segments : [];
  const parts = family.parts.map((part) => {
    const rule = ruled.find((one) => one.key === part.key)?.rule;
    return { ...part, ...(rule !== undefined && { rule }), contacts: counts.get(part.key) ?? 0 };
  });
  return {
    key,
    name,
    kind: definition && "rule" in definition ? "simple" : "exclusive",
    own: definition === undefined,
    ...(definition && "rule" in definition && { rule: definition.rule }),
    segments: parts,
    ...(definition && "segments" in definition && definition.rest && { rest: definition.rest }),
    everybody: definition?.everybody ?? definition === undefined,
    contacts: [...counts.values()].reduce((sum, one) => sum + one, 0),
    failed:
      state.failure === null
        ? null
        : { at: timeText(state.failedAt ?? 0), code: state.failure, reason: FAILURES[state.failure] },
    computing: state.pass !== null && state.failure === null,
    computed_at: timeText(state.computedAt),
    created_at: timeText(createdAt),
    updated_at: timeText(updatedAt),
  };
}

export function showMember(row: MemberRow): z.output<typeof member> {
  const { contact, external_id, email, segment: name, since } = row;
  return { contact_id: contactId(contact), external_id, email, segment: name, since: timeText(since) };
}

export function showTransition(row: TransitionRow): z.output<typeof transition> {
  const { contact, external_id, from, to, cause, at } = row;
  return { contact_id: contactId(contact), external_id, from, to, cause, at: timeText(at) };
}

/** What moved between segments in all, and into and out of one of them where it is named. */
export function showFlow(
  family: string,
  wanted: string | null,
  days: { readonly from: string; readonly to: string },
  rows: readonly FlowRow[],
): z.output<typeof flow> {
  const groups = Map.groupBy(rows, ({ from, to }) => JSON.stringify([from, to]));
  const sum = (some: readonly FlowRow[]): number => some.reduce((total, { contacts }) => total + contacts, 0);
  const flows = [...groups.values()].map((some) => {
    const causes = Object.fromEntries(some.map(({ cause, contacts }) => [cause, contacts]));
    return { from: some[0]?.from || null, to: some[0]?.to || null, contacts: sum(some), causes };
  });
  const entered = wanted === null ? 0 : sum(rows.filter(({ to }) => to === wanted));
  const left = wanted === null ? 0 : sum(rows.filter(({ from }) => from === wanted));
  return { family, segment: wanted, ...days, flows, entered, left };
}
