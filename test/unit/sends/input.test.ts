import { describe, expect, it } from "vitest";
import { contentInput } from "../../../src/sends/input";

const text = { subject: "Hello {{ contact.first_name }}", preheader: "x", html: "<p>{{ cart.total | money }}</p>" };
const email = { key: "hello_1", channel: "email", texts: { en: text, fr: text } };

function problems(html: string): string[] {
  const given = { ...email, texts: { en: { ...text, html }, fr: text } };
  return contentInput.safeParse(given).error?.issues.map(({ path }) => path.join(".")) ?? [];
}

describe("a content that is saved", () => {
  it("is marketing and needs nothing unless it says so", () => {
    expect(contentInput.parse(email)).toEqual({ ...email, class: "marketing", needs: [] });
    const sms = { key: "s", channel: "sms", texts: { en: { body: "a" }, fr: { body: "b" } } };
    expect(contentInput.parse(sms)).toMatchObject(sms);
  });

  it("is refused with a bad key, no language, two bodies or none, an unknown field or another channel's text", () => {
    for (const given of [
      { ...email, key: "Hello 1" },
      { ...email, texts: {} },
      { ...email, texts: { en: { ...text, mjml: "<mjml></mjml>" } } },
      { ...email, texts: { en: { subject: "a", preheader: "b" } } },
      { ...email, html: "x" },
      { ...email, channel: "sms" },
      { ...email, channel: "pigeon" },
    ]) {
      expect(contentInput.safeParse(given).success).toBe(false);
    }
  });

  it("is refused when its Liquid is wrong, and told where", () => {
    for (const bad of ["{% include 'x' %}", "{{ x | raw }}", "{{ x | nope }}", "{% if x %}", "{{ x"]) {
      expect(problems(bad)).toEqual(["texts.en.html"]);
    }
  });

  it("is refused when its HTML runs, loads or sends something", () => {
    for (const bad of [
      "<script>x</script>",
      "<form action=x>",
      "<base href=x>",
      "<iframe src=x>",
      "<meta http-equiv='refresh' content=0>",
      "<img src=x onerror=alert(1)>",
      "<style>@import url(x)</style>",
      "<a href='javascript:x'>",
      "<a href='data:text/html,x'>",
    ]) {
      expect(problems(bad)).toEqual(["texts.en.html"]);
    }
    expect(problems("<p>Once upon a time, the data: 3 = 3</p><style>a{color:red}</style>")).toEqual([]);
  });
});
