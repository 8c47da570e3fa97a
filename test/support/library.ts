import { compileInput } from "../../src/admin/content-actions";
import type { Brand } from "../../src/sends/brand";
import { DEFAULT_BRAND } from "../../src/sends/brand";
import type { EmailContent } from "../../src/sends/content";
import { contentInput } from "../../src/sends/input";
import { LIBRARY } from "../../src/sends/library";
import type { Design } from "../../src/sends/library/design";

/** A design as it is once it was published under this brand. */
export async function publishedDesign(
  { key, class: kind, needs, texts }: Design,
  brand: Brand = DEFAULT_BRAND,
): Promise<EmailContent> {
  const input = contentInput.parse({ key, class: kind, needs, channel: "email", texts });
  return { ...(await compileInput(input, brand)), version: 1 } as EmailContent;
}

/** Every design of the library, published. */
export async function publishedLibrary(): Promise<readonly EmailContent[]> {
  return Promise.all(LIBRARY.map((design) => publishedDesign(design)));
}
