import { log } from "../../platform/log";
import { Families } from "../../scenarios/rehearsal-families";
import type { JournalPoint, RehearsalStep, RehearsalSum } from "../../scenarios/rehearsal-plan";
import { BEGINNING } from "../../scenarios/rehearsal-plan";
import type { RehearsalRow, StepChange } from "../../scenarios/rehearsal-store";
import {
  endRehearsal,
  findRehearsal,
  forgetParts,
  noteAttempt,
  noteStep,
  partResults,
  putPart,
} from "../../scenarios/rehearsal-store";
import { addUp } from "../../scenarios/rehearsal-totals";
import type { Services } from "../../services";
import { SECOND } from "../../shared/clock";
import { withLease } from "../lease";
import { readPage } from "../read-journal";
import { namedPast, pastOf } from "../rehearse";
import { castResolver } from "./cast";
import type { Stage } from "./play";
import { playPart, setStage } from "./play";
import { dropSpool, lineOf, putFamilies, putFile, readFamilies, readPlaces, sortFile } from "./spool";

/** Real milliseconds that one call works: a queue's consumer may take 30 seconds of CPU. */
const BUDGET = 12 * SECOND;
/** Longer than any call lasts. */
const LEASE = 60 * SECOND;
/** A step that fails so often in a row will not pass any more. */
const ATTEMPTS = 6;
/** Characters of events that are laid down together, and such files of a step: who belongs together is written after each. */
const FILE = 8_000_000;
const FILES = 4;
/** Characters of events that play together at most, about: however few events they are. */
const PART = 8_000_000;
/** Examples of what differs that are shown. */
const EXAMPLES = 50;

/** What a rehearsal is cut by. */
export interface Sizes {
  /** Events that play together, about: they are in memory at once. */
  readonly part: number;
}

export const SIZES: Sizes = { part: 25_000 };

/** What became of a call: nothing is left to do, more is, somebody else is at it, or it is tried again after a while. */
export type Outcome = "done" | "more" | "taken" | "later";

type StepOf<Phase> = Extract<RehearsalStep, { phase: Phase }>;

/** A call's way through the steps, with what it has in memory: whoever comes after reads it again. */
class Work {
  private families: Families | null = null;
  private stage: Stage | null = null;
  private places: readonly (readonly number[])[] | null = null;

  constructor(
    private readonly services: Services,
    private readonly sizes: Sizes,
  ) {}

  /** Takes the next step and notes it. False where somebody else was faster, or it was cancelled. */
  async step(row: RehearsalRow, step: RehearsalStep): Promise<boolean> {
    if (step.phase === "look") return this.look(row, step);
    if (step.phase === "lay") return this.lay(row, step);
    return step.phase === "play" ? this.play(row, step) : this.clean(row, step);
  }

  /** Copies the journal on, a few files at a time, and sees who belongs together. */
  private async look(row: RehearsalRow, step: StepOf<"look">): Promise<boolean> {
    const bucket = this.services.env.ARCHIVE;
    const families = await this.familiesOf(row, step.files === 0);
    if (families === null) return this.again(row);
    let { events } = row;
    let { point, files } = step;
    let isOver = false;
    for (const most = files + FILES; files < most && !isOver; ) {
      const seen = await this.lines(row, point, families);
      ({ point, isOver } = seen);
      events += seen.lines.length;
      if (seen.lines.length > 0) await putFile(bucket, row.id, files++, seen.lines);
    }
    await putFamilies(bucket, row.id, families.pack());
    if (!isOver) return this.note(row, { step: { phase: "look", point, files }, events });
    const parts = Math.max(1, Math.ceil(events / this.sizes.part), Math.floor((files * FILE) / PART));
    return this.note(row, { step: { phase: "lay", parts, files, file: 0 }, events });
  }

  /** The lines of the next file, and the point behind them. */
  private async lines({ plan }: RehearsalRow, from: JournalPoint, families: Families) {
    const lines: string[] = [];
    let point = from;
    for (let size = 0; size < FILE; ) {
      const page = await readPage(this.services, point, plan.until);
      if (page === null) return { lines, point, isOver: true };
      ({ point } = page);
      for (const one of await namedPast(this.services, pastOf(page.rows, plan.to))) {
        const line = lineOf(families.join(castResolver.keys(one.event)), one);
        size += line.length;
        lines.push(line);
      }
    }
    return { lines, point, isOver: false };
  }

