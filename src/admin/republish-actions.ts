import type { Brand } from "../sends/brand";
import { brandMark } from "../sends/brand";
import type { StoredContent } from "../sends/input";
import { storedContent } from "../sends/input";
import type { Services } from "../services";
import { changeSettings } from "../services/revision";
import type { FieldError } from "../shared/fault";
import { Fault } from "../shared/fault";
import { LANGUAGES } from "../shared/language";
import { compileInput, findingsOf, problemsOf, readBrand } from "./content-actions";
import { contentInsertion } from "./content-store";

type StoredEmail = Extract<StoredContent, { channel: "email" }>;

/** A letter whose latest version has another brand in it than the shop's of now. */
interface Outdated {
  readonly key: string;
  readonly version: number;
  readonly definition: string;
}

/** What came of publishing letters again. */
export interface Republished {
  readonly published: readonly { readonly key: string; readonly version: number }[];
  /** Letters that cannot go out as they are, with what is wrong. */
  readonly refused: readonly { readonly key: string; readonly errors: readonly FieldError[] }[];
  /** Letters that still have another brand in them. */
  readonly left: readonly string[];
  /** Where to go on; null where every letter was looked at. */
  readonly next: string | null;
}

/** Letters of one call: each is compiled in both languages, and all of them are one batch of the database. */
const AT_ONCE = 10;

// `"mjml":` and no text, whose quotes are escaped: without its source a letter cannot be made anew.
const OUTDATED_SQL =
  "FROM contents AS c WHERE version = (SELECT max(version) FROM contents WHERE key = c.key) " +
  "AND definition ->> 'channel' = 'email' AND instr(definition, '\"mjml\":') > 0 AND instr(definition, 'brand.') > 0 " +
  "AND coalesce(definition ->> 'brand', '') <> ?1";

/** Keys of the letters that would look otherwise if they were published again now. */
export async function listOutdated(db: D1Database, brand: Brand): Promise<readonly string[]> {
  const { results } = await db
    .prepare(`SELECT key ${OUTDATED_SQL} ORDER BY key`)
    .bind(brandMark(brand))
    .all<{ key: string }>();
  return results.map(({ key }) => key);
}

/**
 * Publishes some letters again with the brand of now, each as its next version. A version says which brand it was made
 * with, so whatever dies half-way goes on from what is left, and whoever asks twice publishes once. A letter that
 * somebody publishes meanwhile keeps that version.
 *
 * @param after the key behind which it goes on; null from the first
 */
export async function republish(services: Services, after: string | null): Promise<Republished> {
  const { DB } = services.env;
  const brand = await readBrand(DB);
  const sql = `SELECT key, version, definition ${OUTDATED_SQL} AND key > ?2 ORDER BY key LIMIT ${AT_ONCE}`;
  const { results: rows } = await DB.prepare(sql)
    .bind(brandMark(brand), after ?? "")
    .all<Outdated>();
  const made: { readonly row: Outdated; readonly content: StoredContent }[] = [];
  const refused: { readonly key: string; readonly errors: readonly FieldError[] }[] = [];
  for (const row of rows) {
    try {
      made.push({ row, content: await madeAnew(services, row, brand) });
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault;
      refused.push({ key: row.key, errors: fault.errors });
    }
  }
  const now = services.clock.now();
  const stored =
    made.length === 0
      ? []
      : await changeSettings(
          services,
          made.map(({ row, content }) => contentInsertion(DB, content, now, row.version)),
        );
  const published = made.flatMap(({ row: { key } }, index) => {
    const [one] = (stored[index]?.results ?? []) as { readonly version: number }[];
    return one ? [{ key, version: one.version }] : [];
  });
  const left = await listOutdated(DB, brand);
  const last = rows.at(-1)?.key ?? "";
  const next = rows.length === AT_ONCE && left.some((key) => key > last) ? last : null;
  return { published, refused, left, next };
}

async function madeAnew(services: Services, { definition }: Outdated, brand: Brand): Promise<StoredContent> {
  const before = storedContent.parse(JSON.parse(definition)) as StoredEmail;
  const sources: { [One in (typeof LANGUAGES)[number]]?: { subject: string; preheader: string; mjml: string } } = {};
  for (const language of LANGUAGES) {
    const { subject = "", preheader = "", mjml } = before.texts[language] ?? {};
    if (mjml !== undefined) sources[language] = { subject, preheader, mjml };
  }
  const compiled = (await compileInput({ ...before, texts: sources }, brand)) as StoredEmail;
  // A language that was written as HTML has no source any more: it stays as it is.
  const content: StoredContent = { ...compiled, texts: { ...before.texts, ...compiled.texts } };
  const problem = problemsOf(findingsOf(services, content));
  if (problem) throw problem;
  return content;
}
