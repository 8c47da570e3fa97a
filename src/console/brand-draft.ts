import type { Brand } from "../sends/brand";
import { brandInput, PALETTE } from "../sends/brand";
import type { FieldError } from "../shared/fault";
import { pointersOf } from "../shared/pointer";

const SCHEMES = ["colours", "night"] as const;
const PLAIN = ["logo", "logo_width", "heading_font", "body_font", "radius", "countdown"] as const;

/** The form of the brand, field by field, as somebody typed it. Names are those of the API, `colours.ink`. */
export type BrandDraft = Readonly<Record<string, string>>;

/** The form of a brand. */
export function brandDraftOf(brand: Brand): BrandDraft {
  const plain = PLAIN.map((name): [string, string] => [name, String(brand[name] ?? "")]);
  const colours = SCHEMES.flatMap((scheme) =>
    PALETTE.map((name): [string, string] => [`${scheme}.${name}`, brand[scheme][name]]),
  );
  return Object.fromEntries([...plain, ...colours]);
}

/** What was posted, field by field. */
export function readBrandDraft(form: URLSearchParams): BrandDraft {
  const names = [...PLAIN, ...SCHEMES.flatMap((scheme) => PALETTE.map((name) => `${scheme}.${name}`))];
  return Object.fromEntries(names.map((name) => [name, (form.get(name) ?? "").trim()]));
}

/** A number as typed; whatever is none is left for the schema to refuse. */
function numbered(text: string): unknown {
  return /^\d{1,4}$/.test(text) ? Number(text) : text;
}

/** The brand that a draft says, or what is wrong with it. An empty field is as the product comes with it. */
export function brandOf(draft: BrandDraft): { readonly brand: Brand } | { readonly problems: readonly FieldError[] } {
  const typed = (name: string) => {
    const text = draft[name] ?? "";
    if (text === "") return [];
    const short = name.split(".").at(-1) ?? name;
    // A colour is often copied without its sign.
    const value = /^[0-9a-f]{6}$/i.test(text) && name.includes(".") ? `#${text}` : text;
    return [[short, name === "logo_width" || name === "radius" ? numbered(value) : value] as const];
  };
  const parsed = brandInput.safeParse({
    ...Object.fromEntries(PLAIN.flatMap(typed)),
    ...Object.fromEntries(
      SCHEMES.map((scheme) => [scheme, Object.fromEntries(PALETTE.flatMap((name) => typed(`${scheme}.${name}`)))]),
    ),
  });
  return parsed.success ? { brand: parsed.data } : { problems: pointersOf(parsed.error) };
}
