// GSM 03.38: the letters that fit in seven bits, and those that take two places.
const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§" +
    "¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENDED = new Set("^{}\\[~]|€\f");

const PLAIN: Readonly<Record<string, string>> = {
  "\u2018": "'",
  "\u2019": "'",
  "\u201c": '"',
  "\u201d": '"',
  "\u00ab": '"',
  "\u00bb": '"',
  "\u2013": "-",
  "\u2014": "-",
  "\u2026": "...",
  "\u00a0": " ",
  "\u202f": " ",
  "\u2009": " ",
  "\u0153": "oe",
  "\u0152": "OE",
};

/** How a text is billed. `units` are septets in GSM-7 and UTF-16 code units in UCS-2. */
export interface SmsSize {
  readonly encoding: "GSM-7" | "UCS-2";
  readonly units: number;
  readonly segments: number;
}

/** Measures an SMS: 160 or 70 units in one segment, 153 or 67 in each of several. */
export function measureSms(text: string): SmsSize {
  let septets = 0;
  for (const character of text) {
    if (BASIC.has(character)) septets += 1;
    else if (EXTENDED.has(character)) septets += 2;
    else {
      const units = text.length;
      return { encoding: "UCS-2", units, segments: units <= 70 ? 1 : Math.ceil(units / 67) };
    }
  }
  return { encoding: "GSM-7", units: septets, segments: septets <= 160 ? 1 : Math.ceil(septets / 153) };
}

function withoutAccent(character: string): string {
  return BASIC.has(character) || EXTENDED.has(character)
    ? character
    : character.normalize("NFD").replace(/\p{M}+/gu, "");
}

/**
 * The same words in the cheaper alphabet: typographic marks become plain ones, and letters outside GSM-7 lose
 * their accents where that is enough to spare the message the alphabet that more than halves its room.
 */
export function economical(text: string): string {
  const plain = text.replace(/[^\n -~]/g, (mark) => PLAIN[mark] ?? mark);
  if (measureSms(plain).encoding === "GSM-7") return plain;
  const bare = Array.from(plain, withoutAccent).join("");
  return measureSms(bare).encoding === "GSM-7" ? bare : plain;
}
