// Section G of the security specification, one test for each attack. G12, the preview, is test/e2e/contents.test.ts.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compileInput } from "../../../src/admin/content-actions";
import { brandInput, DEFAULT_BRAND } from "../../../src/sends/brand";
import { checkContent } from "../../../src/sends/check";
import type { Content, NoticeContent } from "../../../src/sends/content";
import { ContentFault } from "../../../src/sends/content";
import { htmlFault } from "../../../src/sends/html-check";
import { contentInput } from "../../../src/sends/input";
import { renderMessage } from "../../../src/sends/render";
import { previewLinks } from "../../../src/sends/sample";
import { Fault } from "../../../src/shared/fault";
import { emailOf, linksOf, people, shop, smsOf } from "./samples";

const english = people.typical("en");
const named = (first_name: string) => ({ ...english, contact: { first_name, last_name: null } });
const ground = { shop, links: previewLinks("https://go.maison-lumen.test"), now: 0 };

function inputOf(html: string, subject = "Hello") {
  const text = { subject, preheader: "x", html };
  return { key: "probe", channel: "email", texts: { en: text, fr: text } };
}

function isTaken(html: string, subject?: string): boolean {
  return contentInput.safeParse(inputOf(html, subject)).success;
}

function reasonOf(content: Content): string {
  try {
    renderMessage(content, english, linksOf(), shop);
  } catch (error) {
    if (error instanceof ContentFault) return error.reason;
    throw error;
  }
  return "none";
}

/** What the checks find, by their codes. */
function codes(content: Content): readonly string[] {
  return checkContent(content, ground).map(({ level, code }) => `${level}: ${code}`);
}

