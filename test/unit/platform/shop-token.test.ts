import { createHmac, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { readShopToken } from "../../../src/platform/shop-token";

const NOW = Date.UTC(2026, 0, 5, 10);
const SECRET = "the-token-secret-of-this-shop";
const seconds = Math.floor(NOW / 1_000);

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A token as anybody can write one. */
function sign(claims: object, secret: string | Buffer = SECRET, header: object = { alg: "HS256", typ: "JWT" }): string {
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}

const ann = { sub: "ann", email: "ann@shop.test", exp: seconds + 300 };
const read = (token: string) => readShopToken(token, SECRET, NOW);

describe("the token that a shop's server signs (B06)", () => {
  it("vouches for a user id and an address", async () => {
    expect(await read(sign(ann))).toEqual({ user: "ann", email: "ann@shop.test" });
    expect(await read(sign({ sub: "ann", exp: seconds + 300 }))).toEqual({ user: "ann", email: null });
  });

  it.each([
    ["has run out", sign({ ...ann, exp: seconds - 61 })],
    ["runs for longer than ten minutes", sign({ ...ann, exp: seconds + 700 })],
    ["never runs out", sign({ sub: "ann", email: "ann@shop.test" })],
    ["names nobody", sign({ email: "ann@shop.test", exp: seconds + 300 })],
    ["names nobody by an empty text", sign({ ...ann, sub: "" })],
    ["names a number", sign({ ...ann, sub: 42 })],
    ["is signed with another deployment's secret", sign(ann, "the-token-secret-of-another-shop")],
    ["says that it needs no signature", `${part({ alg: "none" })}.${part(ann)}.`],
    ["says so and brings one all the same", sign(ann, SECRET, { alg: "none" })],
    ["asks for another algorithm", sign(ann, SECRET, { alg: "HS512" })],
    ["is no token", "ann@shop.test"],
    ["is empty", ""],
  ])("is nothing where it %s", async (_, token) => expect(await read(token)).toBeNull());

  it("is nothing where its signature was made with a public key as the secret", async () => {
    const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
    const pem = publicKey.export({ type: "spki", format: "pem" });
    expect(await read(sign(ann, pem, { alg: "HS256" }))).toBeNull();
    expect(await read(sign(ann, pem, { alg: "RS256" }))).toBeNull();
  });

  it("is nothing where one letter of it was changed", async () => {
    const [header, claims, signature] = sign(ann).split(".");
    const other = part({ ...ann, sub: "bob" });
    expect(await read(`${header}.${other}.${signature}`)).toBeNull();
    expect(await read(`${header}.${claims}.${signature?.slice(0, -2)}xx`)).toBeNull();
  });

  it("holds for a minute more than it says, as clocks differ", async () => {
    expect(await read(sign({ ...ann, exp: seconds - 59 }))).not.toBeNull();
  });
});
