import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Server } from "../support/server";
import { startServer, until } from "../support/server";

const AT = "2026-11-23T09:00:00Z";
let server: Server;
/** What the source of the weather was asked, and what it answers. */
const weather = { asked: [] as string[], answer: () => Response.json({ kind: "rain", degrees: 8.6 }) };

beforeAll(async () => {
  server = await startServer({
    tick: 0,
    at: AT,
    vars: { WEATHER_URL: "https://weather.test/v1", OUTBOUND_HOSTS: "weather.test" },
    outbound: (request) => {
      if (new URL(request.url).hostname !== "weather.test") return new Response(null, { status: 502 });
      weather.asked.push(request.url);
      return weather.answer();
    },
  });
});

afterAll(async () => server.stop());

function email(key: string, html: string, more: object = {}) {
  const of = (subject: string) => ({ subject, preheader: "A preheader", html });
  return { key, channel: "email", texts: { en: of("A subject"), fr: of("Un objet") }, ...more };
}

const preview = (key: string, to: object) => server.post(`/api/contents/${key}/preview`, { to });

async function contact(user: string): Promise<string> {
  const found = await server.api(`/api/contacts?external_id=${user}`);
  return found.json.data[0].id as string;
}

const EVERYTHING =
  "<p>{{ contact.civility }} {{ contact.last_name }}</p><p>pet {{ tables.pets.name }}</p>" +
  "{% need store.nearest %}<p>near {{ store.nearest.name }} ({{ store.nearest.hours }}), yours {{ store.preferred.name | default: 'none' }}</p>{% endneed %}" +
  '<p>{% if weather.kind == "rain" %}rain {{ weather.degrees }}{% endif %} in {{ place.city }}</p>' +
  "{% for line in reco %}<p>reco {{ line.name }} {{ line.price | money: line.currency }}</p>{% endfor %}" +
  "<p>{% if segments.everybody %}inside{% else %}outside{% endif %}</p><p>parcel {{ scenario.parcel }}</p>" +
  '<p><a href="{{ scenario.tracking_url | default: shop.url }}">follow</a></p>{% need loyalty %}points{% endneed %}';

