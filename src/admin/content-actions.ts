import { putSetting, readSetting } from "../platform/settings";
import type { Brand } from "../sends/brand";
import { branded, brandInput, brandMark, DEFAULT_BRAND } from "../sends/brand";
import { unreadable } from "../sends/brand-contrast";
import type { Finding } from "../sends/check";
import { checkContent, findingWords } from "../sends/check";
import type { Content } from "../sends/content";
import { htmlFault } from "../sends/html-check";
import type { ContentInput, StoredContent } from "../sends/input";
import { previewLinks } from "../sends/sample";
import { MAX_TEMPLATE } from "../sends/template";
import type { Services } from "../services";
import { compileMjml, inlineCss } from "../services/contents/markup";
import { changeSettings } from "../services/revision";
import type { FieldError } from "../shared/fault";
import { Fault } from "../shared/fault";
import type { Language } from "../shared/language";
import { LANGUAGES } from "../shared/language";
import type { ListedContent } from "./content-store";
import { contentInsertion, listContents } from "./content-store";

type EmailInput = Extract<ContentInput, { channel: "email" }>;
type EmailSource = NonNullable<EmailInput["texts"]["en"]>;

/** The setting that holds the brand. */
const BRAND = "brand";

/** How the shop's letters look. */
export async function readBrand(db: D1Database): Promise<Brand> {
  const text = await readSetting(db, BRAND);
  return text === null ? DEFAULT_BRAND : brandInput.parse(JSON.parse(text));
}

/** Sets how letters look from the next version on. Throws unprocessable for colours that could hardly be read. */
export async function saveBrand(services: Services, brand: Brand): Promise<void> {
  const errors = unreadable(brand);
  if (errors.length > 0) throw new Fault("unprocessable", "Some colours could hardly be read: see `errors`.", errors);
  await putSetting(services.env.DB, BRAND, JSON.stringify(brand)).run();
}

function refused(detail: string, pointer: string): Fault {
  return new Fault("invalid-input", "The request does not fit: see `errors`.", [{ pointer, detail }]);
}

/** One language's letter as it is stored: with the brand put in, MJML compiled, and CSS on the elements. */
async function made(text: EmailSource, language: Language, brand: Brand, isMarketing: boolean) {
  const field = text.mjml === undefined ? "html" : "mjml";
  const pointer = `/texts/${language}/${field}`;
  const put = branded(text.mjml ?? text.html ?? "", brand, language, isMarketing);
  if (put.unknown.length > 0) throw refused(`names ${put.unknown.join(", ")}, which the brand does not have`, pointer);
  const html = field === "mjml" ? await compileMjml(put.text, pointer) : await inlineCss(put.text, pointer);
  const fault = htmlFault(html);
  if (fault !== null) throw refused(`The HTML holds ${fault}.`, pointer);
  if (html.length > MAX_TEMPLATE)
    throw refused(`is longer than ${MAX_TEMPLATE} characters when it is compiled`, pointer);
  const { subject, preheader, mjml } = text;
  return { subject, preheader, html, ...(mjml !== undefined && { mjml }) };
}

/** A content as it would be stored if it were published now. Throws invalid-input. */
export async function compileInput(input: ContentInput, brand: Brand): Promise<StoredContent> {
  if (input.channel !== "email") return input;
  const isMarketing = input.class === "marketing";
  const texts: { [One in Language]?: Awaited<ReturnType<typeof made>> } = {};
  for (const language of LANGUAGES) {
    const text = input.texts[language];
    if (text) texts[language] = await made(text, language, brand, isMarketing);
  }
  return { ...input, texts, brand: brandMark(brand) };
}

/** Everything that can be said of a compiled content before anybody is sent it. */
export function findingsOf(services: Services, content: StoredContent, version = 0): readonly Finding[] {
  const { shop, config, clock } = services;
  const ground = { shop: groundShop(shop), links: previewLinks(config.PUBLIC_URL), now: clock.now() };
  return checkContent({ ...content, version } as Content, ground);
}

/** A shop that has not set its postal address yet can still look at what it writes. */
function groundShop(shop: Services["shop"]): Services["shop"] {
  return shop.postalAddress === "" ? { ...shop, postalAddress: "—" } : shop;
}

/** Why a content cannot go out, by what the checks found; null for one that can. */
export function problemsOf(found: readonly Finding[]): Fault | null {
  const errors = found.filter(({ level }) => level === "error");
  if (errors.length === 0) return null;
  const places: FieldError[] = errors.map((finding) => ({
    pointer: finding.language === null ? "/texts" : `/texts/${finding.language}`,
    detail: findingWords(finding).en,
  }));
  return new Fault("unprocessable", "The content cannot be sent as it is: see `errors`.", places);
}

/** What publishing came to: the version, and what is worth a look all the same. */
export interface Published {
  readonly content: ListedContent;
  readonly findings: readonly Finding[];
}

/**
 * Stores a content as the next version of its key. Throws invalid-input for markup that cannot be compiled or must not
 * be in a mail, unprocessable where the key is another channel's or the checks find errors.
 */
export async function publishContent(services: Services, input: ContentInput): Promise<Published> {
  const { DB } = services.env;
  const known = (await listContents(DB)).find(({ key }) => key === input.key);
  if (known && known.channel !== input.channel) {
    const errors = [{ pointer: "/channel", detail: `is ${known.channel} for this key` }];
    throw new Fault("unprocessable", "Scenarios send this key by another channel. Take another key.", errors);
  }
  if (known && known.class !== input.class) {
    // What is transactional passes caps and consent: a letter that is out must not become so by an edit.
    const errors = [{ pointer: "/class", detail: `is ${known.class} for this key` }];
    throw new Fault("unprocessable", "The class of a content never changes. Take another key.", errors);
  }
  const content = await compileInput(input, await readBrand(DB));
  const findings = findingsOf(services, content);
  const refusal = problemsOf(findings);
  if (refusal) throw refusal;
  const now = services.clock.now();
  const [stored] = await changeSettings(services, [contentInsertion(DB, content, now)]);
  const version = (stored?.results[0] as { version: number } | undefined)?.version ?? 0;
  const { key, channel, class: kind, needs } = content;
  return { content: { key, channel, class: kind, needs, version, origin: "own", createdAt: now }, findings };
}
