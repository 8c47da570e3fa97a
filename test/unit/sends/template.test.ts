import { Liquid } from "liquidjs";
import { describe, expect, it } from "vitest";
import { scopeOf } from "../../../src/sends/scope";
import { parseTemplate, renderTemplate } from "../../../src/sends/template";
import { linksOf, people, shop } from "./samples";

const scope = scopeOf(people.typical("en"), linksOf(), shop);

describe("templates", () => {
  const plain = new Liquid({ outputEscape: "escape", ownPropertyOnly: true });

  it.each([
    "{{ contact.first_name }}",
    "{{ cart.lines[1].name }} {{ cart.lines.first.name }} {{ cart.lines.last.quantity }} {{ cart.lines.size }}",
    "{{ cart['total'] }} {{ cart[missing] }} {{ missing.at.all }} {{ cart.url.size }}",
    "{{ contact.first_name | upcase | append: '<b>' | truncate: 5, '…' }}",
    "{{ cart.lines | map: 'name' | join: ' & ' }} {{ cart.lines | where: 'quantity', 2 | size }}",
    "{{ 'a & b' }} {{ 12 }} {{ true }} {{ nil }} {{ cart.total | divided_by: 7 | round: 1 }}",
    "{% if contact.first_name %}a{% elsif cart %}b{% else %}c{% endif %}{% unless order %}d{% endunless %}",
    "{% if cart.total > 100 and contact.last_name == 'Bernard' %}a{% endif %}{% if missing %}b{% endif %}",
    "{% for l in cart.lines reversed %}{{ forloop.index }}{{ l.name }}{% if forloop.last %}.{% endif %}{% endfor %}",
    "{% assign x = cart.total | plus: 1 %}{{ x }}{% for i in (1..3) %}{{ i }}{% break %}{% endfor %}",
    "{%- if true -%}  a  {%- endif -%} {% case language %}{% when 'en' %}e{% else %}f{% endcase %}",
  ])("evaluate as liquidjs does: %s", (source) => {
    const expected = plain.parseAndRenderSync(source, structuredClone(scope)) as string;
    // Only the names of entities differ between the two ways to escape.
    const rendered = renderTemplate(parseTemplate(source, "html"), scope, "html");
    expect(rendered.replaceAll("&quot;", "&#34;")).toBe(expected.replaceAll("&quot;", "&#34;"));
  });

  it("leave what they are given as it was", () => {
    const before = JSON.stringify(scope);
    renderTemplate(parseTemplate("{% assign cart = 1 %}{{ scope.cart.lines | sort: 'name' }}", "html"), scope, "html");
    expect(JSON.stringify(scope)).toBe(before);
  });
});