describe("a content", () => {
  test("prints what is known of a contact, read once and frozen: a custom table's column, stores, weather, recommendations", async () => {
    const pets = {
      key: "pets",
      title: "Pets",
      family: "linked",
      columns: [
        { name: "name", type: "text" },
        { name: "worth", type: "money" },
      ],
    };
    expect((await server.post("/api/tables", pets)).status).toBe(201);
    const traits = {
      email: "ann@shop.test",
      last_name: "Martin",
      civility: "mr",
      city: "Lyon",
      lat: 45.76,
      lon: 4.84,
      consent: { email: true },
    };
    await server.send("identify", { userId: "ann", traits });
    const ann = await contact("ann");
    const stores = [
      { store_id: "paris", name: "Paris Marais", lat: 48.86, lon: 2.36 },
      {
        store_id: "lyon",
        name: "Lyon Terreaux",
        lat: 45.77,
        lon: 4.83,
        opening_hours: { mon: ["10:00-19:00"], tue: ["10:00-19:00"], sat: ["10:00-20:00"] },
      },
    ];
    expect((await server.put("/api/stores", { stores })).status).toBe(200);
    const price = { amount: 4_990, currency: "EUR" };
    const products = [
      { product_id: "P1", title: "Lamp", price, stock: 4 },
      { product_id: "P2", title: "Gone", price, stock: 0 },
    ];
    expect((await server.put("/api/products", { products })).status).toBe(200);
    const reco = (id: string, score: number) => ({ id, contact_id: ann, score, computed_at: AT });
    expect(
      (await server.put("/api/tables/recommendations/rows", { rows: [reco("P1", 1), reco("P2", 2)] })).status,
    ).toBe(200);
    const row = { id: "pet-1", external_id: "ann", name: "Milo", worth: { amount: 100, currency: "EUR" } };
    expect((await server.put("/api/tables/pets/rows", { rows: [row] })).json).toEqual({ accepted: 1 });
    const made = await server.post("/api/contents", email("everything", EVERYTHING));
    expect(made.status, made.text).toBe(201);
    const { json } = await preview("everything", { contact: ann });
    expect(json.text).toContain("Mr Martin");
    for (const shown of [
      "pet Milo",
      "near Lyon Terreaux (Mon–Tue 10:00–19:00 · Sat 10:00–20:00), yours none",
      "rain 9 in Lyon",
      "reco Lamp €49.90",
      "outside",
    ]) {
      expect(json.text).toContain(shown);
    }
    expect(json.text).not.toContain("Gone");
    expect(json.text).not.toContain("points");
    expect(weather.asked).toHaveLength(1);
    expect(weather.asked[0]).toContain("city=Lyon");
  });

  test("is sent with what the event said, and prints at a retry what it printed before", async () => {
    const blocks = {
      start: { type: "start.event", params: { event: "Parcel Sent" }, next: { next: "say" } },
      say: { type: "send.email", params: { content: "everything" }, next: { next: "done" } },
      done: { type: "exit" },
    };
    const definition = { name: "Parcels", stop_on: ["withdrawal"], start: "start", blocks };
    const scenario = await server.post("/api/scenarios", { definition });
    expect(scenario.status, scenario.text).toBe(201);
    const live = await server.post(`/api/scenarios/${scenario.json.id}/activate`);
    expect(live.status, live.text).toBeLessThan(300);
    const properties = { parcel: "8F3K", tracking_url: "https://carrier.test/8F3K", coupon: "STOLEN" };
    await server.send("track", { userId: "ann", event: "Parcel Sent", properties });
    const row = await until(
      async () => {
        const rows = await server.rows<{ data: string; state: string }>(
          "SELECT data, state FROM sends WHERE content = 'everything' AND state = 'sent'",
        );
        return rows[0];
      },
      { what: "the message to be sent" },
    );
    const frozen = JSON.parse(row.data);
    expect(frozen.extra).toMatchObject({ weather: { kind: "rain", degrees: 9 }, tables: { pets: { name: "Milo" } } });
    expect(frozen.told.tracking_url).toBe("https://carrier.test/8F3K");
    // What an event calls a coupon is none.
    expect(frozen.coupon).toBeUndefined();
    const inbox = await (await fetch(`${server.url}/dev/inbox`)).text();
    expect(inbox).toContain("A subject");
  });

  test("goes on without the weather where its source fails, and leaves the source in peace", async () => {
    await server.send("identify", { userId: "bob", traits: { email: "bob@shop.test", city: "Brest" } });
    weather.answer = () => new Response("no", { status: 500 });
    const before = weather.asked.length;
    const bob = await contact("bob");
    for (let time = 0; time < 3; time++)
      expect((await preview("everything", { contact: bob })).json.text).not.toContain("rain");
    expect(weather.asked.length).toBe(before + 1);
  });

  test("hides a block, says something else or is not sent at all where data is missing, as it says itself", async () => {
    const blocks =
      "{% need coupon.code else hide %}<p>code {{ coupon.code }}</p>{% endneed %}" +
      "{% need store.nearest %}<p>near</p>{% instead %}<p>on the web</p>{% endneed %}";
    await server.post("/api/contents", email("policies", `<p>Hello</p>${blocks}`));
    const bob = await contact("bob");
    const { text } = (await preview("policies", { contact: bob })).json;
    expect(text).toContain("on the web");
    expect(text).not.toContain("code");
    await server.post(
      "/api/contents",
      email("dropped", "<p>Hello</p>{% need coupon.code else drop %}<p>x</p>{% endneed %}"),
    );
    const refused = await preview("dropped", { contact: bob });
    expect([refused.status, refused.json.detail]).toEqual([422, "No message would leave: data_missing."]);
  });
});

