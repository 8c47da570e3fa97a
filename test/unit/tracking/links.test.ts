import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withTrap } from "../../../src/sends/links";
import { withUtm } from "../../../src/sends/utm";
import { linksFor, readLink } from "../../../src/tracking/links";
import { readShort, shortCode, tailOf } from "../../../src/tracking/short";

const SECRET = "a secret of these tests";
const terms = { publicUrl: "https://go.shop.test", shopUrl: "https://www.shop.test", secret: SECRET };
const row = {
  contact: 77,
  id: "msg_abc",
  channel: "email",
  class: "marketing" as const,
  run: "run_1",
  created_at: Date.UTC(2026, 0, 1),
};
const utm = { source: "relance", medium: "email", campaign: "cart", content: "cart_1" };

describe("links of a message", () => {
  test("follow from its row: the same for every attempt", () => {
    const data = { tracking: true, links: { v: 2 as const, utm } };
    const [one, other] = [linksFor(row, data, terms), linksFor(row, data, terms)];
    const all = (links: typeof one) => [
      links.unsubscribe,
      links.open,
      links.trap,
      links.web,
      links.landing,
      links.feedback?.nps,
      links.click("https://x.test", 3),
    ];
    expect(all(one)).toEqual(all(other));
    expect(new Set(all(one)).size).toBe(7);
    // D18: ids only.
    expect(all(one).join(" ")).not.toMatch(/@|%40|\?/);
  });

  test("of a row of before stay as they were sent", () => {
    const links = linksFor(row, { tracking: true }, terms);
    expect(links.click("https://x.test", 3)).toMatch(/^https:\/\/go\.shop\.test\/c\/77~msg_abc~email~3~[\w-]{22}$/);
    expect([links.trap, links.web, links.tag]).toEqual([undefined, undefined, undefined]);
    const token = links.click("https://x.test", 3).split("/").at(-1) ?? "";
    expect(readLink(SECRET, "click", token)).toMatchObject({ contact: 77, send: "msg_abc", place: "3", until: null });
  });

  test("run out after 395 days, which is under the MAC", () => {
    const links = linksFor(row, { tracking: true, links: { v: 2, utm } }, terms);
    const token = links.click("https://x.test", 3).split("/").at(-1) ?? "";
    expect(readLink(SECRET, "click", token)).toMatchObject({ place: "3", until: Date.UTC(2027, 0, 31) });
    expect(readLink(SECRET, "click", token.replace(/~(\d+)~([^~]+)$/, "~99999~$2"))).toBeNull();
    expect(readLink(SECRET, "open", token)).toBeNull();
  });

  test("without consent are those of the shop, and what the reader needs", () => {
    const links = linksFor(row, { tracking: false, links: { v: 2, utm } }, terms);
    expect([links.open, links.trap, links.click("https://x.test", 0)]).toEqual([null, null, "https://x.test"]);
    expect(links.web).toContain("/w/");
  });
});

describe("a short code", () => {
  test("gives back what it stands for, and nothing for any other text", () => {
    const part = {
      contact: fc.integer({ min: 1, max: 2 ** 40 }),
      id: fc.string({ minLength: 1 }),
      place: fc.constantFrom("0", "12", "u"),
    };
    fc.assert(
      fc.property(
        fc.record(part),
        fc.nat({ max: 40 }),
        fc.integer({ min: 1, max: 63 }),
        ({ contact, id, place }, index, step) => {
          const code = shortCode(SECRET, { contact, id }, place);
          expect(readShort(SECRET, code)).toEqual({ contact, tail: tailOf(id), place });
          expect(readShort("another", code)).toBeNull();
          const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
          const at = index % code.length;
          const other = letters[(letters.indexOf(code[at] ?? "A") + step) % 64] ?? "";
          expect(readShort(SECRET, code.slice(0, at) + other + code.slice(at + 1))).toBeNull();
          expect(readShort(SECRET, code.slice(0, -1))).toBeNull();
        },
      ),
    );
  });
});

describe("parameters for the shop's statistics", () => {
  const added = "utm_source=relance&utm_medium=email&utm_campaign=cart&utm_content=cart_1";
  test.each([
    ["https://www.shop.test/a", `https://www.shop.test/a?${added}`],
    ["https://www.shop.test/a?b=1#c", `https://www.shop.test/a?b=1&${added}#c`],
    ["https://www.shop.test/a?", `https://www.shop.test/a?${added}`],
    ["https://blog.shop.test/a", `https://blog.shop.test/a?${added}`],
    [
      "https://www.shop.test/a?utm_source=x",
      `https://www.shop.test/a?utm_source=x&${added.replace("utm_source=relance&", "")}`,
    ],
    ["https://www.shop.test/%C3%A9?q=a+b&r=%20", `https://www.shop.test/%C3%A9?q=a+b&r=%20&${added}`],
    ["https://elsewhere.test/a", "https://elsewhere.test/a"],
    ["https://shop.test.evil.test/", "https://shop.test.evil.test/"],
    ["https://notshop.test/", "https://notshop.test/"],
  ])("%s", (destination, whole) => expect(withUtm(destination, utm, "https://www.shop.test")).toBe(whole));
});

test("the link that nobody sees stands in front of all others, and only where there is a body", () => {
  const html = withTrap('<body class="a>b"><p><a href="x">x</a></p></body>', "https://go.shop.test/c/t");
  expect(html).toMatch(
    /^<body class="a>b"><a href="https:\/\/go\.shop\.test\/c\/t" style="display:none[^>]+aria-hidden="true"><\/a><p>/,
  );
  expect(withTrap("<p>x</p>", "https://go.shop.test/c/t")).toBe("<p>x</p>");
  expect(withTrap("<body>x</body>", null)).toBe("<body>x</body>");
});
