// Reads TypeScript as a tree: what a file imports, declares and does, as far as the rules of the
// house ask for it.
import { posix } from "node:path";
import { parseAst } from "vitest/node";

export interface Import {
  specifier: string;
  /** Path of the imported file, where it is one of the sources. */
  target: string | undefined;
  typeOnly: boolean;
  line: number;
}

export interface Source {
  path: string;
  text: string;
  program: Node;
  imports: Import[];
  lineOf: (node: Node) => number;
  linesOf: (node: Node) => number;
}

/** A node of the ESTree that oxc makes. */
export interface Node {
  type: string;
  start: number;
  end: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- which properties there are depends on the type
  [property: string]: any;
}

/** Reads one of `files`, which are source text by path. */
export function readSource(path: string, text: string, files: Record<string, string>): Source {
  const lang = path.endsWith(".d.ts") ? "dts" : path.endsWith("x") ? "tsx" : "ts";
  const program = parseAst(text, { lang, astType: "ts" }) as unknown as Node;
  const starts = [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];
  const lineAt = (offset: number) => starts.findLastIndex((start) => start <= offset) + 1;
  const lineOf = (node: Node) => lineAt(node.start);
  const imports: Import[] = [];
  walk(program, (node) => {
    if (typeof node["source"]?.value !== "string" || !/^(Import|Export)/.test(node.type)) return;
    const specifier: string = node["source"].value;
    imports.push({
      specifier,
      target: resolve(path, specifier, files),
      typeOnly: isTypeOnly(node),
      line: lineOf(node),
    });
  });
  return {
    path,
    text,
    program,
    imports,
    lineOf,
    linesOf: (node) => lineAt(node.end) - lineAt(node.start) + 1,
  };
}

function resolve(path: string, specifier: string, files: Record<string, string>): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  const base = posix.join(posix.dirname(path), specifier.replace(/\.jsx?$/, ""));
  return [base, `${base}.ts`, `${base}.tsx`, `${base}/index.ts`, `${base}/index.tsx`].find((name) => name in files);
}

function isTypeOnly(node: Node): boolean {
  if (node["importKind"] === "type" || node["exportKind"] === "type") return true;
  const specifiers: Node[] = node["specifiers"] ?? [];
  return (
    specifiers.length > 0 && specifiers.every((one) => one["importKind"] === "type" || one["exportKind"] === "type")
  );
}

export const isFunction = ({ type }: Node) =>
  type === "FunctionDeclaration" || type === "FunctionExpression" || type === "ArrowFunctionExpression";
export const isClass = ({ type }: Node) => type === "ClassDeclaration" || type === "ClassExpression";

export function children(node: Node): Node[] {
  return Object.values(node)
    .flat()
    .filter((value): value is Node => typeof value?.type === "string");
}

/** Visits each node of running code with the names that are declared around it; types are left out. */
export function walk(
  node: Node,
  visit: (node: Node, declared: Set<string>) => void,
  around: Set<string> = new Set(),
): void {
  const opens = isFunction(node) || node.type === "Program";
  const declared = opens ? new Set([...around, ...declaredIn(node)]) : around;
  visit(node, declared);
  const wraps = /^TS(As|Satisfies|NonNull|Instantiation)Expression$|^TSTypeAssertion$|^TSParameterProperty$/;
  if (node.type.startsWith("TS") && !wraps.test(node.type)) return;
  for (const child of children(node)) {
    const isName = !node["computed"] && (child === node["property"] || child === node["key"]);
    if (!isName) walk(child, visit, declared);
  }
}

/** Names of parameters, and of what is declared in a function's own body. */
function declaredIn(scope: Node): string[] {
  const names: string[] = [];
  const bind = (node: Node): void => {
    if (node.type === "Identifier") names.push(node["name"]);
    else if (node.type === "Property") bind(node["value"]);
    else if (node.type === "AssignmentPattern") bind(node["left"]);
    else for (const child of children(node)) bind(child);
  };
  const gather = (node: Node): void => {
    if (node.type === "VariableDeclarator" || /^Import\w*Specifier$/.test(node.type)) bind(node["id"] ?? node["local"]);
    if ((isFunction(node) || isClass(node)) && node["id"]) bind(node["id"]);
    if (!isFunction(node)) for (const child of children(node)) gather(child);
  };
  for (const parameter of scope["params"] ?? []) bind(parameter);
  for (const child of children(scope)) gather(child);
  return names;
}
