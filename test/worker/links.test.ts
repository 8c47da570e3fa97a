// Section D of the security specification, on the real runtime: clicks, opens and unsubscribes of messages that left.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import worker from "../../src/index";
import { localClock } from "../../src/local/clock";
import { SETTLED_AFTER } from "../../src/scenarios/signal";
import { wrongHeader } from "../../src/sends/sender";
import { DAY, MINUTE, SECOND } from "../../src/shared/clock";
import { midIn } from "../../src/shared/mid";
import { signToken } from "../../src/shared/token";
import { takenBack } from "../../src/tracking/follow";
import { readHits } from "../../src/tracking/hit-store";
import { readMid } from "../../src/tracking/mid";
import { DB, live, quiet, runsOf, services } from "../support/acts-world";
import type { Written } from "../support/links-world";
import {
  actsOn,
  ask,
  content,
  hitsOn,
  journalled,
  letterOf,
  letters,
  now,
  pass,
  SECRET,
  say,
  written,
} from "../support/links-world";

const SHOP = services.shop.url;
const HTML =
  '<p>Hello</p><p><a href="{{ shop.url }}/lamps?colour=red#top">Lamps</a> <a href="{{ shop.url }}/chairs">Chairs</a> ' +
  '<a href="https://elsewhere.test/guide">Guide</a> <a href="{{ shop.url }}/lampes-d’été-💡">Sale</a></p>' +
  '<p><a href="{{ link.web }}">In a browser</a> <a href="{{ link.landing }}">Yours</a></p>';

beforeAll(async () => {
  await services.ready();
  localClock.move(Date.UTC(2026, 8, 7, 9), 0);
  await content("links_letter", "email", { subject: "Lamps", preheader: "Lamps", html: HTML });
  await content("links_text", "sms", { body: "New lamps: {{ shop.url }}/lamps and yours: {{ link.landing }}" });
  await live({ letters: letters("links_letter") });
});

afterAll(() => localClock.move(Date.now(), 1));

