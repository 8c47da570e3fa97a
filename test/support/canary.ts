import type { ApiAnswer, ApiInit, Server } from "./server";

/** Requests that are to be refused, and a look at everything that may repeat what they said. */
export interface Leaks {
  /** How many requests were refused. */
  readonly refusals: number;
  send(type: string, body: unknown): Promise<void>;
  api(path: string, init?: ApiInit): Promise<void>;
  /** Every place where a mark stands that must hold none: log lines, bodies of refusals, links of messages. */
  found(): Promise<string[]>;
}

/** Follows marks (an address, a number) through a server whose log lines go to `said`. */
export function leaksOf(server: Server, said: readonly string[], marks: readonly string[]): Leaks {
  const refused: string[] = [];
  const note = ({ status, text }: ApiAnswer, what: string): void => {
    if (status >= 400) refused.push(`${what} ${status} ${text}`);
  };
  const holds = (text: string): boolean => marks.some((mark) => text.toLowerCase().includes(mark.toLowerCase()));
  return {
    get refusals() {
      return refused.length;
    },
    async send(type, body) {
      note(await server.send(type, body), `/v1/${type}`);
    },
    async api(path, init) {
      note(await server.api(path, init), (init?.method ?? "GET") + path.replace(/[?/].*/, ""));
    },
    async found() {
      const { data } = (await server.api("/dev/inbox.json")).json as { data: { html: string | null; text: string }[] };
      const links = data.flatMap(({ html, text }) => `${html ?? ""} ${text}`.match(/https?:\/\/[^\s"'<>]+/g) ?? []);
      return [
        ...said.filter(holds).map((line) => `log: ${line}`),
        ...refused.filter(holds).map((answer) => `refusal: ${answer}`),
        ...links.filter(holds).map((link) => `link: ${link}`),
      ];
    },
  };
}
