import { parseMajor } from "../../shared/money";
import { statedTime, TIME_FORMS } from "./stated-time";
import { textOf, yesOrNo } from "./value";

const MAX_TEXT = 500;

/**
 * The cells of one line, read by what they are to be. The first that does not fit is the line's `fault`; what is left
 * out of a line that is taken all the same stands in `warnings`.
 */
export class Cells {
  fault: string | null = null;
  readonly warnings: string[] = [];

  constructor(private readonly value: Readonly<Record<string, unknown>>) {}

  /** What a line must have to be taken at all. */
  required(name: string, most = 255): string {
    const text = this.text(name, most);
    if (text === null) this.refuse(`${name} is missing`);
    return text ?? "";
  }

  text(name: string, most = MAX_TEXT): string | null {
    const text = textOf(this.value[name]);
    if (text !== null && text.length > most) this.refuse(`${name} is longer than ${most} characters`);
    return text;
  }

  /** Minor units of `currency`, out of a decimal amount in major units. */
  money(name: string, currency: string): number | null {
    const text = this.text(name);
    const amount = text === null ? null : parseMajor(text, currency);
    if (text !== null && amount === null) this.refuse(`${name} is not an amount: a decimal number, 0 or more`);
    return amount;
  }

  currency(name: string, fallback: string): string {
    const text = this.text(name);
    if (text === null) return fallback;
    if (!/^[A-Za-z]{3}$/.test(text)) this.refuse(`${name} is not a currency as in EUR`);
    return text.toUpperCase();
  }

  /** Epoch ms. */
  time(name: string): number | null {
    const value = this.value[name];
    if (textOf(value) === null) return null;
    const at = statedTime(value);
    if (at === null) this.refuse(`${name} is not a time: ${TIME_FORMS}`);
    return at;
  }

  /** A time that lies in the past, as what is told of it has happened. */
  past(name: string, now: number): number | null {
    const at = this.time(name);
    if (at !== null && at > now) this.refuse(`${name} lies in the future`);
    return at;
  }

  whole(name: string, least: number, most: number): number | null {
    const number = this.number(name, least, most);
    if (number !== null && !Number.isInteger(number)) this.refuse(`${name} is not a whole number`);
    return number;
  }

  number(name: string, least: number, most: number): number | null {
    const text = this.text(name);
    if (text === null) return null;
    const number = /^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : Number.NaN;
    if (!(number >= least && number <= most)) this.refuse(`${name} is not a number from ${least} to ${most}`);
    return number;
  }

  yes(name: string): boolean | null {
    const stated = yesOrNo(this.value[name]);
    if (stated === null && this.text(name) !== null) this.refuse(`${name} is neither yes nor no`);
    return stated;
  }

  /** JSON, or a text that holds it. */
  json(name: string): unknown {
    const value = this.value[name];
    if (value === undefined || value === null || value === "") return null;
    if (typeof value !== "string") return value;
    try {
      return JSON.parse(value) as unknown;
    } catch {
      this.refuse(`${name} is not JSON`);
      return null;
    }
  }

  /** An address of the web, the first of several; one that is none is left out. */
  url(name: string): string | null {
    const text = textOf(this.value[name])?.split(/[,|]\s*(?=https?:)/i)[0] ?? null;
    if (text === null) return null;
    if (text.length > 2_000) this.refuse(`${name} is longer than 2000 characters`);
    if (/^https?:\/\//i.test(text) && URL.canParse(text)) return text;
    this.warnings.push(`${name} is not a web address and was left out`);
    return null;
  }

  /** Says of columns that mean nothing here that they are left out. */
  leaveOut(known: readonly string[]): void {
    for (const name of Object.keys(this.value)) {
      if (known.includes(name) || textOf(this.value[name]) === null) continue;
      this.warnings.push(`${name.slice(0, 60)} is no column of this kind and was left out`);
    }
  }

  refuse(reason: string): void {
    this.fault ??= reason;
  }
}