describe("publishing", () => {
  test("is refused with the places of what is wrong, and nothing is stored", async () => {
    const bad = await server.post("/api/contents", email("bad", "<p>{{ contact.nickname }}</p>"));
    expect([bad.status, bad.json.errors[0].detail]).toEqual([422, "“contact.nickname” is no variable."]);
    const script = await server.post("/api/contents", email("bad", "<script>x</script>"));
    expect([script.status, script.json.errors[0].pointer]).toEqual([400, "/texts/en/html"]);
    const mjml = { subject: "s", preheader: "p", mjml: "<mjml><mj-body><mj-foo/></mj-body></mjml>" };
    const unknown = await server.post("/api/contents", { key: "bad", channel: "email", texts: { en: mjml } });
    expect(unknown.status).toBe(400);
    expect(unknown.json.errors[0]).toMatchObject({
      pointer: "/texts/en/mjml",
      detail: expect.stringContaining("mj-foo"),
    });
    expect((await server.api("/api/contents/bad")).status).toBe(404);
  });

  test("makes versions, of which each message keeps its own; the brand is put in when a version is made", async () => {
    const { data } = (await server.api("/api/content-designs")).json;
    const welcome = data.find(({ key }: { key: string }) => key === "welcome");
    const input = { key: "welcome", channel: "email", texts: welcome.texts };
    expect((await server.post("/api/contents", input)).json.version).toBe(1);
    const unreadable = await server.put("/api/settings/brand", { colours: { ink: "#eeeeee" } });
    expect([unreadable.status, unreadable.json.errors[0].pointer]).toEqual([422, "/colours/ink"]);
    const before = (await server.post("/api/contents/welcome/preview", {})).json.html;
    expect(
      (await server.put("/api/settings/brand", { colours: { accent: "#004080", on_accent: "#ffffff" } })).status,
    ).toBe(200);
    expect((await server.post("/api/contents/welcome/preview", {})).json.html).toBe(before);
    expect((await server.post("/api/contents", input)).json.version).toBe(2);
    const after = (await server.post("/api/contents/welcome/preview", {})).json.html;
    expect([before.includes("#004080"), after.includes("#004080")]).toEqual([false, true]);
    expect((await server.post("/api/contents/welcome/preview", { version: 1 })).json.html).toBe(before);
    expect(
      (await server.api("/api/contents/welcome")).json.versions.map(({ version }: { version: number }) => version),
    ).toEqual([2, 1]);
  });

  test("of letters again, with the brand of now, makes each once however often it is asked for", async () => {
    const { data } = (await server.api("/api/content-designs")).json;
    const keys = data.map(({ key }: { key: string }) => key).sort();
    for (const { key, class: kind, needs, texts } of data) {
      expect((await server.post("/api/contents", { key, channel: "email", class: kind, needs, texts })).status).toBe(
        201,
      );
    }
    await server.post("/api/contents", email("handmade", "<p>{{ brand.ink }} brand.</p>"));
    const versions = async (key: string): Promise<number> => (await server.api(`/api/contents/${key}`)).json.version;
    const before = await Promise.all(keys.map(versions));
    const handmade = await versions("handmade");
    const again = async (after: string | null) =>
      (await server.post("/api/settings/brand/republish", { after })).json as {
        published: { key: string; version: number }[];
        refused: unknown[];
        left: string[];
        next: string | null;
      };
    expect(await again(null)).toEqual({ published: [], refused: [], left: [], next: null });
    await server.put("/api/settings/brand", { colours: { accent: "#005040", on_accent: "#ffffff" } });
    // Two that ask at once, then whoever goes on: each letter has one more version, and no more.
    const rounds = await Promise.all([again(null), again(null)]);
    for (let { next } = rounds[0]; next !== null; next = rounds.at(-1)?.next ?? null) rounds.push(await again(next));
    expect(rounds.flatMap(({ published }) => published.map(({ key }) => key)).sort()).toEqual(keys);
    expect(rounds.length).toBeGreaterThan(2);
    expect(await again(null)).toMatchObject({ published: [], left: [] });
    expect(await Promise.all(keys.map(versions))).toEqual(before.map((version) => version + 1));
    expect(await versions("handmade")).toBe(handmade);
    expect((await server.post("/api/contents/welcome/preview", {})).json.html).toContain("#005040");
  });

  test("of letters again leaves out what could not go out, and says why", async () => {
    // A version of before a check that refuses it today.
    const [row] = await server.rows("SELECT definition FROM contents WHERE key = 'nps' ORDER BY version DESC LIMIT 1");
    const old = String(row?.["definition"])
      .replaceAll("{{ shop.name }}", "{{ shop.gone }}")
      .replace('"key":"nps"', '"key":"aged"');
    expect(old).toContain("shop.gone");
    await server.rows("INSERT INTO contents (key, version, definition, created_at) VALUES ('aged', 7, ?1, 0)", old);
    await server.put("/api/settings/brand", {});
    const keys: string[] = [];
    for (let after: string | null = null, isOver = false; !isOver; ) {
      const { json } = await server.post("/api/settings/brand/republish", { after });
      for (const { key, errors } of json.refused) {
        keys.push(key);
        expect(errors[0].detail).toContain("shop.gone");
      }
      isOver = json.next === null;
      after = json.next;
      if (isOver) expect(json.left).toEqual(["aged"]);
    }
    expect(keys).toEqual(["aged"]);
    await server.rows("DELETE FROM contents WHERE key = 'aged'");
  });

  test("never turns a marketing content into a transactional one", async () => {
    const changed = await server.post("/api/contents", email("everything", "<p>x</p>", { class: "transactional" }));
    expect([changed.status, changed.json.errors[0].pointer]).toEqual([422, "/class"]);
  });

  test("in one language is enough: whoever reads another gets it whole, with its amounts", async () => {
    const one = {
      subject: "Un objet",
      preheader: "p",
      html: "<p>{{ cart.total | money: 'EUR' }} le {{ order.placed_at | date }}</p>",
    };
    const made = await server.post("/api/contents", { key: "french", channel: "email", texts: { fr: one } });
    expect(made.json.findings).toMatchObject([{ code: "language_missing", language: "en", level: "warning" }]);
    const { json } = await server.post("/api/contents/french/preview", { language: "en" });
    expect([json.language, json.text.includes("237,00\u00a0€")]).toEqual(["fr", true]);
  });
});

