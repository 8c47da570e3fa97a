import type { Collection } from "../collection";

/** What somebody is in by now, one row for each family. */
export const members: Collection = {
  key: "segment_members",
  words: { one: { en: "segment", fr: "segment" }, many: { en: "segments", fr: "segments" } },
  from: "segment_members g",
  contact: "g.contact",
  own: true,
  at: "g.since",
  fields: {
    family: { type: "text", sql: "g.family", isCode: true, words: { en: "family", fr: "famille" }, feminine: true },
    segment: { type: "text", sql: "g.segment", isCode: true, words: { en: "segment", fr: "segment" } },
  },
};

/** How somebody went from one to the other. */
export const transitions: Collection = {
  key: "segment_transitions",
  words: { one: { en: "transition", fr: "transition" }, many: { en: "transitions", fr: "transitions" } },
  from: "segment_transitions g",
  contact: "g.contact",
  own: true,
  at: "g.at",
  fields: {
    family: { type: "text", sql: "g.family", words: { en: "family", fr: "famille" }, feminine: true },
    to: { type: "text", sql: "g.to_segment", words: { en: "to", fr: "vers" } },
    cause: { type: "text", sql: "g.cause", words: { en: "cause", fr: "cause" }, feminine: true },
  },
};
