/** What was filled in, by names such as `rule/0/value`: a name's parts stand below it, what is about it behind `#`. */
export class Answers {
  private readonly begun: ReadonlySet<string>;

  constructor(private readonly form: URLSearchParams) {
    this.begun = new Set([...form.keys()].flatMap(beginningsOf));
  }

  one(name: string): string | undefined {
    return this.form.get(name) ?? undefined;
  }

  all(name: string): readonly string[] {
    return this.form.getAll(name);
  }

  /** Whether the form asks for it at all. */
  has(name: string): boolean {
    return this.begun.has(name);
  }

  /** Reads entry after entry of a list. */
  each<Entry>(name: string, read: (name: string) => Entry): Entry[] {
    const entries: Entry[] = [];
    for (let index = 0; this.has(`${name}/${index}`); index++) entries.push(read(`${name}/${index}`));
    return entries;
  }
}

function beginningsOf(name: string): string[] {
  const [plain = ""] = name.split("#");
  const parts = plain.split("/");
  return parts.map((_part, index) => parts.slice(0, index + 1).join("/"));
}
