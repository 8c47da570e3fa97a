import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ACT_RESULTS, actResultWords } from "../../../src/reports/act-words";

/** What the performers' code can answer: a new word without a sentence must fail here, not in the console. */
function resultsOf(text: string): string[] {
  const answers = [...text.matchAll(/\bresult(?: =|:)(?=.*")([^,};]*)/g)].map(([, answer]) => answer ?? "");
  return answers.flatMap((answer) => [...answer.matchAll(/"([a-z_]+)"/g)].map(([, word]) => word ?? ""));
}

describe("what came of an act", () => {
  test("has words for whatever a performer can answer", () => {
    const folder = "src/services/acts";
    const texts = readdirSync(folder).map((file) => readFileSync(`${folder}/${file}`, "utf8"));
    const found = [...new Set(texts.flatMap(resultsOf))];
    expect(found).toEqual(expect.arrayContaining(["issued", "given_up", "asked", "not_settled"]));
    expect(found.filter((word) => !Object.hasOwn(ACT_RESULTS, word))).toEqual([]);
  });

  test("says what another side answered, and shows a word of another release as it is", () => {
    expect(actResultWords("status-503", "en")).toBe("The address answered with 503");
    expect(actResultWords("status-503", "fr")).toBe("L’adresse a répondu 503");
    expect(actResultWords("moon", "en")).toBe("moon");
    expect(actResultWords(null, "fr")).toBe("En attente d’exécution");
  });
});
