// What people say on the pages behind a mail, on the real runtime: a row, an event, and what scenarios do about it.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { localClock } from "../../src/local/clock";
import { DAY, MINUTE } from "../../src/shared/clock";
import { actsOf, DB, live, runsOf, services } from "../support/acts-world";
import type { Written } from "../support/links-world";
import { ask, content, letters, pass, say, written } from "../support/links-world";

const HTML =
  '<p>How was it? <a href="{{ link.nps }}?score=9">9</a> <a href="{{ link.rating }}">Stars</a> ' +
  '<a href="{{ link.review }}">Review</a> <a href="{{ link.landing }}">Yours</a> <a href="{{ link.web }}">Web</a></p>';

beforeAll(async () => {
  await services.ready();
  localClock.move(Date.UTC(2026, 8, 7, 9), 0);
  await content("asking", "email", { subject: "How was it?", preheader: "Tell us", html: HTML });
  await live({ asking: letters("asking") });
});

afterAll(() => localClock.move(Date.now(), 1));

const order = {
  order_id: "fb-1",
  total: 80,
  products: [
    { product_id: "lamp", name: "Lampe <b>Aube</b>", price: 50, quantity: 1, image_url: "https://shop.test/lamp.jpg" },
    { product_id: "chair", name: "Chaise", price: 15, quantity: 2 },
  ],
};

async function asked(user: string, consent: object = {}, more: object = {}): Promise<Written> {
  await say(user, {
    type: "identify",
    name: "identify",
    traits: { email: `${user}@shop.test`, first_name: "Zoé", ...more },
  });
  await say(user, { name: "Order Completed", properties: { ...order, order_id: `fb-${user}` } });
  const letter = await written(user, consent);
  await pass(MINUTE);
  return letter;
}

function pageOf({ message }: Written, kind: string): string {
  const paths = [...message.html.matchAll(/https?:\/\/[^"/]+(\/[fwl]\/[^"?]+)/g)].map(([, path]) => path ?? "");
  return paths.find((path) => path.includes(`~${kind}~`)) ?? "";
}

const form = (fields: Record<string, string>): RequestInit => ({
  method: "POST",
  body: new URLSearchParams(fields).toString(),
  headers: { "Content-Type": "application/x-www-form-urlencoded" },
});

const rowsOf = async ({ contact }: Written) =>
  (
    await DB.prepare(
      "SELECT rating, nps, text, title, product_id, order_id, verified FROM reviews WHERE contact = ?1 ORDER BY source_id",
    )
      .bind(contact)
      .all()
  ).results;

