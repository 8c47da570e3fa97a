import type { Content } from "../sends/content";
import { STARTER_CONTENTS } from "../sends/contents";
import type { StoredContent } from "../sends/input";
import { storedContent } from "../sends/input";
import type { Language } from "../shared/language";
import { LANGUAGES } from "../shared/language";

/** A content as lists show it: the version that is sent now. */
export interface ListedContent {
  readonly key: string;
  readonly channel: string;
  readonly class: string;
  readonly needs: readonly string[];
  readonly version: number;
  /** `starter`: what the product brings; `own`: written by the shop, in the starter's place where it has its key. */
  readonly origin: "starter" | "own";
  readonly createdAt: number | null;
}

/** Own versions of a key that the product brings too start here, so that a later release's version is no other's. */
const OWN_OVER_STARTER = 1_000;

/** Every content by its key, the shop's own before ours. */
export async function listContents(db: D1Database): Promise<ListedContent[]> {
  const sql =
    "SELECT key, max(version) AS version, definition ->> 'channel' AS channel, definition ->> 'class' AS class, " +
    "definition ->> 'needs' AS needs, created_at AS createdAt FROM contents GROUP BY key";
  const { results } = await db.prepare(sql).all<Omit<ListedContent, "needs"> & { needs: string }>();
  const own = results.map((row) => ({ ...row, needs: JSON.parse(row.needs) as string[], origin: "own" as const }));
  const keys = new Set(own.map(({ key }) => key));
  const starters = Object.values(STARTER_CONTENTS)
    .filter(({ key }) => !keys.has(key))
    .map(({ key, channel, class: kind, needs, version }) => {
      return { key, channel, class: kind, needs, version, origin: "starter" as const, createdAt: null };
    });
  return [...own, ...starters].sort((left, right) => (left.key < right.key ? -1 : 1));
}

/** The first line of every content as it is sent now, by key and language, in Liquid: its subject, its title or its words. */
export async function listFirstLines(db: D1Database): Promise<ReadonlyMap<string, Readonly<Record<Language, string>>>> {
  const line = (language: Language) =>
    `substr(coalesce(${["subject", "title", "body"].map((field) => `definition ->> '$.texts.${language}.${field}'`).join(", ")}, ''), 1, 200)`;
  const sql =
    `SELECT key, ${LANGUAGES.map((language) => `${line(language)} AS ${language}`).join(", ")}, max(version) FROM contents ` +
    "GROUP BY key";
  const { results } = await db.prepare(sql).all<{ key: string } & Record<Language, string>>();
  const starters = Object.values(STARTER_CONTENTS).map(({ key, texts }): [string, Record<Language, string>] => {
    const first = (language: Language): string => {
      const { subject, title, body } = texts[language] as Partial<Record<"subject" | "title" | "body", string>>;
      return subject ?? title ?? body ?? "";
    };
    return [key, { en: first("en"), fr: first("fr") }];
  });
  return new Map([...starters, ...results.map(({ key, en, fr }) => [key, { en, fr }] as const)]);
}

/**
 * Stores a content as the next version of its key; the first result's row has the version.
 *
 * @param over the version that it was made from: where another is the latest by then, nothing is stored
 */
export function contentInsertion(
  db: D1Database,
  content: StoredContent,
  now: number,
  over: number | null = null,
): D1PreparedStatement {
  const base = Object.hasOwn(STARTER_CONTENTS, content.key) ? OWN_OVER_STARTER : 0;
  const sql =
    "INSERT INTO contents (key, version, definition, created_at) " +
    "SELECT ?1, coalesce(max(version), ?2) + 1, ?3, ?4 FROM contents WHERE key = ?1 " +
    "HAVING ?5 IS NULL OR max(version) = ?5 RETURNING version";
  return db.prepare(sql).bind(content.key, base, JSON.stringify(content), now, over);
}

/** A version of a content, and when it was published (epoch ms); null where the product brings it. */
export interface ContentVersion {
  readonly version: number;
  readonly createdAt: number | null;
  readonly content: Content;
}

/** Every version of a content, the latest first: the shop's own, and ours behind them. */
export async function listVersions(db: D1Database, key: string): Promise<ContentVersion[]> {
  const sql =
    "SELECT version, created_at AS createdAt, definition FROM contents WHERE key = ?1 ORDER BY version DESC LIMIT 100";
  const { results } = await db.prepare(sql).bind(key).all<{ version: number; createdAt: number; definition: string }>();
  const own = results.map(({ version, createdAt, definition }) => {
    return { version, createdAt, content: { ...storedContent.parse(JSON.parse(definition)), key, version } };
  });
  const starter: Content | undefined = Object.hasOwn(STARTER_CONTENTS, key)
    ? STARTER_CONTENTS[key as keyof typeof STARTER_CONTENTS]
    : undefined;
  return starter ? [...own, { version: starter.version, createdAt: null, content: starter }] : own;
}
