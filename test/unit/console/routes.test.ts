import { describe, expect, test } from "vitest";
import { consoleRoutes } from "../../../src/console/routes";
import type { Services } from "../../../src/services";

const ORIGIN = "https://relance.test";

/** As much of the services as is asked before somebody has signed in: no database, which nobody unknown may reach. */
const services = {
  config: {
    LINK_SECRET: "a-secret-of-many-letters",
    ADMIN_KEYS: ["ak_test"],
    RELANCE_ENV: "production",
    SHOP_TIMEZONE: "UTC",
  },
  keyring: { scopeOf: async (key: string) => ({ ak_test: "admin", sk_test: "secret" })[key] ?? null },
  clock: { now: () => Date.parse("2026-11-21T10:00:00Z") },
  shop: { name: "<b>Shop</b>" },
  isLocal: false,
} as unknown as Services;

const app = consoleRoutes(() => services);
const open = ["/admin/login", "/admin/assets/console.css", "/admin/assets/icon.svg"];
const routes = app.routes
  .filter(({ method, path }) => method !== "ALL" && !open.includes(path))
  .map(({ method, path }) => [method, path.replace(/:\w+(\{[^}]*\})?/g, "1").replace("*", "elsewhere")] as const);

function ask(method: string, path: string, headers: Record<string, string> = {}, body?: string) {
  const from: Record<string, string> = method === "POST" ? { Origin: ORIGIN } : {};
  return app.request(ORIGIN + path, { method, headers: { ...from, ...headers }, ...(body !== undefined && { body }) });
}

test("the pages are found by the router", () => expect(routes.length).toBeGreaterThan(10));

describe.each(routes)("%s %s", (method, path) => {
  test("meets the login without a session", async () => {
    const answer = await ask(method, path);
    expect(answer.status).toBe(401);
    expect(await answer.text()).toContain('name="key"');
  });

  test("is refused to a key for events and to an unknown one", async () => {
    expect((await ask(method, path, { Authorization: "Bearer sk_test" })).status).toBe(403);
    expect((await ask(method, path, { Authorization: "Bearer nonsense" })).status).toBe(401);
  });

  test("is refused to a cookie that was made up", async () => {
    const cookie = `__Host-relance=${"0".repeat(32)}.9999999999999.${"A".repeat(43)}.${"A".repeat(43)}`;
    expect((await ask(method, path, { Cookie: cookie })).status).toBe(401);
  });
});

describe("a form that was sent from elsewhere", () => {
  const posts = [...routes.filter(([method]) => method === "POST"), ["POST", "/admin/login"] as const];
  test.each(posts)("%s %s is refused", async (method, path) => {
    const refused = async (headers: Record<string, string>) => (await ask(method, path, headers)).status;
    expect(await refused({ Origin: "https://evil.test" })).toBe(403);
    expect(await refused({ Origin: "null" })).toBe(403);
    expect(await refused({ Origin: "http://relance.test" })).toBe(403);
    expect(await refused({ "Sec-Fetch-Site": "cross-site" })).toBe(403);
    expect(await refused({ "Sec-Fetch-Site": "same-site" })).toBe(403);
    expect((await app.request(ORIGIN + path, { method })).status).toBe(403);
  });
});

describe("the login", () => {
  const key = (value: string) => `key=${value}&next=%2Fadmin%2Fdecisions`;
  const form = { "Content-Type": "application/x-www-form-urlencoded" };

  test("opens with an admin key, and binds its cookie to this host", async () => {
    const answer = await ask("POST", "/admin/login", form, key("ak_test"));
    expect(answer.status).toBe(303);
    expect(answer.headers.get("Location")).toBe("/admin/decisions");
    const cookie = answer.headers.get("Set-Cookie") ?? "";
    expect(cookie).toMatch(/^__Host-relance=/);
    for (const part of ["Path=/", "HttpOnly", "Secure", "SameSite=Strict"]) expect(cookie).toContain(part);
    expect(cookie).not.toContain("Domain");
  });

  test("answers every wrong key alike", async () => {
    const texts = await Promise.all(
      ["", "nonsense", "sk_test"].map(async (wrong) => {
        const answer = await ask("POST", "/admin/login", { ...form, "CF-Connecting-IP": "192.0.2.1" }, key(wrong));
        expect(answer.status).toBe(401);
        expect(answer.headers.get("Set-Cookie")).toBeNull();
        return answer.text();
      }),
    );
    expect(new Set(texts).size).toBe(1);
  });

  test("closes after ten wrong keys, for the right one too", async () => {
    const from = { ...form, "CF-Connecting-IP": "192.0.2.2" };
    for (let count = 0; count < 10; count++) {
      expect((await ask("POST", "/admin/login", from, key("nonsense"))).status).toBe(401);
    }
    const answer = await ask("POST", "/admin/login", from, key("ak_test"));
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get("Retry-After"))).toBeGreaterThan(0);
    expect(
      (await ask("POST", "/admin/login", { ...form, "CF-Connecting-IP": "192.0.2.3" }, key("ak_test"))).status,
    ).toBe(303);
  });

  test("says nothing of the local key in production, and shows the shop's name as a text", async () => {
    const text = await (await ask("GET", "/admin/login")).text();
    expect(text).not.toContain("ak_local");
    expect(text).toContain("&lt;b&gt;Shop&lt;/b&gt;");
  });
});

describe("every answer", () => {
  test.each(["/admin", "/admin/login", "/admin/elsewhere"])("of %s keeps to the policy", async (path) => {
    const { headers } = await ask("GET", path);
    const policy = headers.get("Content-Security-Policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");
    expect(headers.get("Cache-Control")).toBe("no-store");
    expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
  });

  test.each(["/ADMIN", "//admin", "/admin%2f..", "/admin/../admin/decisions/"])("%s reaches no page", async (path) => {
    expect([401, 404]).toContain((await app.request(ORIGIN + path)).status);
  });
});
