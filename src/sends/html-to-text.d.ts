// The package ships no types. Only what `plain-text.ts` uses is declared.
declare module "html-to-text" {
  export interface BlockTextBuilder {
    addInline(text: string, options?: { noWordTransform?: boolean }): void;
    addLiteral(text: string): void;
    openBlock(options?: { leadingLineBreaks?: number; reservedLineLength?: number }): void;
    closeBlock(options?: { trailingLineBreaks?: number }): void;
  }
  export interface DomNode {
    readonly attribs?: Readonly<Record<string, string>>;
    readonly children?: readonly DomNode[];
  }
  export type Walk = (nodes: readonly DomNode[] | undefined, builder: BlockTextBuilder) => void;
  export type Formatter = (
    node: DomNode,
    walk: Walk,
    builder: BlockTextBuilder,
    options: Readonly<Record<string, unknown>>,
  ) => void;
  export interface Selector {
    readonly selector: string;
    readonly format?: string;
    readonly options?: Readonly<Record<string, unknown>>;
  }
  export function compile(options: {
    readonly wordwrap?: number | false;
    readonly preserveNewlines?: boolean;
    readonly formatters?: Readonly<Record<string, Formatter>>;
    readonly selectors?: readonly Selector[];
  }): (html: string) => string;
}
