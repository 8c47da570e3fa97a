import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readUpload } from "../../../src/console/upload";

const encoder = new TextEncoder();

/** A posted form whose body comes in pieces of these lengths. */
function post(body: Uint8Array, cuts: readonly number[], type = "multipart/form-data; boundary=----Bound") {
  let from = 0;
  const lengths = [...cuts];
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (from >= body.length) return controller.close();
      const length = lengths.shift() ?? body.length;
      controller.enqueue(body.slice(from, from + length));
      from += length;
    },
  });
  return readUpload(stream, type);
}

function form(fields: Readonly<Record<string, string>>, file: string | null, closed = true): Uint8Array {
  const parts = Object.entries(fields).map(
    ([name, value]) => `------Bound\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const head =
    '------Bound\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n';
  const end = closed ? "\r\n------Bound--\r\n" : "";
  return encoder.encode(`${parts.join("")}${file === null ? "------Bound--\r\n" : `${head}${file}${end}`}`);
}

describe("a form with a file", () => {
  test("is read whatever stands in it, however it is cut", async () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 40 });
    const text = fc.string({ unit: "grapheme", maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(text, fc.string({ unit: "binary", maxLength: 300 }), lengths, async (field, file, cuts) => {
        const plain = file.toWellFormed();
        const upload = await post(form({ kind: field, more: "x" }, plain), cuts);
        expect([upload.fields.get("kind"), upload.fields.get("more")]).toEqual([field, "x"]);
        expect(await new Response(upload.file).text()).toBe(plain.replace(/^\ufeff/, ""));
      }),
    );
  });

  test("keeps what looks like the end of the form and is none", async () => {
    const file = "a\r\n------Boundless\r\nb\r\n------Bound\r\nc";
    expect(await new Response((await post(form({}, file), [7])).file).text()).toBe(file);
  });

  test.each([
    ["of another kind", () => post(form({}, "a"), [], "text/plain")],
    ["without a file", () => post(form({ kind: "contacts" }, null), [])],
    ["with too much before the file", () => post(form({ kind: "x".repeat(40_000) }, "a"), [9_000, 9_000, 9_000])],
  ])("%s is refused", async (_what, request) => {
    await expect(request()).rejects.toMatchObject({ code: "invalid-input" });
  });

  test("that breaks off gives no file that seems whole", async () => {
    const { file } = await post(form({}, "a,b\n1,2\n", false), [30]);
    await expect(new Response(file).text()).rejects.toMatchObject({ code: "invalid-input" });
  });
});
