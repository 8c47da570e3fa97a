import { describe, expect, it } from "vitest";
import { type Content, ContentFault, type ContentFaultReason } from "../../../src/sends/content";
import type { MessageData } from "../../../src/sends/message";
import { renderMessage } from "../../../src/sends/render";
import { emailOf, linksOf, people, shop } from "./samples";

const english = people.typical("en");

function render(content: Content, data: MessageData = english) {
  return renderMessage(content, data, linksOf(), shop);
}

function faultOf(action: () => unknown): ContentFaultReason {
  try {
    action();
  } catch (error) {
    if (error instanceof ContentFault) return error.reason;
    throw error;
  }
  throw new Error("no fault");
}

describe("faults", () => {
  it("say what is missing", () => {
    const needy = emailOf("x", { needs: ["cart", "order"] });
    expect(faultOf(() => render(needy, { ...english, cart: null }))).toBe("cart_missing");
    expect(faultOf(() => render(needy, { ...english, order: null }))).toBe("order_missing");
    const cart = { id: "c", total: 0, currency: "EUR", url: "", lines: [] };
    expect(faultOf(() => render(needy, { ...english, cart }))).toBe("cart_empty");
  });

  it("name a template that is wrong and nothing of the contact", () => {
    for (const bad of [
      "{% include 'x' %}",
      "{% render 'x' %}",
      "{% layout 'x' %}",
      "{{ x | raw }}",
      "{% if %",
      "{{ x | y }}",
    ]) {
      expect(faultOf(() => render(emailOf(bad)))).toBe("template_invalid");
    }
    expect(faultOf(() => render(emailOf("{{ cart.total | money: 'x' }}")))).toBe("money_invalid");
  });

  it("stop templates that would take too long, by counting and not by time", () => {
    const bombs = [
      "{% for i in (1..900000) %}{% endfor %}",
      "{% for i in (1..999) %}{% for j in (1..999) %}{% for k in (1..999) %}x{% endfor %}{% endfor %}{% endfor %}",
      "{% assign a = (1..400) %}{% for i in a %}{% for j in a %}{% for k in a %}x{% endfor %}{% endfor %}{% endfor %}",
      `{% assign a = 'xxxxxxxx' %}${"{% assign a = a | append: a %}".repeat(30)}`,
      `{% assign a = cart.lines %}${"{% assign a = a | concat: a %}".repeat(30)}`,
      `{% assign a = '${"a".repeat(900)}' %}{{ a | replace: 'a', a | replace: 'a', a }}`,
      `{% for i in (1..9000) %}${"y".repeat(200)}{% endfor %}`,
    ];
    for (const bomb of bombs) {
      const begun = performance.now();
      expect(faultOf(() => render(emailOf(bomb)))).toBe("template_too_heavy");
      expect(performance.now() - begun).toBeLessThan(2_000);
    }
    expect(faultOf(() => render(emailOf("x".repeat(250_000))))).toBe("template_too_heavy");
  });
});

describe("repeats", () => {
  it("gives the same bytes for the same input, whatever came between", () => {
    const content = emailOf(
      "{% assign n = 1 %}{% for l in cart.lines %}{{ l.name }}{% endfor %}{{ contact.first_name }}",
    );
    const first = JSON.stringify(render(content));
    render(content, people.hostile("fr"));
    render(emailOf("another"));
    expect(JSON.stringify(render(structuredClone(content)))).toBe(first);
  });

  it("never shows the parse of another draft with the same key and version", () => {
    expect(render(emailOf("<p>one</p>")).html).toContain("<p>one</p>");
    expect(render(emailOf("<p>two</p>")).html).toContain("<p>two</p>");
    expect(render(emailOf("<p>one</p>")).html).toContain("<p>one</p>");
  });
});
