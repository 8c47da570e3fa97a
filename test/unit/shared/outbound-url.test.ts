import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkOutboundUrl } from "../../../src/shared/outbound-url";

const production = { isLocal: false, hosts: ["feeds.shop.test", "*.files.test"] };
const local = { ...production, isLocal: true };
const takes = (text: string, policy = production): boolean => checkOutboundUrl(text, policy).ok;

describe("an address that somebody typed", () => {
  it("is taken where it is https on its own port at a host of the operator's list", () => {
    expect(checkOutboundUrl("https://feeds.shop.test/a.xml?x=1", production)).toMatchObject({ ok: true });
    expect(takes("https://feeds.shop.test:443/a.xml")).toBe(true);
    expect(takes("https://FEEDS.shop.test./a.xml")).toBe(true);
    expect(takes("https://eu.files.test/a.csv")).toBe(true);
  });

  describe("F01: loopback in any spelling is refused when it is saved", () => {
    const spellings = [
      "127.0.0.1",
      "2130706433",
      "0x7f.1",
      "0x7f000001",
      "0177.0.0.1",
      "127.1",
      "127.0.1",
      "0",
      "0.0.0.0",
    ];
    const disguised = [
      "①②⑦.0.0.1",
      "１２７.０.０.１",
      "127。0。0。1",
      "%31%32%37.0.0.1",
      "127.0.0.1.",
      "localhost",
      "LOCALHOST.",
      "a.localhost",
    ];
    it.each([...spellings, ...disguised])("%s", (host) => {
      expect(takes(`http://${host}/`)).toBe(false);
      expect(takes(`https://${host}/`)).toBe(false);
      expect(
        takes(`https://${host}/`, { isLocal: false, hosts: ["127.0.0.1", "localhost", "a.localhost", "0.0.0.0"] }),
      ).toBe(false);
    });

    it("in whatever number a private or public address is written", () => {
      const spelled = fc
        .integer({ min: 0, max: 2 ** 32 - 1 })
        .chain((number) => fc.constantFrom(`${number}`, `0x${number.toString(16)}`, `0${number.toString(8)}`));
      fc.assert(fc.property(spelled, (host) => !takes(`https://${host}/`) && !takes(`https://a@${host}:443/`)));
    });

    it("private names and names without a dot are refused as well", () => {
      const inner = ["metadata.google.internal", "printer.local", "router.lan", "intranet", "db.corp"];
      for (const host of inner) expect(takes(`https://${host}/`, { isLocal: false, hosts: inner })).toBe(false);
    });
  });

  describe("F02: IPv6 addresses are refused", () => {
    it.each([
      "[::1]",
      "[::ffff:127.0.0.1]",
      "[::ffff:7f00:1]",
      "[fd00::1]",
      "[fe80::1]",
      "[::]",
      "[64:ff9b::7f00:1]",
      "[2606:4700::1111]",
    ])("%s", (host) => expect(takes(`https://${host}/`)).toBe(false));
  });

  describe("F05: a name may lead anywhere, so that only hosts of the operator's list are asked", () => {
    it.each([
      "127.0.0.1.nip.io",
      "rebind.attacker.test",
      "feeds.shop.test.attacker.test",
      "xfeeds.shop.test",
      "shop.test",
      "files.test",
      "filesxtest.test",
      "evilfiles.test",
    ])("%s is not on it", (host) => expect(takes(`https://${host}/`)).toBe(false));

    it("without a list nothing is asked", () => {
      expect(takes("https://feeds.shop.test/", { isLocal: false, hosts: [] })).toBe(false);
    });
  });

  describe("F06: nothing but https on port 443 is taken", () => {
    it.each(["22", "25", "80", "6379", "8443"])("port %s", (port) => {
      expect(takes(`https://feeds.shop.test:${port}/`)).toBe(false);
    });
    it.each(["http", "ftp", "file", "gopher", "ws", "javascript", "data", "blob:https"])("%s:", (scheme) => {
      expect(takes(`${scheme}://feeds.shop.test/`)).toBe(false);
      expect(takes(`${scheme}://feeds.shop.test/`, local)).toBe(false);
    });
    it("user names, passwords, blanks and line breaks", () => {
      const bad = ["https://ann@feeds.shop.test/", "https://:x@feeds.shop.test/", "https://feeds.shop.test@evil.test/"];
      const odd = [
        "",
        "feeds.shop.test",
        "//feeds.shop.test/",
        "https://feeds.shop\n.test/",
        " https://feeds.shop.test/",
        `https://feeds.shop.test/${"a".repeat(2_000)}`,
      ];
      for (const text of [...bad, ...odd]) expect(takes(text), text).toBe(false);
    });
  });

  it("may be loopback on a developer's machine only", () => {
    for (const host of ["127.0.0.1:8099", "localhost:8099", "[::1]:8099", "127.1"]) {
      expect(takes(`http://${host}/feed.xml`, local)).toBe(true);
      expect(takes(`http://${host}/feed.xml`)).toBe(false);
    }
    for (const host of ["10.0.0.1", "192.168.1.1", "169.254.169.254", "127.0.0.1.nip.io", "feeds.shop.test"])
      expect(takes(`http://${host}/`, local)).toBe(false);
    expect(takes("http://ann:x@127.0.0.1/", local)).toBe(false);
  });
});