describe("a test send", () => {
  test("goes to the shop's own people alone, and is marked", async () => {
    const stranger = await server.post("/api/contents/welcome/test", { to: ["someone@else.test"] });
    expect([stranger.status, stranger.json.errors[0].pointer]).toEqual([422, "/to/0"]);
    const sent = await server.post("/api/contents/welcome/test", {
      to: ["equipe@maison-lumen.test"],
      as: { person: "longest" },
      language: "fr",
    });
    expect(sent.json.data).toEqual([{ to: "equipe@maison-lumen.test", outcome: "accepted" }]);
    expect(await (await fetch(`${server.url}/dev/inbox`)).text()).toContain("[Test] Bienvenue");
  });

  test("of a text or a notification goes where the contact with that address is reached", async () => {
    const to = ["equipe@maison-lumen.test"];
    const texts = (body: object) => ({ en: body, fr: body });
    await server.post("/api/contents", { key: "ring", channel: "sms", texts: texts({ body: "Your lamp waits" }) });
    const push = { title: "A lamp", body: "It waits", url: "{{ cart.url }}" };
    const made = await server.post("/api/contents", { key: "tap", channel: "push", texts: texts(push) });
    expect(made.status, made.text).toBe(201);
    const nobody = await server.post("/api/contents/ring/test", { to });
    expect([nobody.status, nobody.json.errors[0]]).toEqual([
      422,
      { pointer: "/to/0", detail: "is no contact who can be reached by sms" },
    ]);
    const traits = { email: to[0], phone: "+33612345678" };
    await server.send("identify", { userId: "team", traits });
    for (const key of ["ring", "tap"]) {
      expect((await server.post(`/api/contents/${key}/test`, { to })).json.data).toEqual([
        { to: to[0], outcome: "accepted" },
      ]);
    }
    const inbox = await server.rows<{ channel: string; address: string; message: string }>(
      "SELECT channel, address, message FROM local_inbox WHERE channel <> 'email' ORDER BY channel",
    );
    expect(inbox.map(({ channel, address }) => [channel, address])).toEqual([
      ["push", "team"],
      ["sms", "+33612345678"],
    ]);
    const [tap, ring] = inbox.map(({ message }) => JSON.parse(message));
    expect(ring.text).toMatch(/^\[Test\] Your lamp waits\nSTOP/);
    expect([tap.subject, tap.url.endsWith("/cart")]).toEqual(["[Test] A lamp", true]);
  });

  test("leads where a tap on it would, as a preview says", async () => {
    const { json } = await server.post("/api/contents/tap/preview", {});
    expect(json.url).toContain("/cart");
    const away = { title: "t", body: "b", url: "https://evil.test/" };
    const refused = await server.post("/api/contents", { key: "away", channel: "push", texts: { en: away, fr: away } });
    expect([refused.status, refused.json.errors[0].pointer]).toEqual([422, "/texts/en"]);
    const text = { title: "t", body: "b", url: "https://shop.test/" };
    const print = await server.post("/api/contents", { key: "away", channel: "print", texts: { en: text } });
    expect(print.status).toBe(400);
  });
});
