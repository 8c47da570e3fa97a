import type { Row, RowReader } from "./row";
import { MAX_RECORD } from "./row";

/** Reads one JSON object a line. Empty lines count as lines and are no records. */
export function ndjsonReader(): RowReader {
  let buffer = "";
  let line = 1;
  let skipping = false;
  const take = (text: string): Row[] => {
    const row = skipping ? [] : readLine(text, line);
    skipping = false;
    line++;
    return row;
  };
  return {
    push(text) {
      buffer += text;
      const rows: Row[] = [];
      let from = 0;
      for (let end = buffer.indexOf("\n"); end >= 0; end = buffer.indexOf("\n", from)) {
        rows.push(...take(buffer.slice(from, end)));
        from = end + 1;
      }
      buffer = buffer.slice(from);
      if (buffer.length > MAX_RECORD) {
        if (!skipping) rows.push(tooLong(line));
        skipping = true;
        buffer = "";
      }
      return rows;
    },
    end: () => take(buffer),
  };
}

function tooLong(line: number): Row {
  return { line, fault: `is longer than ${MAX_RECORD / 1024} KB` };
}

function readLine(text: string, line: number): Row[] {
  if (text.length > MAX_RECORD) return [tooLong(line)];
  const trimmed = text.trim();
  if (trimmed === "") return [];
  try {
    const value: unknown = JSON.parse(trimmed);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return [{ line, value: value as Record<string, unknown> }];
    }
    return [{ line, fault: "is no JSON object" }];
  } catch {
    return [{ line, fault: "is no valid JSON" }];
  }
}
