import type { Brand, PaletteKey } from "./brand";

/** Least contrast of text with what it stands on (WCAG 2.2 AA, 1.4.3). */
export const LEAST_CONTRAST = 4.5;

/** Which colours stand on which, in letters. `strict`: running text, which nobody could do without. */
const READ_ON = [
  { text: "ink", ground: "sheet", strict: true },
  { text: "soft", ground: "sheet", strict: true },
  { text: "soft", ground: "page", strict: true },
  { text: "on_accent", ground: "accent", strict: true },
  { text: "ink", ground: "tint", strict: true },
  { text: "accent", ground: "sheet", strict: false },
  { text: "soft", ground: "tint", strict: false },
] as const satisfies readonly { text: PaletteKey; ground: PaletteKey; strict: boolean }[];

/** How well one colour reads on another, by day or by night. */
export interface Contrast {
  readonly scheme: "colours" | "night";
  readonly text: PaletteKey;
  readonly ground: PaletteKey;
  /** As in 4.5 : 1. */
  readonly ratio: number;
  /** Too low a ratio keeps the brand from being saved; else it is a warning. */
  readonly strict: boolean;
}

/** Relative luminance of sRGB, as WCAG 2.2 defines it. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** Every pair of colours that letters put on one another. */
export function contrastsOf(brand: Brand): readonly Contrast[] {
  return (["colours", "night"] as const).flatMap((scheme) =>
    READ_ON.map(({ text, ground, strict }) => {
      return { scheme, text, ground, strict, ratio: contrast(brand[scheme][text], brand[scheme][ground]) };
    }),
  );
}

/** Pairs of colours that could hardly be read, by their places. */
export function unreadable(brand: Brand): { readonly pointer: string; readonly detail: string }[] {
  return contrastsOf(brand)
    .filter(({ strict, ratio }) => strict && ratio < LEAST_CONTRAST)
    .map(({ scheme, text, ground, ratio }) => {
      const detail = `has a contrast of ${ratio.toFixed(1)} : 1 on ${ground}; ${LEAST_CONTRAST} is needed`;
      return { pointer: `/${scheme}/${text}`, detail };
    });
}
