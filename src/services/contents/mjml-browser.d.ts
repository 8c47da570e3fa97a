declare module "mjml-browser" {
  /** Resolves with whatever is wrong listed; throws where it is no XML at all. */
  export default function mjml2html(
    source: string,
    options: Readonly<Record<string, unknown>>,
  ): Promise<{
    readonly html: string;
    readonly errors: readonly { readonly line: number; readonly message: string }[];
  }>;
}
