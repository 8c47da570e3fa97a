import { expect, it } from "vitest";
import { FATES_BY_RANK, farthest, readActs } from "../../../src/console/how-far";
import { HAPPENED } from "../../../src/console/words/labels";

it("a message's fate is the farthest of what happened, whatever came first", () => {
  const acts = readActs('[["clicked",30],["delivered",10],["opened",20]]');
  expect(acts.map(({ kind }) => kind)).toEqual(["delivered", "opened", "clicked"]);
  expect(farthest(acts)?.kind).toBe("clicked");
  expect(farthest(acts.toReversed())?.kind).toBe("clicked");
  expect(farthest(readActs('[["complained",5],["clicked",30]]'))?.kind).toBe("complained");
  expect(farthest(readActs('[["machine",5],["delivered",30]]'))?.kind).toBe("machine");
  expect(farthest(readActs("[]"))).toBeNull();
  expect(readActs('[["unheard_of",1]]')).toEqual([]);
});

it("every fate has its words", () => {
  expect(Object.keys(HAPPENED).sort()).toEqual([...FATES_BY_RANK].sort());
});