describe("G. templates and message content", () => {
  it("G01: a name with Liquid in it is printed as text, never parsed again", () => {
    const name = "{{ 'x' | upcase }}{% include %}";
    const { html, text } = renderMessage(emailOf("<p>{{ contact.first_name }}</p>"), named(name), linksOf(), shop);
    expect(html).toContain("{{ &#39;x&#39; | upcase }}{% include %}");
    expect(text).toContain(name);
  });

  it("G02: markup in a name is escaped in HTML and plain in the text part", () => {
    const name = "<img src=x onerror=alert(1)>";
    const { html, text } = renderMessage(emailOf("<p>{{ contact.first_name }}</p>"), named(name), linksOf(), shop);
    expect(html).toContain("&lt;img src=x onerror=alert(1)&gt;");
    expect(html).not.toContain("<img src=x");
    expect(text).toContain(name);
  });

  it("G04: liquidjs is not older than 10.26.0 in the lock file", () => {
    const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
      packages: Record<string, { version?: string }>;
    };
    const versions = Object.entries(lock.packages).flatMap(([path, { version }]) =>
      path.endsWith("node_modules/liquidjs") ? [version ?? ""] : [],
    );
    expect(versions.length).toBeGreaterThan(0);
    for (const version of versions) {
      const [major = 0, minor = 0] = version.split(".").map(Number);
      expect(major * 1_000 + minor).toBeGreaterThanOrEqual(10_026);
    }
  });

  it.each([
    ["a long loop", "{% for i in (1..900000) %}{% endfor %}"],
    [
      "nested loops",
      "{% for i in (1..1000) %}{% for j in (1..1000) %}{% for k in (1..1000) %}x{% endfor %}{% endfor %}{% endfor %}",
    ],
    ["doubling lists", `{% assign a = cart.lines %}${"{% assign a = a | concat: a %}".repeat(30)}`],
    ["doubling texts", `{% assign a = 'xxxxxxxx' %}${"{% assign a = a | append: a %}".repeat(30)}`],
    [
      "replacing each letter by all",
      `{% assign a = '${"a".repeat(900)}' %}{{ a | replace: 'a', a | replace: 'a', a }}`,
    ],
    ["doubling by replacing", `{% assign a = 'ab' %}${"{% assign a = a | replace_first: 'a', a %}".repeat(40)}`],
  ])("G05: %s ends in at most 60 ms, and the contact gets no half mail", (_, bomb) => {
    const content = emailOf(bomb);
    // What a template takes is counted; the clock only says that the counts are small enough. The best of three, as others share the machine.
    const times = [1, 2, 3].map(() => {
      const begun = process.cpuUsage();
      expect(reasonOf(content)).toBe("template_too_heavy");
      const { user, system } = process.cpuUsage(begun);
      return (user + system) / 1_000;
    });
    expect(Math.min(...times)).toBeLessThan(60);
  });

  it("G05: a date with a width of five million is a fault", () => {
    expect(reasonOf(emailOf("{{ order.placed_at | date: '%5000000d' }}"))).toBe("date_invalid");
  });

  it("G06: what is read from files is refused at save", () => {
    for (const tag of ["include '../secrets'", "render 'x'", "layout '/etc/passwd'"])
      expect(isTaken(`{% ${tag} %}`)).toBe(false);
  });

  it("G08: a subject is one line of bounded length, with its emoji whole", () => {
    for (const bad of ["Hello\r\nBcc: x@y.z", "Hello\u202etxt", "a\u0000b", "x".repeat(501)])
      expect(isTaken("<p>x</p>", bad)).toBe(false);
    expect(isTaken("<p>x</p>", "Bonjour 🎁")).toBe(true);
    const told = renderMessage(
      emailOf("x", {}, "{{ contact.first_name }}"),
      named(`A\r\nBcc: evil\u202e${"🎁".repeat(400)}`),
      linksOf(),
      shop,
    );
    expect(told.subject).not.toMatch(/[\p{Cc}\u202e\ufffd]/u);
    expect(told.subject.length).toBeLessThanOrEqual(250);
    expect(told.subject.isWellFormed()).toBe(true);
  });

  it("G09: nobody's data says who a mail is from or to whom it is answered", () => {
    const { en, fr } = inputOf("<p>x</p>").texts;
    for (const field of ["from", "reply_to", "headers"]) {
      const given = { ...inputOf(""), texts: { en: { ...en, [field]: "{{ contact.first_name }}" }, fr } };
      expect(contentInput.safeParse(given).success).toBe(false);
    }
    expect(codes(emailOf("<p>{{ contact.email }} {{ shop.email_from }}</p>"))).toContain("error: variable_unknown");
  });

  it("G10: an address that data makes is looked at where it is opened, and refused where nobody would look", () => {
    for (const evil of [
      "javascript:alert(1)",
      "JaVaScRiPt:alert(1)",
      " java\tscript:x",
      "data:text/html,x",
      "vbscript:x",
      "//evil.test",
    ]) {
      const data = { ...english, cart: english.cart && { ...english.cart, url: evil } };
      const { html } = renderMessage(
        emailOf('<a href="{{ cart.url }}">x</a><a href="{{ contact.first_name }}">y</a>'),
        { ...data, contact: { first_name: evil, last_name: null } },
        linksOf(),
        shop,
      );
      expect(html).not.toMatch(/script:|data:text|href="\/\//i);
    }
    for (const bad of [
      "<a href=javascript:x>x</a>",
      '<a href="&#106;avascript:x">x</a>',
      '<a href="java&Tab;script&colon;x">x</a>',
      '<a href="x{{ cart.url }}">x</a>',
      "<a href={{ cart.url }}>x</a>",
      '<td background="{{ cart.url }}">x</td>',
      '<p style="background:url({{ cart.url }})">x</p>',
      "<p {{ contact.first_name }}>x</p>",
      '<img srcset="{{ line.image }}" alt="">',
      "<a {% if cart %}href{% endif %}='javascript:x'>x</a>",
    ]) {
      expect(htmlFault(bad), bad).not.toBeNull();
    }
    expect(htmlFault('<a href="{{ cart.url }}"><img src="{{ line.image }}" alt="{{ line.name }}"></a>')).toBeNull();
  });

  it("G11: pasted HTML that loads, runs, sends or moves anything is refused at save", () => {
    for (const bad of [
      "<style>@import url(https://evil.test/x)</style>",
      "<style>@\\69mport 'x'</style>",
      "<style>a{background:url(http://evil.test/{{ contact.first_name }})}</style>",
      '<form action="https://evil.test"><input></form>',
      "<script>x</script>",
      "<scr{% if cart %}ipt>x</scr{% endif %}ipt>",
      "<{{ contact.first_name }}>",
      "<!--><script>x</script>-->",
      "<!--[if !mso]><!--><link rel=stylesheet href=https://evil.test/x><!--<![endif]-->",
      '<meta http-equiv="refresh" content="0;url=https://evil.test">',
      '<base href="https://evil.test/">',
      "<svg onload=alert(1)></svg>",
      "<img src=x onerror=alert(1)>",
      '<iframe srcdoc="x"></iframe>',
      '<link rel="stylesheet" href="https://evil.test/x">',
      '<video poster="https://evil.test/x"></video>',
      '<p style="behavior:url(x)">x</p>',
    ]) {
      expect(isTaken(bad), bad).toBe(false);
    }
  });

  it("G11: MJML that brings such a thing in is refused too, and CSS is put on the elements", async () => {
    const of = (inner: string) =>
      `<mjml><mj-body><mj-section><mj-column>${inner}</mj-column></mj-section></mj-body></mjml>`;
    const publish = (mjml: string) => {
      const text = { subject: "s", preheader: "p", mjml };
      return compileInput(contentInput.parse({ key: "probe", channel: "email", texts: { en: text } }), DEFAULT_BRAND);
    };
    for (const bad of [
      of("<mj-raw><script>x</script></mj-raw>"),
      of('<mj-text>x</mj-text><mj-button href="javascript:x">x</mj-button>'),
      of("<mj-unknown/>"),
      of("<mj-text>{{ brand.nothing }}</mj-text>"),
      of('<mj-include path="/etc/passwd"/>'),
      '<mjml><mj-head><mj-font name="x" href="https://evil.test/x.css"/></mj-head><mj-body><mj-section><mj-column><mj-text font-family="x">x</mj-text></mj-column></mj-section></mj-body></mjml>',
      "no markup at all",
    ]) {
      await expect(publish(bad), bad).rejects.toThrow(Fault);
    }
    const html =
      "<style>.a{color:#123456}@media(max-width:400px){.a{color:red}}</style><p class=\"a\">{% if a < b %}{{ 'x' }}{% endif %}</p>";
    const made = await compileInput(contentInput.parse(inputOf(html)), DEFAULT_BRAND);
    const stored = made.channel === "email" ? (made.texts.en?.html ?? "") : "";
    expect(stored).toContain('style="color: #123456;"');
    expect(stored).toContain("@media(max-width:400px)");
    expect(stored).toContain("{% if a < b %}{{ 'x' }}{% endif %}");
  });

  it("G11: a brand brings nothing in by its addresses", () => {
    for (const logo of [
      "javascript:x",
      "http://x.test/a.png",
      'https://x.test/"onload=x',
      "https://x.test/{{ contact.first_name }}",
    ]) {
      expect(brandInput.safeParse({ logo }).success).toBe(false);
    }
  });

  it("G14: a promotion in a transactional content is found and keeps it from being published", () => {
    const receipt = emailOf("<p>{{ coupon.code }}</p>", { class: "transactional" });
    expect(codes(receipt)).toContain("error: promotion_in_transactional");
    expect(codes(emailOf("<p>{{ coupon.code }}</p>"))).not.toContain("error: promotion_in_transactional");
    for (const block of ["{{ product.was | money: 'EUR' }}", "{% for line in viewed %}{{ line.name }}{% endfor %}"]) {
      expect(codes(emailOf(`<p>${block}</p>`, { class: "transactional" }))).toContain(
        "error: promotion_in_transactional",
      );
    }
    const said = codes(emailOf("<p>Today only: -20 % on everything</p>", { class: "transactional" }));
    expect(said).toContain("warning: selling_in_transactional");
    expect(codes(emailOf("<p>Today only: -20 % on everything</p>"))).not.toContain("warning: selling_in_transactional");
    expect(codes(emailOf("<p>Your parcel is on its way.</p>", { class: "transactional" }))).not.toContain(
      "warning: selling_in_transactional",
    );
  });

  it("G15: a text message of more than three segments is refused, and its STOP is the renderer's", () => {
    expect(codes(smsOf("é".repeat(700)))).toContain("error: sms_too_long");
    expect(codes(smsOf("🎁".repeat(120)))).toContain("error: sms_too_long");
    const { text } = renderMessage(smsOf("Hello"), english, linksOf(), shop);
    expect(text).toMatch(/\nSTOP: https:\/\//);
    expect(() => renderMessage(smsOf("Hello"), english, { ...linksOf(), unsubscribe: "" }, shop)).toThrow(
      "unsubscribe_missing",
    );
  });

  it("G16: a notification of more than four kilobytes, or that leads away from the shop, is refused", () => {
    const push = (body: string): NoticeContent => ({
      key: "p",
      channel: "push",
      version: 1,
      class: "marketing",
      needs: [],
      texts: { en: { title: "t", body }, fr: { title: "u", body } },
    });
    expect(codes(push("é".repeat(2_500)))).toContain("error: push_too_large");
    expect(codes(push("Look: https://evil.test/x"))).toContain("error: push_leads_away");
    expect(codes(push("Look: https://www.maison-lumen.test/x")).filter((code) => code.startsWith("error"))).toEqual([]);
  });

  it("G16: a tap leads to the shop alone, whoever stated the address", () => {
    const push = (url: string): NoticeContent => ({
      key: "p",
      channel: "push",
      version: 1,
      class: "marketing",
      needs: [],
      texts: { en: { title: "t", body: "b", url }, fr: { title: "u", body: "c", url } },
    });
    const tap = (url: string, told: object = {}) =>
      renderMessage(push(url), { ...english, told: told as never }, linksOf(), shop).url;
    expect(codes(push("https://evil.test/x"))).toContain("error: push_leads_away");
    expect(codes(push("javascript:alert(1)"))).toContain("error: push_leads_away");
    expect(codes(push(`${shop.url}.evil.test/x`))).toContain("error: push_leads_away");
    expect(codes(push("{{ scenario.tracking_url }}"))).toContain("warning: push_tap_lost");
    expect(codes(push("{{ cart.url }}")).filter((code) => /push/.test(code))).toEqual([]);
    const to = "{{ scenario.page }}";
    expect(tap(to, { page: `${shop.url}/a` })).toBe(tap(`${shop.url}/a`));
    expect(tap(`${shop.url}/a`)).toBeTruthy();
    for (const page of ["https://evil.test/a", "javascript:alert(1)", "", `${shop.url}/a b`, `${shop.url}@evil.test`]) {
      expect(tap(to, { page })).toBeUndefined();
    }
    // A draft that only lacks the address is another one.
    const bare = { title: "t", body: "b" };
    const plain = renderMessage({ ...push("x"), texts: { en: bare, fr: bare } }, english, linksOf(), shop);
    expect([plain.url, tap(`${shop.url}/b`)]).toEqual([undefined, expect.any(String)]);
    // Its link is counted as any other, behind those of the text.
    const both = renderMessage(
      {
        ...push(`${shop.url}/tap`),
        texts: { en: { title: "t", body: `See ${shop.url}/text`, url: `${shop.url}/tap` } },
      },
      english,
      linksOf(),
      shop,
    );
    expect(both.links.map((link) => new URL(link).pathname)).toEqual(["/text", "/tap"]);
  });
});