  /** Sorts the next file by parts. */
  private async lay(row: RehearsalRow, step: StepOf<"lay">): Promise<boolean> {
    const families = await this.familiesOf(row, false);
    if (families === null) return this.again(row);
    const { parts, files, file } = step;
    if (file < files) {
      await sortFile(this.services.env.ARCHIVE, row.id, file, parts, (place) => families.partOf(place, parts));
      return this.note(row, { step: { ...step, file: file + 1 } });
    }
    this.families = null;
    return this.note(row, { step: { phase: "play", parts, files, part: 0 } });
  }

  /** Who belongs together, as far as it was seen; null where that is gone. */
  private async familiesOf({ id }: RehearsalRow, isFirst: boolean): Promise<Families | null> {
    if (this.families === null && isFirst) this.families = new Families();
    if (this.families === null) {
      const bytes = await readFamilies(this.services.env.ARCHIVE, id);
      this.families = bytes && Families.unpack(bytes);
    }
    return this.families;
  }

  /** From the beginning: what was laid down is gone. */
  private again(row: RehearsalRow): Promise<boolean> {
    return this.note(row, { step: { phase: "look", point: BEGINNING, files: 0 }, events: 0 });
  }

  /** Plays the next part. */
  private async play(row: RehearsalRow, step: StepOf<"play">): Promise<boolean> {
    const { env } = this.services;
    const { part, parts, files } = step;
    this.stage ??= await setStage(this.services, row);
    this.places ??= await readPlaces(env.ARCHIVE, row.id, files);
    const { result, sides } = await playPart(this.services, this.stage, part, parts, this.places);
    const next: RehearsalStep = part + 1 < parts ? { ...step, part: part + 1 } : { phase: "clean", parts };
    return this.note(row, { step: next }, putPart(env.DB, row, part, result, sides));
  }

  /** Adds up what the parts came to, and takes away what served to get there. */
  private async clean(row: RehearsalRow, step: StepOf<"clean">): Promise<boolean> {
    const { env, clock } = this.services;
    await dropSpool(env.ARCHIVE, row.id);
    const isDone = row.status === "running";
    const result = isDone && step.parts > 0 ? await sumOf(env.DB, row.id) : null;
    const change: StepChange = isDone
      ? { status: "done", result, step: null, finishedAt: clock.now() }
      : { step: null };
    return this.note(row, change, forgetParts(env.DB, row.id, !isDone));
  }

  private note(row: RehearsalRow, change: StepChange, writes: D1PreparedStatement[] = []): Promise<boolean> {
    return noteStep(this.services.env.DB, row, change, this.services.clock.now(), writes);
  }
}

/** What the parts of a rehearsal come to together. */
async function sumOf(db: D1Database, id: string): Promise<RehearsalSum | null> {
  let sum: RehearsalSum | null = null;
  for await (const page of partResults(db, id)) {
    for (const { events: _events, ...part } of page) {
      if (sum === null) {
        sum = part;
        continue;
      }
      sum = {
        totals: addUp(sum.totals, part.totals),
        compared: sum.compared && part.compared && addUp(sum.compared, part.compared),
        difference: sum.difference && part.difference && addUp(sum.difference, part.difference),
        examples: [...sum.examples, ...part.examples].slice(0, EXAMPLES),
        listed: sum.listed + part.listed,
        today: part.today,
      };
    }
  }
  return sum;
}

/** Carries a rehearsal on until it is over, or the time is up. Throws nothing: what failed is tried again. */
export async function rehearseOn(
  services: Services,
  id: string,
  budget: number = BUDGET,
  sizes: Sizes = SIZES,
  steps: number = Number.POSITIVE_INFINITY,
): Promise<Outcome> {
  const { DB } = services.env;
  const run = async (): Promise<Outcome> => {
    const until = Date.now() + budget;
    const work = new Work(services, sizes);
    for (let taken = 0; taken < steps; taken++) {
      const row = await findRehearsal(DB, id);
      if (!row?.step) return "done";
      if ((await noteAttempt(DB, id)) > ATTEMPTS) {
        await endRehearsal(DB, id, "failed", "too_large", services.clock.now());
        continue;
      }
      await work.step(row, row.step);
      if (Date.now() > until) return "more";
    }
    return "more";
  };
  try {
    return (await withLease(DB, `rehearsal:${id}`, Date.now(), LEASE, run)) ?? "taken";
  } catch (error) {
    log("rehearsal step failed", { rehearsal: id, error: String(error).slice(0, 300) });
    return "later";
  }
}
