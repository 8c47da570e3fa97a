/**
 * Gives schemas of zod the words of OpenAPI before any is made, as the Worker's bundle does: files that share a process
 * come in any order, and a schema that was made before cannot be described afterwards.
 */
import "@hono/zod-openapi";
