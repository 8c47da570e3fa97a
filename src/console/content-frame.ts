import { fetchOutbound } from "../platform/outbound";
import { escapeHtml } from "../sends/template";
import type { Services } from "../services";
import { SECOND } from "../shared/clock";
import type { ConsoleContext } from "./request";

/**
 * A preview has no origin, runs nothing and loads nothing: pictures are fetched by us, within the operator's list, and
 * stand in it as data.
 */
const FRAME_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox";

/** The policy of pages that show such a frame. */
export const FRAMED_POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-src 'self'; frame-ancestors 'none'";

const MOST_PICTURES = 20;
const MOST_BYTES = 300 * 1_024;
const PICTURE = /^image\/(?:png|jpeg|gif|webp|avif)$/;
const SOURCE = /(<img\b[^>]*?\ssrc=")([^"]*)(")/gi;
const NOTHING = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

async function pictureOf({ outbound }: Services, address: string): Promise<string> {
  try {
    const ports = {
      fetch: (...args: Parameters<typeof fetch>) => fetch(...args),
      policy: outbound,
      timeMs: 3 * SECOND,
      bytes: MOST_BYTES,
    };
    const answer = await fetchOutbound(address, {}, ports);
    const bytes = new Uint8Array(await new Response(answer.body).arrayBuffer());
    const type = (answer.headers.get("Content-Type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
    if (answer.status !== 200 || !PICTURE.test(type)) return NOTHING;
    let text = "";
    for (const byte of bytes) text += String.fromCharCode(byte);
    return `data:${type};base64,${btoa(text)}`;
  } catch {
    return NOTHING;
  }
}

async function withPictures(services: Services, html: string): Promise<string> {
  const asked = [...new Set([...html.matchAll(SOURCE)].map(([, , address = ""]) => address))];
  const found = await Promise.all(
    asked.slice(0, MOST_PICTURES).map(async (address): Promise<[string, string]> => {
      return [address, await pictureOf(services, address.replace(/&amp;/g, "&"))];
    }),
  );
  const pictures = new Map(found);
  return html.replace(SOURCE, (_, before: string, address: string, after: string) => {
    return `${before}${pictures.get(address) ?? NOTHING}${after}`;
  });
}

const PLAIN = "white-space:pre-wrap;font:16px/1.5 system-ui,sans-serif;padding:24px;color:#444;background:#fff";

/** Words alone, as a page for a frame. */
export function plainFrame(text: string): string {
  return `<!doctype html><html><head><meta charset="utf-8"><title>-</title></head><body style="${PLAIN}"><p>${escapeHtml(text)}</p></body></html>`;
}

/** Answers with a letter for a sandboxed frame of the console. */
export async function frameOf(context: ConsoleContext, html: string): Promise<Response> {
  const shown = await withPictures(context.var.services, html);
  context.header("Content-Security-Policy", FRAME_POLICY);
  context.header("X-Frame-Options", "SAMEORIGIN");
  return context.body(shown, 200, { "Content-Type": "text/html; charset=utf-8" });
}
