import { describe, expect, it } from "vitest";
import type { SeenMessage, SeenRun } from "../../../src/reports/why";
import { stepsOf } from "../../../src/reports/why";
import { withDefaults } from "../../../src/scenarios/live";
import { HOUR } from "../../../src/shared/clock";
import { NOW } from "../scenarios/facts";
import { scenario } from "../scenarios/scenario";

const terms = { shop: { zone: "Europe/Paris", currency: "EUR" }, table: () => undefined };
const definition = withDefaults(
  scenario({
    start: { type: "start.event", params: { event: "Begun" }, next: { next: "ask" } },
    ask: {
      type: "if.targeting",
      params: { rule: { type: "consent", key: "email" } },
      next: { yes: "mail", no: "out" },
    },
    mail: { type: "send.email", params: { content: "hello" }, next: { next: "wait" } },
    wait: { type: "wait.for", params: { duration: "P1D" }, next: { next: "out" } },
    out: { type: "exit" },
  }),
);

const run = (change: Partial<SeenRun> = {}): SeenRun => {
  const ended = { exitedAt: NOW + HOUR, outcome: "completed", reason: "end" };
  return { enteredAt: NOW, path: [], waits: null, ...ended, ...change };
};
const message = (change: Partial<SeenMessage> = {}): SeenMessage => {
  const about = { block: "mail", channel: "email", plannedAt: NOW, decidedAt: NOW + 5 };
  const inputs = JSON.stringify({ kill_switch: false });
  return { ...about, decision: "send", reason: "permitted", state: "sent", stateReason: null, inputs, ...change };
};
const told = (
  seen: SeenRun,
  messages: readonly SeenMessage[] = [],
  known: typeof definition | undefined = definition,
) => stepsOf(seen, { messages, acts: [] }, known, terms).map(({ words }) => words);

describe("why somebody got what they got", () => {
  const path = [
    { block: "start", at: NOW, output: "next" },
    { block: "ask", at: NOW, output: "yes" },
    { block: "mail", at: NOW, output: "next" },
  ];

  it("is told block by block, with each message behind its block and where the run waits", () => {
    const open = run({
      path,
      exitedAt: null,
      outcome: null,
      reason: null,
      waits: { block: "wait", due: NOW + 24 * HOUR },
    });
    const words = told(open, [message({ decision: "held", reason: "kill_switch", state: null })]);
    expect(words.map(({ en }) => en)).toEqual([
      "Came in.",
      "Starts on the event “Begun”.",
      "Checks whether the contact agrees to email. Way out: Yes.",
      "Sends an email: “hello”.",
      "The message “mail” (email) was put off. Waits: the kill switch is on.",
      "Waits here until 6 January 2026, 11:00 at most. Waits 1 day.",
    ]);
    expect(words.map(({ fr }) => fr.replaceAll("\u00a0", " ").replaceAll("\u202f", " "))).toEqual([
      "Est entré.",
      "Démarre sur l’événement « Begun ».",
      "Vérifie si le contact accepte les e-mails. Sortie : Oui.",
      "Envoie un e-mail : « hello ».",
      "Le message « mail » (e-mail) a été reporté. En attente : l’arrêt d’urgence est activé.",
      "Attend ici jusqu’au 6 janvier 2026 à 11:00 au plus. Attend 1 jour.",
    ]);
  });

  it("tells behind each block what it had done, and what came of it", () => {
    const acts = [{ block: "ask", at: NOW - 5, state: "refused", result: "too_many" }];
    const steps = stepsOf(run({ path }), { messages: [message()], acts }, definition, terms);
    expect(steps.map(({ kind }) => kind)).toEqual(["entered", "block", "block", "act", "block", "message", "left"]);
    expect(steps[3]).toMatchObject({ at: NOW, state: "refused", words: { en: expect.stringContaining("too much") } });
    expect(steps[5]?.inputs).toEqual({ decision: "send", reason: "permitted", kill_switch: false });
    const waiting = { block: "mail", at: NOW + 5, state: "pending", result: null };
    const open = run({ path: path.slice(0, 2), exitedAt: null, outcome: null, waits: { block: "mail", due: null } });
    expect(stepsOf(open, { messages: [], acts: [waiting] }, definition, terms).at(-1)).toMatchObject({
      kind: "act",
      words: { en: "Waits to be done.", fr: "En attente d’exécution." },
    });
  });

  it("says why somebody was not let in, and how they left", () => {
    expect(told(run({ outcome: "refused", reason: "filter:consent" }))).toMatchObject([
      { en: "Was not let in: Is not among those the scenario is for: a consent." },
    ]);
    expect(told(run({ path })).at(-1)?.en).toBe("Left: Went all the way.");
  });

  it("knows messages of runs whose way was not kept, and blocks that are gone", () => {
    const late = message({ plannedAt: null, decision: "suppressed", reason: "no_consent", state: null });
    expect(told(run(), [late]).map(({ en }) => en)).toEqual([
      "Came in.",
      "The message “mail” (email) was not sent. No consent for this channel.",
      "Left: Went all the way.",
    ]);
    const lost = { ...definition, blocks: {} };
    expect(told(run({ path }), [], lost)[1]?.en).toBe("“start”.");
  });
});