/** Where an answer leads, without what tells the shop of which message it came. */
const at = (answer: Response): string => (answer.headers.get("Location") ?? "").replace(/[?&]mid=[^&#]*/, "");
const midOf = (answer: Response): string | null => midIn(answer.headers.get("Location") ?? "");
const withAgent = (agent: string): RequestInit => ({ headers: { "User-Agent": agent } });

describe("a link of a message", () => {
  test("leads where the stored message says, whatever the address asks for (D01)", async () => {
    const ann = await written("ann");
    await pass(MINUTE);
    const link = ann.clicks[2] ?? "";
    for (const asked of ["?url=https://evil.test", "?redirect=//evil.test", "?u=javascript:alert(1)"]) {
      const answer = await ask(link + asked);
      expect([answer.status, at(answer)]).toEqual([302, "https://elsewhere.test/guide"]);
    }
  });

  test("tells the shop's own statistics where the visit comes from, and nobody else's", async () => {
    const ben = await written("ben");
    await pass(MINUTE);
    const [lamps = "", , guide = ""] = ben.clicks;
    const query = "utm_source=relance&utm_medium=email&utm_campaign=letters&utm_content=links_letter";
    expect(at(await ask(lamps))).toBe(`${SHOP}/lamps?colour=red&${query}#top`);
    expect(at(await ask(guide))).toBe("https://elsewhere.test/guide");
    expect(at(await ask(ben.clicks[3] ?? ""))).toMatch(/\/lampes-d%E2%80%99%C3%A9t%C3%A9-%F0%9F%92%A1\?utm_source=/);
    // D18: nothing of the person stands in where it leads.
    expect(at(await ask(lamps))).not.toMatch(/@|%40|shop\.test/);
  });

  test("tells the shop, and only it, whose link a person came by: never a machine's, nor of who did not agree", async () => {
    const bea = await written("bea");
    await pass(MINUTE);
    const mid = midOf(await ask(bea.clicks[0] ?? ""));
    expect(readMid(SECRET, mid ?? "")).toEqual({ contact: bea.contact, send: bea.id, at: now() - (now() % SECOND) });
    // It is for orders alone: no route takes it, and no link of a message is taken for it.
    for (const route of ["c", "o", "u", "p", "w", "l", "f"]) {
      if (route !== "o") expect((await ask(`/${route}/${mid}`)).status).toBe(404);
    }
    expect(readMid(SECRET, (bea.clicks[0] ?? "").slice(3))).toBeNull();
    expect(midOf(await ask(bea.clicks[2] ?? ""))).toBeNull();
    expect(midOf(await ask(bea.clicks[1] ?? "", { method: "HEAD" }))).toBeNull();
    expect(midOf(await ask(bea.clicks[1] ?? "", withAgent("Barracuda Sentinel (EE)")))).toBeNull();
    await say("bea", { type: "identify", name: "identify", traits: { consent: { tracking: false } } });
    await pass(MINUTE);
    expect(midOf(await ask(bea.clicks[0] ?? ""))).toBeNull();
  });

  test.each([
    ["one bit flipped", (token: string) => token.slice(0, -1) + (token.endsWith("A") ? "B" : "A")],
    ["another key", (token: string) => signToken("another", "click", token.split("~").slice(0, -1))],
    ["cut off", (token: string) => token.slice(0, token.length / 2)],
    ["10 KB", (token: string) => token.padEnd(10_000, "A")],
    ["another contact", (token: string) => token.replace(/^\d+/, "1")],
  ])("is a neutral page for a token with %s, without an event (D02)", async (_name, change) => {
    const { clicks, pixel } = await written("cleo");
    await pass(MINUTE);
    const before = await journalled("message.clicked");
    const answer = await ask(`/c/${change((clicks[0] ?? "").slice(3))}`);
    expect([answer.status, at(answer)]).toEqual([404, ""]);
    expect(await answer.text()).not.toContain("cleo");
    // A picture that is broken would show: the pixel is one whatever its token.
    const picture = await ask(`/o/${change(pixel.slice(3))}`);
    expect([picture.status, picture.headers.get("Content-Type")]).toEqual([200, "image/gif"]);
    expect(await journalled("message.clicked")).toBe(before);
  });

  test("opens one purpose: a token taken to another route leads nowhere (D04)", async () => {
    const { row, clicks, pixel } = await written("dan");
    const tokens = {
      c: (clicks[0] ?? "").slice(3),
      o: pixel.slice(3),
      u: signToken(SECRET, "unsubscribe", [row.contact, row.id, "email"]),
      p: signToken(SECRET, "preferences", [row.contact, row.id, "email"]),
      w: signToken(SECRET, "web", [row.contact, row.id, "email", "", 99_999]),
      l: signToken(SECRET, "landing", [row.contact, row.id, "email", "", 99_999]),
      f: signToken(SECRET, "feedback", [row.contact, row.id, "email", "nps", 99_999]),
    };
    const routes = Object.keys(tokens) as (keyof typeof tokens)[];
    for (const [from, token] of Object.entries(tokens)) {
      for (const to of routes.filter((route) => route !== from && route !== "o")) {
        expect([from, to, (await ask(`/${to}/${token}`)).status]).toEqual([from, to, 404]);
      }
      if (from !== "c" && from !== "o") expect((await ask(`/${from}/${token}`)).status).toBe(200);
    }
    expect(await actsOn(await letterOf("dan"))).toEqual([]);
  });

  test("works a thousand times, and counts once; after 13 months it leads to the shop (D05)", async () => {
    const eve = await written("eve");
    await pass(MINUTE);
    const before = await journalled("message.clicked");
    for (let time = 0; time < 100; time++) expect((await ask(eve.clicks[0] ?? "")).status).toBe(302);
    await pass(40 * DAY);
    // The ring of the last events has long moved on.
    for (let time = 0; time < 150; time++) await say("eve", { name: "Viewed" });
    for (let time = 0; time < 10; time++) expect((await ask(eve.clicks[0] ?? "")).status).toBe(302);
    expect(await journalled("message.clicked")).toBe(before + 1);
    expect(await actsOn(eve)).toEqual(["clicked"]);
    localClock.move(now() + 400 * DAY, 0);
    const late = await ask(eve.clicks[1] ?? "");
    expect([late.status, at(late)]).toEqual([302, SHOP]);
    expect(await journalled("message.clicked")).toBe(before + 1);
    expect((await ask(`/w/${signToken(SECRET, "web", [eve.contact, eve.id, "email", "", 1])}`)).status).toBe(404);
  });

  test("is answered so that no cache keeps it (D20)", async () => {
    const fay = await written("fay");
    const { row } = fay;
    const paths = [
      ...[fay.clicks[0], fay.pixel, "/c/none", "/s/none", "/w/none", "/l/none", "/f/none"],
      `/u/${signToken(SECRET, "unsubscribe", [row.contact, row.id, "email"])}`,
      ...[...fay.message.html.matchAll(/https?:\/\/[^"/]+(\/w\/[^"]+)"/g)].map(([, path]) => path),
    ];
    for (const path of paths) {
      const { headers } = await ask(path ?? "");
      expect([path, headers.get("Cache-Control")]).toEqual([path, "no-store, private"]);
      expect(headers.get("Referrer-Policy")).toBe("no-referrer");
    }
  });
});

describe("what machines do (D14)", () => {
  const scans: readonly [string, (letter: Written) => Promise<unknown>][] = [
    ["a click within five seconds of delivery", (gus) => pass(3 * SECOND).then(() => ask(gus.clicks[0] ?? ""))],
    ["a HEAD", (gus) => pass(MINUTE).then(() => ask(gus.clicks[0] ?? "", { method: "HEAD" }))],
    [
      "a GET after a HEAD",
      async (gus) => {
        await pass(MINUTE);
        await ask(gus.clicks[0] ?? "", { method: "HEAD" });
        await pass(SECOND);
        await ask(gus.clicks[0] ?? "");
      },
    ],
    [
      "a scanner that says so",
      (gus) => pass(MINUTE).then(() => ask(gus.clicks[0] ?? "", withAgent("Barracuda Sentinel (EE)"))),
    ],
    ["no name at all", (gus) => pass(MINUTE).then(() => ask(gus.clicks[0] ?? "", withAgent("")))],
    [
      "a prefetch",
      (gus) =>
        pass(MINUTE).then(() =>
          ask(gus.clicks[0] ?? "", { headers: { "Sec-Purpose": "prefetch;anonymous-client-ip" } }),
        ),
    ],
    [
      "the link that nobody sees, and those behind it",
      async (gus) => {
        await pass(MINUTE);
        for (const link of [gus.trap, ...gus.clicks.slice(0, 2)]) await ask(link);
      },
    ],
    [
      "the link that nobody sees, behind another one",
      async (gus) => {
        await pass(MINUTE);
        for (const link of [gus.clicks[0] ?? "", gus.trap]) await ask(link);
      },
    ],
    [
      "all links, one after the other",
      async (gus) => {
        await pass(MINUTE);
        for (const link of gus.clicks) await pass(SECOND).then(() => ask(link));
      },
    ],
    [
      "all links at once",
      async (gus) => {
        await pass(MINUTE);
        await Promise.all(gus.clicks.map((link) => ask(link)));
      },
    ],
  ];

  test.each(scans)("%s: it is kept, marked, and counts nowhere", async (name, scan) => {
    const user = `scan-${scans.findIndex(([known]) => known === name)}`;
    const letter = await written(user);
    expect(letter.clicks.length).toBe(5);
    expect(letter.trap).not.toBe("");
    await scan(letter);
    await quiet();
    const hits = Object.values(await hitsOn(letter));
    expect(hits.length).toBeGreaterThan(0);
    expect(hits).not.toContain(null);
    expect(await actsOn(letter)).toEqual([]);
    const last = await DB.prepare("SELECT count(*) AS n FROM last_clicks WHERE contact = ?1")
      .bind(letter.contact)
      .first("n");
    expect(last).toBe(0);
  });

  test("starts nothing: a scenario that waits for an answer still waits, and a person's click ends it", async () => {
    const ida = await written("ida");
    await pass(MINUTE);
    await ask(ida.trap);
    await ask(ida.clicks[0] ?? "");
    expect(await runsOf("ida")).toMatchObject([{ outcome: null }]);
    // Who was caught does not spoil what a person does an hour later, at the same link.
    await pass(60 * MINUTE);
    await ask(ida.clicks[0] ?? "");
    await pass(SETTLED_AFTER);
    expect(await runsOf("ida")).toMatchObject([{ outcome: "completed", reason: "answered" }]);
    expect(await actsOn(ida)).toEqual(["clicked"]);
    expect(await hitsOn(ida)).toEqual({ "0": null, trap: "trap" });
  });

  test("starts nothing by its first link, before the second shows what it is", async () => {
    const ivo = await written("ivo");
    await pass(MINUTE);
    await ask(ivo.clicks[0] ?? "");
    expect([await actsOn(ivo), await runsOf("ivo")]).toMatchObject([["clicked"], [{ outcome: null }]]);
    await pass(50 * SECOND);
    await ask(ivo.trap);
    await pass(DAY);
    expect([await actsOn(ivo), await runsOf("ivo")]).toMatchObject([[], [{ outcome: null }]]);
    // The same for what a provider says afterwards.
    const iris = await written("iris");
    await pass(20 * SECOND);
    await ask(iris.clicks[0] ?? "");
    const { contact, id } = iris;
    const taken = takenBack({ contact, send: id, hits: await readHits(DB, contact, id) }, now(), now());
    expect((await services.append({ receivedAt: now(), events: taken ? [taken] : [] }, null)).status).toBe("stored");
    await pass(DAY);
    expect([await actsOn(iris), await runsOf("iris")]).toMatchObject([[], [{ outcome: null }]]);
  });

  test("is found out late where the provider tells late that it was delivered", async () => {
    const joe = await written("joe");
    await pass(20 * SECOND);
    await ask(joe.clicks[0] ?? "");
    expect(await actsOn(joe)).toEqual(["clicked"]);
    // The receiving server looked at the links while the letter was handed over.
    const delivered = { name: "message.delivered", contact: joe.contact, properties: { send: joe.id } };
    await say("joe", { ...delivered, type: "internal", trust: "internal" });
    expect(await actsOn(joe)).toEqual(["delivered"]);
    await pass(MINUTE);
    await ask(joe.clicks[1] ?? "");
    expect(await actsOn(joe)).toEqual(["clicked", "delivered"]);
  });

  test("is not a person who opens two pages beside each other", async () => {
    const kim = await written("kim");
    await pass(MINUTE);
    await ask(kim.clicks[0] ?? "");
    await pass(SECOND);
    await ask(kim.clicks[1] ?? "");
    expect(await hitsOn(kim)).toEqual({ "0": null, "1": null });
  });
});

describe("an open (D15)", () => {
  test.each([
    ["Apple's proxy", "Mozilla/5.0"],
    ["Gmail's proxy", "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"],
    ["Yahoo's proxy", "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html"],
  ])("by %s is kept apart", async (name, agent) => {
    const letter = await written(`open-${name.slice(0, 3)}`);
    await pass(MINUTE);
    expect((await ask(letter.pixel, withAgent(agent))).headers.get("Content-Type")).toBe("image/gif");
    expect(await hitsOn(letter)).toEqual({ open: "proxy" });
    expect(await actsOn(letter)).toEqual([]);
    await pass(MINUTE);
    await ask(letter.pixel);
    expect(await actsOn(letter)).toEqual(["opened"]);
  });

  test("never moves the clock of retention: a click does", async () => {
    const lea = await written("lea");
    const last = () =>
      DB.prepare("SELECT at FROM last_clicks WHERE contact = ?1").bind(lea.contact).first<number>("at");
    await pass(MINUTE);
    await ask(lea.pixel);
    expect([await actsOn(lea), await last()]).toEqual([["opened"], null]);
    await ask(lea.clicks[0] ?? "");
    expect(await last()).toBe(now());
  });
});

describe("without consent to tracking (D16)", () => {
  test("a mail has no pixel and no link of its reader's own but for what they need themselves (Appendix B 29)", async () => {
    const max = await written("max", { tracking: false });
    expect([max.clicks, max.pixel, max.trap]).toEqual([[], "", ""]);
    expect(max.message.html).toContain(`href="${SHOP}/chairs?utm_source=relance`);
    const { row } = max;
    for (const path of [
      `/o/${signToken(SECRET, "open", [row.contact, row.id, "email"])}`,
      `/c/${signToken(SECRET, "click", [row.contact, row.id, "email", 1, 99_999])}`,
    ]) {
      await pass(MINUTE);
      const before = await DB.prepare("SELECT count(*) AS n FROM journal").first("n");
      const answer = await ask(path);
      expect([200, 302]).toContain(answer.status);
      expect(await DB.prepare("SELECT count(*) AS n FROM journal").first("n")).toBe(before);
    }
    expect(await hitsOn(max)).toEqual({});
  });

  test("a visit says that a letter was read, of whom nothing else may say so (Appendix B 29)", async () => {
    const [una] = [await written("una", { tracking: false }), await written("uli")];
    await pass(60 * MINUTE);
    for (const user of ["una", "uli"]) await say(user, { type: "page", name: "Lamps" });
    expect(await runsOf("una")).toMatchObject([{ outcome: "completed", reason: "answered" }]);
    expect(await runsOf("uli")).toMatchObject([{ outcome: null }]);
    // Nothing of it is noted as somebody's act about the letter.
    expect([await hitsOn(una), await actsOn(una)]).toEqual([{}, []]);
  });

  test("a withdrawal holds for messages that are out", async () => {
    const nell = await written("nell");
    await say("nell", { type: "identify", name: "identify", traits: { consent: { tracking: false } } });
    await pass(MINUTE);
    await ask(nell.pixel);
    expect((await ask(nell.clicks[0] ?? "")).status).toBe(302);
    expect(await hitsOn(nell)).toEqual({});
  });

  test("a message that is made again has the same bytes, whatever was set meanwhile", async () => {
    const olga = await written("olga");
    const put = { method: "PUT", body: JSON.stringify({ utm: { enabled: false } }) };
    await ask("/api/settings/tracking", {
      ...put,
      headers: { Authorization: `Bearer ${services.config.ADMIN_KEYS[0]}` },
    });
    expect((await letterOf("olga")).message).toEqual(olga.message);
    const next = await written("otis");
    expect(next.message.html).not.toContain("utm_");
    expect(at(await pass(MINUTE).then(() => ask(next.clicks[1] ?? "")))).toBe(`${SHOP}/chairs`);
  });
});

describe("an unsubscribe", () => {
  const stateOf = async (contact: number): Promise<unknown> =>
    DB.prepare("SELECT consents ->> '$.email.state' AS state FROM contacts WHERE id = ?1").bind(contact).first("state");
  const linkOf = ({ message }: Written): string =>
    new URL(/<(.+?)>/.exec(message.headers["List-Unsubscribe"] ?? "")?.[1] ?? "").pathname;
  const form = (body: string, headers: Record<string, string> = {}): RequestInit => ({
    method: "POST",
    body,
    headers: { "Content-Type": "application/x-www-form-urlencoded", ...headers },
  });

  test("is no more than a page for what only looks (D06, Appendix B 23)", async () => {
    const pia = await written("pia");
    const answers = [await ask(linkOf(pia)), await ask(linkOf(pia), withAgent("Barracuda Sentinel (EE)"))];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect((await ask(linkOf(pia), { method: "HEAD" })).status).toBe(200);
    expect(await stateOf(pia.contact)).toBe("granted");
  });

  test("is done by RFC 8058's POST before the answer, without cookie or referrer, and any number of times (D08, D10, Appendix B 23)", async () => {
    const quin = await written("quin");
    const first = await ask(linkOf(quin), form("List-Unsubscribe=One-Click"));
    expect([first.status, at(first), await stateOf(quin.contact)]).toEqual([200, "", "withdrawn"]);
    const cookie = { Cookie: "__Host-relance=stolen", Origin: "https://evil.test" };
    const again = await ask(linkOf(quin), form("List-Unsubscribe=One-Click", cookie));
    expect([again.status, await stateOf(quin.contact)]).toEqual([200, "withdrawn"]);
    expect(await again.text()).toBe(await first.text());
  });

  test.each([
    ["an empty body", form("")],
    ["another body", form("List-Unsubscribe=Yes")],
    ["JSON", { ...form('{"List-Unsubscribe":"One-Click"}'), headers: { "Content-Type": "application/json" } }],
    ["no type", { method: "POST", body: "List-Unsubscribe=One-Click", headers: { "Content-Type": "text/plain" } }],
  ])("is not done by %s (D09)", async (_name, init) => {
    const rose = await written("rose");
    expect((await ask(linkOf(rose), init)).status).toBe(400);
    expect(await stateOf(rose.contact)).toBe("granted");
  });

  describe("by mail, where the shop has an inbox for it", () => {
    /** Hands a mail over as Email Routing does; why it went back, or null. */
    const mail = async (subject: string, id = "<a@mail.test>"): Promise<string | null> => {
      let reason: string | null = null;
      const headers = new Headers({ Subject: subject, "Message-ID": id });
      const setReject = (why: string): void => {
        reason = why;
      };
      const incoming = { headers, setReject } as ForwardableEmailMessage;
      await worker.email(incoming, services.env as unknown as Parameters<typeof worker.email>[1]);
      await quiet();
      return reason;
    };
    const offered = async (user: string): Promise<Written> => {
      const letter = await written(user);
      const sql =
        "UPDATE sends SET data = json_set(data, '$.links.mailbox', 'bye@shop.test') WHERE contact = ?1 AND id = ?2";
      await DB.prepare(sql).bind(letter.contact, letter.id).run();
      return letterOf(user);
    };
    const subjectOf = ({ message }: Written): string => {
      const address = /, <(mailto:[^>]+)>$/.exec(message.headers["List-Unsubscribe"] ?? "")?.[1] ?? "";
      return new URL(address).searchParams.get("subject") ?? "";
    };

    test("stands behind the link, which one click still ends", async () => {
      const letter = await offered("sam");
      const header = letter.message.headers["List-Unsubscribe"] ?? "";
      expect(header).toMatch(
        /^<https?:\/\/[^\s>]+\/u\/[^\s>]+>, <mailto:bye@shop\.test\?subject=unsubscribe%20[\w.~-]+>$/,
      );
      expect(letter.message.headers["List-Unsubscribe-Post"]).toBe("List-Unsubscribe=One-Click");
      expect(
        wrongHeader({ from: "a@x.test", to: "b@x.test", subject: "", headers: letter.message.headers }),
      ).toBeNull();
      expect((await ask(linkOf(letter), form("List-Unsubscribe=One-Click"))).status).toBe(200);
      expect(await stateOf(letter.contact)).toBe("withdrawn");
    });

    test("ends the subscription of the letter that it names, whoever sent it, and any number of times", async () => {
      const letter = await offered("sue");
      expect(await mail(`Re: ${subjectOf(letter)}`)).toBeNull();
      expect(await stateOf(letter.contact)).toBe("withdrawn");
      const before = await journalled("consent.withdrawn");
      expect(await mail(`Re: ${subjectOf(letter)}`)).toBeNull();
      expect(await journalled("consent.withdrawn")).toBe(before);
      // Whoever agreed again since, and asks again.
      await say("sue", { type: "identify", name: "identify", traits: { consent: { email: true } } });
      expect(await stateOf(letter.contact)).toBe("granted");
      await pass(SECOND);
      expect(await mail(`UNSUBSCRIBE   ${subjectOf(letter).split(" ")[1]}`, "<b@mail.test>")).toBeNull();
      expect(await stateOf(letter.contact)).toBe("withdrawn");
    });

    test("does nothing else: what names nothing of ours goes back, and no other token is one", async () => {
      const letter = await offered("syd");
      const token = subjectOf(letter).split(" ")[1] ?? "";
      const others = [
        "",
        "unsubscribe",
        "unsubscribe me please syd@shop.test",
        `unsubscribe ${token.slice(0, -2)}zz`,
        `unsubscribe ${token.replace(/^\d+/, "1")}`,
        `unsubscribe ${signToken(SECRET, "preferences", [letter.contact, letter.id, "email"])}`,
        `unsubscribe ${(letter.clicks[0] ?? "").slice(3)}`,
        `unsubscribe ${"x".repeat(10_000)} ${token}`,
      ];
      const before = await journalled("consent.withdrawn");
      for (const subject of others)
        expect([subject.slice(0, 60), await mail(subject)]).toEqual([
          subject.slice(0, 60),
          expect.stringContaining("unsubscribe"),
        ]);
      expect(await journalled("consent.withdrawn")).toBe(before);
      expect(await stateOf(letter.contact)).toBe("granted");
    });
  });

  test("keeps back what was already on its way (D11)", async () => {
    const tom = await written("tom");
    const { contact } = tom;
    await DB.prepare(
      "UPDATE sends SET state = 'queued', open = 1, next_at = 0, attempts = 0, first_attempt_at = NULL WHERE contact = ?1",
    )
      .bind(contact)
      .run();
    await ask(linkOf(tom), form("List-Unsubscribe=One-Click"));
    const [verdict] = await services.ledger.permit([{ contact, id: tom.id }]);
    expect(verdict).toMatchObject({ state: "suppressed", reason: "consent_withdrawn" });
  });
});

describe("short links of texts", () => {
  test("lead on as others do, are a person's click, and end the subscription behind a button", async () => {
    await live({ letters: letters("links_text", "sms") });
    const uma = await written("uma", {}, { phone: "+33612345678" });
    const { text } = uma.message;
    expect(text).toMatch(
      /^New lamps: https?:\/\/\S+\/s\/[\w-]{16,22} and yours: https?:\/\/\S+\/s\/[\w-]{16,22}\nSTOP: /,
    );
    const [lamps = "", yours = "", stop = ""] = uma.clicks;
    await pass(MINUTE);
    expect(at(await ask(lamps))).toBe(`${SHOP}/lamps`);
    expect(await actsOn(uma)).toEqual(["clicked"]);
    const landing = new URL(at(await ask(yours)));
    expect((await ask(landing.pathname)).status).toBe(200);
    const way = await ask(stop);
    expect(way.status).toBe(302);
    const page = await ask(new URL(at(way)).pathname);
    expect(await page.text()).toContain("Unsubscribe");
    // So it is when the message itself has long been deleted: its other links lead to the shop.
    await DB.prepare("DELETE FROM sends WHERE contact = ?1").bind(uma.contact).run();
    expect(at(await ask(lamps))).toBe(SHOP);
    expect((await ask(new URL(at(await ask(stop))).pathname)).status).toBe(200);
    for (const code of [
      lamps.slice(0, -1),
      `${lamps.slice(0, -2)}zz`,
      "/s/AAAAAAAAAAAAAAAAAAAA",
      `/s/${"A".repeat(9_000)}`,
    ]) {
      expect((await ask(code)).status).toBe(404);
    }
  });

  test("are no reader's own without consent to tracking, but for their own pages", async () => {
    const val = await written("val", { tracking: false }, { phone: "+33612345679" });
    expect(val.message.text).toContain(`New lamps: ${SHOP}/lamps and yours: `);
    await pass(MINUTE);
    expect((await ask(val.clicks[0] ?? "")).status).toBe(302);
    expect(await hitsOn(val)).toEqual({});
  });
});
