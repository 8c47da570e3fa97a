// The package ships no types. Only what `csv.ts` uses is declared.
declare module "papaparse" {
  interface Parsed {
    readonly data: string[][];
    readonly errors: readonly { readonly message: string }[];
    readonly meta: { readonly delimiter: string };
  }
  interface Config {
    readonly delimiter?: string;
    readonly delimitersToGuess?: readonly string[];
    readonly newline?: "\n";
    readonly preview?: number;
  }
  const Papa: { parse(text: string, config: Config): Parsed };
  export default Papa;
}
