import { compile, type Formatter } from "html-to-text";

// Liquid is put out of sight of the HTML reader as private-use characters, and put back afterwards: so the
// conversion is paid once for a template and not for each of its messages.
const LIQUID = /\{%[\s\S]*?%\}|\{\{[\s\S]*?\}\}/g;
const HIDDEN = /\ue000(\d+)\ue001/g;

/** `Label` and, on the line below it, its address. */
const link: Formatter = (node, walk, builder) => {
  walk(node.children, builder);
  const href = node.attribs?.["href"] ?? "";
  if (href === "" || href.startsWith("#")) return;
  builder.addInline(" ", { noWordTransform: true });
  builder.addInline(`<${href}>`, { noWordTransform: true });
};

const cell: Formatter = (node, walk, builder) => {
  walk(node.children, builder);
  builder.addInline(" ");
};

const convert = compile({
  wordwrap: false,
  formatters: { link, cell },
  selectors: [
    { selector: "a", format: "link" },
    // A picture's link and a name's link lead where the button leads; text names the address once.
    { selector: "a.quiet", format: "inline" },
    { selector: "img", format: "skip" },
    { selector: ".no-text", format: "skip" },
    { selector: "td", format: "cell" },
    { selector: "tr", format: "block" },
    { selector: "h1", options: { uppercase: false, trailingLineBreaks: 2 } },
    { selector: "h2", options: { uppercase: false, leadingLineBreaks: 2, trailingLineBreaks: 1 } },
    { selector: "h3", options: { uppercase: false, leadingLineBreaks: 2, trailingLineBreaks: 1 } },
  ],
});

/** The Liquid template of the text part that belongs to an HTML template. About a millisecond. */
export function textTemplateOf(html: string): string {
  const hidden: string[] = [];
  const plain = convert(html.replace(LIQUID, (tag) => `\ue000${hidden.push(tag) - 1}\ue001`));
  return plain.replace(HIDDEN, (_, index: string) => hidden[Number(index)] ?? "");
}

/** What rendering leaves of a text template: no blank line twice, no white space at the ends of lines. */
export function tidyText(text: string): string {
  return text
    .replace(/[ \t\u00a0]+$/gm, "")
    .replace(/^[ \t]+/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
