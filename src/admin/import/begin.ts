import type { Services } from "../../services";
import { Fault } from "../../shared/fault";
import type { Attestation, ImportKind } from "./kind";
import { IMPORT_KINDS, importKindOf } from "./kinds";
import { mappingNamed } from "./mapping-named";
import type { Plan } from "./plan";

/** How somebody asks for an import. */
export interface ImportWish {
  readonly kind: string;
  readonly mapping?: string | undefined;
  readonly attest_source?: string | undefined;
  /** ISO 8601. */
  readonly attest_at?: string | undefined;
  readonly parts?: string | undefined;
}

/** What an import is told when it is opened. */
export interface ImportOrder {
  readonly id: string;
  readonly kindName: string;
  readonly kind: ImportKind;
  readonly plan: Pick<Plan, "attested" | "mapping" | "asked">;
}

/** An import as it is wished for. Throws unprocessable for no kind or mapping, invalid-input for half an attestation. */
export async function importOrder(services: Services, id: string, wish: ImportWish): Promise<ImportOrder> {
  const kind = await importKindOf(services, wish.kind);
  if (!kind) {
    const errors = [{ pointer: "/kind", detail: `is none of ${Object.keys(IMPORT_KINDS).join(", ")}, nor a table` }];
    throw new Fault("unprocessable", "There is no import of this kind.", errors);
  }
  const mapping = wish.mapping === undefined ? null : await mappingNamed(services, wish.mapping, wish.kind);
  const attested = attestationOf(wish, services.clock.now());
  const { attest_source: source, attest_at: date, parts = "false" } = wish;
  const asked = JSON.stringify([wish.kind, wish.mapping, source, date, parts]);
  return { id, kindName: wish.kind, kind, plan: { attested, mapping, asked } };
}

function attestationOf({ attest_source: source, attest_at: at }: ImportWish, now: number): Attestation | null {
  if (source === undefined && at === undefined) return null;
  const refused = (pointer: string, detail: string): Fault =>
    new Fault("invalid-input", "An attestation is a source and a date of the past.", [{ pointer, detail }]);
  if (source === undefined) throw refused("/attest_source", "is missing");
  if (at === undefined) throw refused("/attest_at", "is missing");
  if (!(Date.parse(at) <= now)) throw refused("/attest_at", "lies in the future");
  return { source, at: Date.parse(at) };
}
