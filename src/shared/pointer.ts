import type * as z from "zod";
import type { FieldError } from "./fault";

/** An RFC 6901 pointer of path segments. */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((segment) => `/${String(segment).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** A zod error as pointers into the input, one for each unknown field. `base` is where the input stands. */
export function pointersOf(error: z.ZodError, base: readonly PropertyKey[] = []): FieldError[] {
  return error.issues.flatMap((issue) => errorsOf(issue, base));
}

function errorsOf(issue: z.core.$ZodIssue, base: readonly PropertyKey[]): FieldError[] {
  const path = [...base, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ pointer: jsonPointer([...path, key]), detail: "is not known" }));
  }
  if (issue.code === "invalid_union") {
    // The alternative that came furthest is what was most likely meant.
    const nearest = issue.errors.toSorted((left, right) => depthOf(right) - depthOf(left))[0];
    if (nearest && depthOf(nearest) > 0) return nearest.flatMap((inner) => errorsOf(inner, path));
  }
  return [{ pointer: jsonPointer(path), detail: issue.message }];
}

function depthOf(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map(({ path }) => path.length));
}
