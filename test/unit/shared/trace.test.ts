import { describe, expect, it } from "vitest";
import { networkOf, pageAddress, shortAgent } from "../../../src/shared/trace";

describe("a network", () => {
  it.each([
    ["203.0.113.77", "203.0.113.0/24"],
    ["::ffff:203.0.113.77", "203.0.113.0/24"],
    ["2001:0db8:00Aa:1:2:3:4:5", "2001:db8:aa::/48"],
    ["2001:db8::1", "2001:db8:0::/48"],
    ["::1", "0:0:0::/48"],
    ["fe80::1%eth0", "fe80:0:0::/48"],
    ["local", "local"],
  ])("of %s is %s", (address, network) => expect(networkOf(address)).toBe(network));
});

describe("a browser in short", () => {
  it.each([
    ["Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox 128, Windows"],
    [
      "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
      "Chrome 126, Android",
    ],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
      "Safari 17, iOS",
    ],
    [
      "Mozilla/5.0 (Macintosh) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
      "Edge 126, macOS",
    ],
    ["curl/8.5.0", "curl"],
    ["", null],
    ["<script>", null],
  ])("%s is %s", (agent, short) => expect(shortAgent(agent)).toBe(short));
});

describe("the address of a page", () => {
  it.each([
    ["https://shop.test/p/1?email=ann@shop.test#top", "https://shop.test/p/1"],
    ["https://ann:secret@shop.test/", "https://shop.test/"],
    ["javascript:alert(1)", null],
    ["no address", null],
    [5, null],
  ])("%s is kept as %s", (value, kept) => expect(pageAddress(value)).toBe(kept));
});
