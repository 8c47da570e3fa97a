import { sha256 } from "@noble/hashes/sha2.js";
import { Hono } from "hono";
import { raw } from "hono/html";
import { DOCS_STYLE } from "./docs-style";
import type { ApiDocument } from "./document";
import type { Piece, ReadableSchema } from "./schema-text";
import { schemaText } from "./schema-text";

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly Parameter[];
  readonly body: ReadableSchema | null;
  readonly answers: readonly {
    readonly status: string;
    readonly said: string;
    readonly schema: ReadableSchema | null;
  }[];
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: ReadableSchema;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema?: ReadableSchema }>>;
}

interface RawOperation {
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses?: Readonly<Record<string, Content & { readonly description?: string }>>;
}

function schemaIn({ content }: Content): ReadableSchema | null {
  return Object.values(content ?? {})[0]?.schema ?? null;
}

function operationsOf(document: ApiDocument): Operation[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, RawOperation>).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      id: `${method}${path.replaceAll(/[^a-zA-Z0-9]+/g, "-")}`,
      tag: operation.tags?.[0] ?? "",
      summary: operation.summary ?? "",
      description: operation.description ?? "",
      parameters: operation.parameters ?? [],
      body: operation.requestBody ? schemaIn(operation.requestBody) : null,
      answers: Object.entries(operation.responses ?? {}).map(([status, answer]) => {
        return { status, said: answer.description ?? "", schema: schemaIn(answer) };
      }),
    })),
  );
}

function SchemaText({ schema }: { schema: ReadableSchema }) {
  const pieces: Piece[] = schemaText(schema);
  return (
    <pre>
      {pieces.map((piece) =>
        typeof piece === "string" ? piece : <a href={`#schema-${piece.schema}`}>{piece.schema}</a>,
      )}
    </pre>
  );
}

/** Words with what stands between backticks set as code. */
function Said({ text }: { text: string }) {
  return <>{text.split("`").map((part, index) => (index % 2 === 1 ? <code>{part}</code> : part))}</>;
}

/** A body or an answer: by its name where it has one, else in full. */
function Shape({ title, schema }: { title: string; schema: ReadableSchema | null }) {
  const name = schema?.$ref?.split("/").at(-1);
  return (
    <>
      <h4>
        <Said text={title} /> {name && <a href={`#schema-${name}`}>{name}</a>}
      </h4>
      {schema && !name && <SchemaText schema={schema} />}
    </>
  );
}

function Parameters({ parameters }: { parameters: readonly Parameter[] }) {
  return (
    <table>
      <tbody>
        {parameters.map(({ name, in: place, required, description, schema }) => (
          <tr>
            <td>
              <code>{name}</code>
            </td>
            <td class="soft">
              {place}
              {required ? ", required" : ""}
            </td>
            <td>
              <Said text={description ?? schema?.description ?? ""} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function OperationCard({ operation }: { operation: Operation }) {
  const { id, method, path, summary, description, parameters, body, answers } = operation;
  return (
    <article id={id}>
      <h3>
        <a href={`#${id}`}>
          <span class="method">{method}</span> {path}
        </a>
      </h3>
      <p>
        <Said text={summary} />
      </p>
      {description !== "" && (
        <p class="soft">
          <Said text={description} />
        </p>
      )}
      {parameters.length > 0 && <h4>Parameters</h4>}
      {parameters.length > 0 && <Parameters parameters={parameters} />}
      {body && <Shape title="Body" schema={body} />}
      {answers.map(({ status, said, schema }) => (
        <Shape title={status === "default" ? "Otherwise a" : `${status}: ${said}`} schema={schema} />
      ))}
    </article>
  );
}

function DocsPage({ document }: { document: ApiDocument }) {
  const operations = operationsOf(document);
  const tags = (document.tags ?? []).map(({ name }) => name);
  const schemas = Object.entries(document.components?.schemas ?? {}) as [string, ReadableSchema][];
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{document.info.title} API</title>
        <style>{raw(DOCS_STYLE)}</style>
      </head>
      <body>
        <div class="page">
          <nav aria-label="Contents">
            {tags.map((tag) => (
              <>
                <h2>
                  <a href={`#${anchor(tag)}`}>{tag}</a>
                </h2>
                <ul>
                  {operations
                    .filter((operation) => operation.tag === tag)
                    .map(({ id, summary, method, path }) => (
                      <li>
                        <a href={`#${id}`} title={summary}>
                          <span class="verb">{method}</span> {path}
                        </a>
                      </li>
                    ))}
                </ul>
              </>
            ))}
            <h2>
              <a href="#schemas">Schemas</a>
            </h2>
          </nav>
          <main>
            <h1>{document.info.title} API</h1>
            <p>
              <Said text={document.info.description ?? ""} />
            </p>
            <p>
              Version {document.info.version}. The same for machines: <a href="/openapi.json">/openapi.json</a>.
            </p>
            {tags.map((tag) => (
              <section>
                <h2 id={anchor(tag)}>{tag}</h2>
                {operations
                  .filter((operation) => operation.tag === tag)
                  .map((operation) => (
                    <OperationCard operation={operation} />
                  ))}
              </section>
            ))}
            <h2 id="schemas">Schemas</h2>
            {schemas.map(([name, schema]) => (
              <article id={`schema-${name}`}>
                <h3>{name}</h3>
                {schema.description && (
                  <p>
                    <Said text={schema.description} />
                  </p>
                )}
                <Shape title="" schema={schema} />
              </article>
            ))}
          </main>
        </div>
      </body>
    </html>
  );
}

function anchor(tag: string): string {
  return tag.toLowerCase().replaceAll(" ", "-");
}

/** The document for machines and as a page for people: no script, nothing from elsewhere. */
export function docsRoutes(documentOf: () => ApiDocument): Hono {
  const app = new Hono();
  // Made when somebody asks for it, and kept: the document is the same for as long as the code is.
  let made: { document: ApiDocument; json: string } | null = null;
  const document = (): { document: ApiDocument; json: string } => {
    if (!made) {
      const fresh = documentOf();
      made = { document: fresh, json: JSON.stringify(fresh) };
    }
    return made;
  };
  const hash = btoa(String.fromCharCode(...sha256(new TextEncoder().encode(DOCS_STYLE))));
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; frame-ancestors 'none'`;
  const headers = { "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer" };
  app.get("/openapi.json", (context) =>
    context.body(document().json, 200, { ...headers, "Content-Type": "application/json" }),
  );
  app.get("/docs", (context) =>
    context.html(<DocsPage document={document().document} />, 200, { ...headers, "Content-Security-Policy": policy }),
  );
  return app;
}
