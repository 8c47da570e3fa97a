const ADDRESS = /[^\s"'<>()[\]{},;:=|/\\]+(@|%40)[^\s"'<>()[\]{},;:=|/\\]+\.[\p{L}\d-]+/gu;
/** International numbers, and national ones that begin with a trunk zero and come in groups. */
const PHONE = /\+\d[\d .()-]{6,}\d|\b0\d(?:[ .-]?\d{2}){4}\b/g;

/** A text without addresses and telephone numbers: an error's message may quote what somebody typed. */
export function redact(text: string): string {
  return text.replace(ADDRESS, "[address]").replace(PHONE, "[phone]");
}