describe("a feedback page", () => {
  test("shows the score that the mail's link brought, and says nothing before the button", async () => {
    const ann = await asked("fb-ann");
    for (const init of [{}, { method: "HEAD" }])
      expect((await ask(`${pageOf(ann, "nps")}?score=9`, init)).status).toBe(200);
    const page = await (await ask(`${pageOf(ann, "nps")}?score=9&lang=fr`)).text();
    expect(page).toMatch(/value="9" checked/);
    expect(page).toContain("Nous recommanderiez-vous");
    expect(await rowsOf(ann)).toEqual([]);
    const { headers } = await ask(pageOf(ann, "nps"));
    expect(headers.get("Content-Security-Policy")).toMatch(
      /default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'/,
    );
  });

  test("becomes a row and an event, once for each opinion; a later word is the one that counts", async () => {
    const ben = await asked("fb-ben");
    expect((await ask(pageOf(ben, "nps"), form({ do: "say", score: "9", text: "Très bien\r\nmerci" }))).status).toBe(
      200,
    );
    await pass(MINUTE);
    await ask(pageOf(ben, "nps"), form({ do: "say", score: "3" }));
    await ask(pageOf(ben, "rating"), form({ do: "say", score: "5" }));
    const product = { do: "say", score: "4", product: "lamp", title: "Douce", text: "Une belle lumière." };
    expect((await ask(pageOf(ben, "review"), form(product))).status).toBe(200);
    expect(await rowsOf(ben)).toMatchObject([
      { nps: 3, rating: null, order_id: "fb-fb-ben", verified: 1 },
      { nps: null, rating: 5 },
      { rating: 4, product_id: "lamp", title: "Douce", text: "Une belle lumière." },
    ]);
  });

  test.each([
    ["no score", { do: "say" }, 400],
    ["a score beyond the scale", { do: "say", score: "11" }, 400],
    ["a score that is no number", { do: "say", score: "9.5" }, 400],
    ["no act", { score: "9" }, 400],
  ])("keeps nothing of %s", async (_name, fields, status) => {
    const cleo = await asked("fb-cleo");
    expect((await ask(pageOf(cleo, "nps"), form(fields))).status).toBe(status);
    expect(await rowsOf(cleo)).toEqual([]);
  });

  test("is of the products that were bought, by name and as text", async () => {
    const dan = await asked("fb-dan");
    const page = await (await ask(pageOf(dan, "review"))).text();
    expect(page).toContain("Lampe &lt;b&gt;Aube&lt;/b&gt;");
    const answer = await ask(pageOf(dan, "review"), form({ do: "say", score: "4", product: "somebody-elses" }));
    expect(answer.status).toBe(400);
    // What somebody typed comes back as text (D19).
    const wrong = { do: "say", text: "</textarea><script>alert(1)</script>" };
    expect(await (await ask(`${pageOf(dan, "review")}?lang=<svg onload=1>`, form(wrong))).text()).not.toMatch(
      /<script|<svg/,
    );
    expect(await rowsOf(dan)).toEqual([]);
  });

  test("works for whoever does not want to be measured, and for nobody after 13 months", async () => {
    const eve = await asked("fb-eve", { tracking: false });
    expect((await ask(pageOf(eve, "rating"), form({ do: "say", score: "1" }))).status).toBe(200);
    expect(await rowsOf(eve)).toMatchObject([{ rating: 1 }]);
    localClock.move(services.clock.now() + 400 * DAY, 0);
    expect((await ask(pageOf(eve, "rating"))).status).toBe(404);
  });

  test("begins what a scenario does about a bad mark: a task for somebody", async () => {
    const bad = [{ property: "rating", as: "number", op: "lte", value: 2 }];
    const graph = {
      ...letters("asking"),
      start: "start",
      blocks: {
        start: {
          type: "start.interaction",
          params: { table: "reviews", on: "created", where: bad },
          next: { next: "task" },
        },
        task: { type: "task.create", params: { title: "Call them back", team: "care" }, next: { next: "end" } },
        end: { type: "exit", params: { outcome: "completed", reason: "end" }, next: {} },
      },
    };
    await live({ asking: letters("asking"), care: graph as never });
    const [fay, gus] = [await asked("fb-fay"), await asked("fb-gus")];
    await ask(pageOf(fay, "rating"), form({ do: "say", score: "5" }));
    await ask(pageOf(gus, "rating"), form({ do: "say", score: "1" }));
    expect((await runsOf("fb-fay")).filter(({ scenario }) => scenario === "care")).toEqual([]);
    expect((await runsOf("fb-gus")).filter(({ scenario }) => scenario === "care")).toHaveLength(1);
    expect(await actsOf("fb-gus")).toMatchObject([{ kind: "task.create" }]);
  });
});

describe("the pages behind a message", () => {
  test("show what it is about, in its reader's language, with what is not known left out", async () => {
    const ida = await asked("fb-ida", {}, { language: "fr" });
    const [landing = "", web = ""] = [/(\/l\/[^"]+)/, /(\/w\/[^"]+)"/].map((pattern) => {
      const link = pattern.exec(ida.message.html)?.[1] ?? "";
      return link;
    });
    // The landing page is a destination as any other, and counts as one.
    expect(landing).toBe("");
    const to = (
      await Promise.all(ida.clicks.map(async (click) => (await ask(click)).headers.get("Location") ?? ""))
    ).find((one) => one.includes("/l/"));
    const page = await ask(new URL(to ?? "").pathname);
    const text = await page.text();
    expect([page.status, page.headers.get("Cache-Control")]).toEqual([200, "no-store, private"]);
    expect(text).toContain("Votre dernière commande");
    expect(text).toContain("Lampe &lt;b&gt;Aube&lt;/b&gt;");
    expect(text).toMatch(/30,00\s€/);
    expect(text).not.toMatch(/null|undefined|\{\{|ida@/);
    const mail = await ask(web);
    expect(mail.status).toBe(200);
    const html = await mail.text();
    // Read on the web it tells nothing: no pixel, no trap.
    expect(html).not.toMatch(/\/o\/|~x~/);
    expect(html).toContain("How was it?");
    expect(mail.headers.get("Content-Security-Policy")).toContain("default-src 'none'");
  });
});
