import "@hono/zod-openapi";
import { expect, test } from "vitest";
import { Pager } from "../../../src/admin/page";
import { referralCode } from "../../../src/commerce/referral";
import { hashOrigin } from "../../../src/services/links";
import { sealUnder } from "../../../src/services/seal";
import { subscriberOf } from "../../../src/services/subscriber";
import { secretCode } from "../../../src/shared/code";
import { base64url, hex, keyedBytes, sameText } from "../../../src/shared/mac";
import { signCode, signToken } from "../../../src/shared/token";

test("what is kept or sent under a secret is the same for ever", () => {
  const secret = "a-secret";
  expect([
    signToken(secret, "click", [7, "msg_1", 2]),
    signCode(secret, "optin", [7, "msg_1"]),
    secretCode(secret, "offer", 7),
    referralCode(secret, 70_000),
    hashOrigin("203.0.113.7", secret),
    subscriberOf("ann@x.test", secret),
    sealUnder(secret)("e:ann@x.test"),
    new Pager<number>(secret, "/api/list", {}, (row) => [row, "é"]).cursor(7),
  ]).toMatchInlineSnapshot(`
    [
      "7~msg_1~2~U9ekkeQXmtoVJvhR7KGyHQ",
      "21737916",
      "R28MEMK81ZAAP1YE",
      "9JK14XV0BHJHXFW624BG",
      "0eb9015356b08bb5c70330b1",
      "sub_74502cd6790ef735ac2aff9dc86a3c21",
      "94840250e3617ee1d73c581f4c842fe6",
      "WzcsIsOpIl0.Tqife8on7LdKPAvN",
    ]
  `);
});

test("a keyed hash is HMAC-SHA-256 (RFC 4231, case 2)", () => {
  expect(hex(keyedBytes("Jefe", "what do ya want for nothing?"))).toBe(
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  );
  expect(base64url(keyedBytes("Jefe", "what do ya want for nothing?", 4))).toBe("W9zBRg");
});

test("texts are the same where every letter is", () => {
  expect([sameText("abc", "abc"), sameText("abc", "abd"), sameText("abc", "ab"), sameText("", "")]).toEqual([
    true,
    false,
    false,
    true,
  ]);
});
