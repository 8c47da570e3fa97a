import { deleteUnder } from "../../platform/bucket";
import { cutFile } from "./cut-step";
import { importPrefix } from "./files";
import { writeOrders } from "./order-step";
import { partitionPiece } from "./partition-step";
import type { Step } from "./plan";
import { readPiece } from "./read-step";
import { writeRefunds } from "./refund-step";
import { forgetFiles } from "./store";
import type { Work } from "./work";

type Phase = Step["phase"];
type StepOf<Name extends Phase> = (work: Work, step: Extract<Step, { phase: Name }>) => Promise<void>;

/** What is done in each phase of an import, one piece of work a call. Each can be repeated and then counts once. */
const STEPS: { readonly [Name in Phase]: StepOf<Name> } = {
  // Whoever uploads does it.
  upload: () => Promise.resolve(),
  cut: cutFile,
  read: (work, step) => {
    const { kind } = work;
    return kind.write === "orders" ? partitionPiece(work, kind, step) : readPiece(work, kind, step);
  },
  orders: writeOrders,
  refunds: writeRefunds,
  clean: async (work) => {
    const { env } = work.services;
    await deleteUnder(env.ARCHIVE, importPrefix(work.id));
    await work.note({ step: null }, {}, forgetFiles(env.DB, work.id));
  },
};

/** Does the next step of an import. */
export function takeStep<Name extends Phase>(work: Work, step: Extract<Step, { phase: Name }>): Promise<void> {
  return (STEPS[step.phase] as StepOf<Name>)(work, step);
}
